package xyz.openledger.pools.queue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.NodeId;

/**
 * Keeps work from nodes that keep losing it, by class of workload, and lets them come back.
 *
 * <pre>
 *            2 lost in a row              pause over
 *   closed ─────────────────▶ open ─────────────────▶ half-open: one task at a time
 *     ▲                        ▲                          │  │
 *     │                        └── lost: twice the pause ──┘  │
 *     └───────────── 3 in a row brought ─────────────────────┘
 * </pre>
 *
 * <p>A pause is 10 s and doubles to at most 10 min; every hour without a loss halves it again. If
 * all nodes with a free slot are kept away, none is: bad nodes are better than no nodes, and what
 * they bring is verified in any case.
 */
public final class Breakers {
  /** Losses in a row that open a breaker. */
  public static final int LOST_MAX = 2;

  /** Results in a row that close it. */
  public static final int CLEAN_PROBES = 3;

  static final long PAUSE_MILLIS = 10_000;
  static final long PAUSE_MAX_MILLIS = 600_000;
  static final long FORGIVEN_MILLIS = 3_600_000;

  /** Nodes remembered of one class; the one known longest goes first. */
  private static final int NODES_MAX = 10_000;

  private static final int CLASSES_MAX = 256;

  private final Map<WorkloadClass, Map<NodeId, Breaker>> breakers = bounded(CLASSES_MAX);

  /** Where a breaker stands. */
  public enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  private static final class Breaker {
    int lost;
    int brought;
    int openings;
    long opensAgainMillis;
    long lostAtMillis;
    int probing;
    boolean open;
  }

  /** A lease of that class began there. */
  public void began(NodeId node, WorkloadClass workload) {
    Breaker breaker = find(node, workload);
    if (breaker != null && breaker.open) {
      breaker.probing++;
    }
  }

  /** A lease ended without a word on how: its task was withdrawn. */
  public void ended(NodeId node, WorkloadClass workload) {
    Breaker breaker = find(node, workload);
    if (breaker != null) {
      breaker.probing = Math.max(0, breaker.probing - 1);
    }
  }

  /** A node brought what it was asked. */
  public void brought(NodeId node, WorkloadClass workload) {
    ended(node, workload);
    Breaker breaker = find(node, workload);
    if (breaker != null) {
      breaker.lost = 0;
      breaker.brought++;
      if (breaker.open && breaker.brought >= CLEAN_PROBES) {
        breaker.open = false;
        breaker.probing = 0;
      }
    }
  }

  /** A node lost what it was asked. */
  public void lost(NodeId node, WorkloadClass workload, long nowMillis) {
    ended(node, workload);
    Breaker breaker =
        breakers
            .computeIfAbsent(workload, _ -> bounded(NODES_MAX))
            .computeIfAbsent(node, _ -> new Breaker());
    for (long quiet = nowMillis - breaker.lostAtMillis;
        quiet >= FORGIVEN_MILLIS && breaker.openings > 0;
        quiet -= FORGIVEN_MILLIS) {
      breaker.openings--;
    }
    breaker.brought = 0;
    breaker.lost++;
    breaker.lostAtMillis = nowMillis;
    if (breaker.open || breaker.lost >= LOST_MAX) {
      long pause = PAUSE_MILLIS << Math.min(breaker.openings, 6);
      breaker.open = true;
      breaker.openings = Math.min(breaker.openings + 1, 6);
      breaker.opensAgainMillis = nowMillis + Math.min(PAUSE_MAX_MILLIS, pause);
    }
  }

  /** How a node stands. */
  public State state(NodeId node, WorkloadClass workload, long nowMillis) {
    Breaker breaker = find(node, workload);
    return breaker == null || !breaker.open
        ? State.CLOSED
        : nowMillis < breaker.opensAgainMillis ? State.OPEN : State.HALF_OPEN;
  }

  /** The nodes as a task of that class may see them. */
  @SuppressWarnings("ReferenceEquality") // whether it was changed at all
  public Roster limit(Roster roster, WorkloadClass workload, long nowMillis) {
    Map<NodeId, Breaker> known = breakers.get(workload);
    if (known == null || known.isEmpty()) {
      return roster;
    }
    Roster limited = roster;
    for (Map.Entry<NodeId, Breaker> entry : known.entrySet()) {
      Node node = entry.getValue().open ? roster.find(entry.getKey()).orElse(null) : null;
      if (node != null && node.offeredSlots() > 0) {
        boolean pausing = nowMillis < entry.getValue().opensAgainMillis;
        boolean away = pausing || entry.getValue().probing > 0;
        limited =
            limited.with(
                away
                    ? node.standing(
                        node.freeSlots(), node.reputation(), node.acceptedReplicas(), false)
                    : node.withFreeSlots(1));
      }
    }
    return limited == roster || limited.freeSlots() > 0 ? limited : roster;
  }

  private @Nullable Breaker find(NodeId node, WorkloadClass workload) {
    Map<NodeId, Breaker> known = breakers.get(workload);
    return known == null ? null : known.get(node);
  }

  private static <K, V> Map<K, V> bounded(int max) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
      }
    };
  }
}
