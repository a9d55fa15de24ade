package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.QueueTerms;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * No gang starves: what came beyond the bound after it never puts its start off. When it could
 * start is reckoned anew at each step from the leases, by the fuel they may yet burn at the speed
 * that was measured, so machines that are slower or go away are no breach of it.
 *
 * <pre>
 *   free slots that suit the gang    ──┬──────┬───────
 *                        as many as it │needs │ with what was given to those behind it: never later
 * </pre>
 *
 * <p>Judged where it is plain who is first: of one gang that waits whole, or of one so much older
 * than the others, whose tasks take one slot each of the same nodes.
 */
final class GangInvariants {
  /** For so long after a loss, a breaker may keep the gang's class from a node. */
  private static final long LOST_MILLIS = 3_600_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final String where;
  private final Map<NodeId, Long> lostAt = new HashMap<>();
  private int judged;

  GangInvariants(String where) {
    this.where = where;
  }

  /** A slot in use, and when all its fuel will have burned. */
  record Lease(NodeId node, long endsAtMillis) {}

  /** A gang that waits whole: its tasks ask the same. */
  private record Gang(Request asked, int slots, long sinceMillis) {}

  /** How often it could judge. */
  int judged() {
    return judged;
  }

  /** A node lost work. */
  void lost(NodeId node, long nowMillis) {
    lostAt.put(node, nowMillis);
  }

  /**
   * Slots were given.
   *
   * @param heldBack whose quota does not let them have more
   * @param running what runs already
   */
  void given(
      List<PoolQueue.Grant> grants,
      Roster before,
      Map<TaskId, Invariants.Waits> waiting,
      Set<TenantId> heldBack,
      Supplier<List<Lease>> running,
      long nowMillis) {
    Gang gang = first(waiting);
    if (gang == null
        || grants.isEmpty()
        || waiting.size() > Invariants.TURNS
        || heldBack.contains(gang.asked.scheduling().tenant())
        || started(gang, grants)
        || unsure(gang, before, nowMillis)) {
      return;
    }
    var rightly = new ArrayList<PoolQueue.Grant>();
    var behind = new ArrayList<PoolQueue.Grant>();
    for (PoolQueue.Grant grant : grants) {
      Invariants.Waits served = waiting.get(grant.entry().request().task());
      boolean late =
          served != null
              && served.sinceMillis() - gang.sinceMillis > QueueTerms.DEFAULT.passedByMillis();
      (late ? behind : rightly).add(grant);
    }
    if (behind.isEmpty()) {
      return;
    }
    judged++;
    List<Lease> rightful = given(rightly, waiting, running.get(), nowMillis);
    long then = startMillis(gang, before, rightful, nowMillis);
    long now = startMillis(gang, before, given(behind, waiting, rightful, nowMillis), nowMillis);
    if (now > then) {
      throw new Invariants.Violation(
          where,
          nowMillis,
          "the start of gang %s was put off by %d s by what came beyond the bound"
              .formatted(gang.asked.task().job(), (now - then) / 1_000));
    }
  }

  private static boolean started(Gang gang, List<PoolQueue.Grant> grants) {
    return grants.stream()
        .anyMatch(grant -> grant.entry().request().task().job().equals(gang.asked.task().job()));
  }

  private boolean unsure(Gang gang, Roster roster, long nowMillis) {
    return roster.nodes().stream()
        .anyMatch(
            node ->
                lostAt.containsKey(node.id())
                    && nowMillis - lostAt.get(node.id()) < LOST_MILLIS
                    && suits(gang, node, roster));
  }

  /** The gang that is before all others whatever their priorities; null if that is not plain. */
  private static @Nullable Gang first(Map<TaskId, Invariants.Waits> waiting) {
    Map<JobId, List<Invariants.Waits>> gangs = new TreeMap<>();
    for (Invariants.Waits waits : waiting.values()) {
      if (waits.request().scheduling().gang()) {
        gangs.computeIfAbsent(waits.request().task().job(), _ -> new ArrayList<>()).add(waits);
      }
    }
    List<List<Invariants.Waits>> byAge =
        gangs.values().stream()
            .sorted(Comparator.comparingLong(it -> it.getFirst().sinceMillis()))
            .toList();
    if (byAge.isEmpty()) {
      return null;
    }
    List<Invariants.Waits> eldest = byAge.getFirst();
    Request asked = eldest.getFirst().request();
    long since = eldest.getFirst().sinceMillis();
    boolean plain =
        byAge.size() == 1
            || byAge.get(1).getFirst().sinceMillis() - since > QueueTerms.DEFAULT.passedByMillis();
    boolean whole = eldest.size() == asked.scheduling().gangTasks();
    boolean single = asked.policy().verification().parameters().agreement() == 1;
    return plain && whole && single ? new Gang(asked, eldest.size(), since) : null;
  }

  private static List<Lease> given(
      List<PoolQueue.Grant> grants,
      Map<TaskId, Invariants.Waits> waiting,
      List<Lease> leases,
      long nowMillis) {
    var all = new ArrayList<>(leases);
    for (PoolQueue.Grant grant : grants) {
      // What was asked, not what the scheduler makes of it.
      Invariants.Waits waits = waiting.get(grant.entry().request().task());
      Request asked = waits == null ? grant.entry().request() : waits.request();
      for (Node node : grant.placement().chosen()) {
        all.add(lease(node, asked.fuelMax(), nowMillis));
      }
    }
    return all;
  }

  /** A lease that begins. */
  static Lease lease(Node node, long fuelMax, long sinceMillis) {
    return new Lease(node.id(), sinceMillis + Math.ceilDiv(node.durationMicros(fuelMax), 1_000));
  }

  private static boolean suits(Gang gang, Node node, Roster roster) {
    return Clauses.broken(gang.asked, node.withFreeSlots(1), roster) == null;
  }

  /** When as many slots that suit it will be free as it needs, if nothing else begins. */
  private static long startMillis(Gang gang, Roster roster, List<Lease> leases, long nowMillis) {
    Set<NodeId> suited = new HashSet<>();
    int free = 0;
    for (Node node : roster.nodes()) {
      if (suits(gang, node, roster)) {
        suited.add(node.id());
        free += node.slots();
      }
    }
    List<Long> ends =
        leases.stream()
            .filter(lease -> suited.contains(lease.node()))
            .map(Lease::endsAtMillis)
            .sorted()
            .toList();
    int missing = gang.slots - (free - ends.size());
    return missing <= 0 ? nowMillis : missing > ends.size() ? NEVER : ends.get(missing - 1);
  }
}
