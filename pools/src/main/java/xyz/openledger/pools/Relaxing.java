package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;

/**
 * Looks for the smallest relaxation of a request: sets of clauses, smallest first; of those of one
 * size, the one that asks for the least change. Exact up to {@value #EXACT_MAX} clauses; beyond
 * that, owner by owner, whoever needs the fewest further clauses.
 *
 * <p>Fewer owners that must agree is a clause too, and counts as more of a change than any limit
 * that doubles.
 */
final class Relaxing {
  static final int EXACT_MAX = 3;

  /** As many as a quorum may have. */
  private static final int AGREEMENT_MAX = 7;

  private final Request request;
  private final int replicas;
  private final int needed;
  private final List<Filter> filters;
  private final Set<Address> eligible;
  private final Map<Long, List<Refused>> byFailed = new LinkedHashMap<>();
  private final long failing;

  /** A node that may not run it, and the filters that it fails, as bits. */
  record Refused(Node node, long failed) {}

  /** Clauses that give way, and the nodes for whose sake; {@code agreement} as it would be. */
  private record Plan(List<Node> nodes, long clauses, int agreement, long basisPoints) {}

  Relaxing(
      Request request,
      int replicas,
      int needed,
      List<Filter> filters,
      Set<Address> eligible,
      List<Refused> refused) {
    this.request = request;
    this.replicas = replicas;
    this.needed = needed;
    this.filters = filters;
    this.eligible = eligible;
    long any = 0;
    for (Refused one : refused) {
      if (!eligible.contains(one.node().owner()) && cost(one).isPresent()) {
        byFailed.computeIfAbsent(one.failed(), _ -> new ArrayList<>()).add(one);
        any |= one.failed();
      }
    }
    failing = any;
  }

  /** The smallest relaxation; absent if none would do. */
  @Nullable Relaxation smallest() {
    Plan best = null;
    for (int size = 1; size <= EXACT_MAX && best == null; size++) {
      best = cheapest(size, 0, 0, null);
    }
    best = best == null ? ownerByOwner() : best;
    return best == null
        ? null
        : new Loosened(
                request, replicas, needed, filters, best.clauses(), best.nodes(), best.agreement())
            .relaxation();
  }

  /** The cheapest plan that changes {@code size} more clauses beside those chosen. */
  private @Nullable Plan cheapest(int size, int from, long chosen, @Nullable Plan best) {
    if (size == 1) {
      // The last of them may be the agreement itself.
      best = cheaper(best, plan(chosen, false));
    }
    if (size == 0) {
      return cheaper(best, plan(chosen, true));
    }
    for (int i = from; i < filters.size(); i++) {
      if ((failing & (1L << i)) != 0) {
        best = cheapest(size - 1, i + 1, chosen | (1L << i), best);
      }
    }
    return best;
  }

  private static @Nullable Plan cheaper(@Nullable Plan left, @Nullable Plan right) {
    return left == null
        ? right
        : right == null || left.basisPoints() <= right.basisPoints() ? left : right;
  }

  /**
   * What giving way in these clauses needs at least.
   *
   * @param whole whether as many owners must agree as were asked for
   */
  private @Nullable Plan plan(long clauses, boolean whole) {
    Map<Address, Refused> nearest = nearest(clauses);
    int asked = needed;
    int owners = eligible.size() + nearest.size();
    int agreement = whole ? asked : Math.min(AGREEMENT_MAX, Math.min(owners, asked - 1));
    if (owners < agreement || agreement < 1) {
      return null;
    }
    List<Node> nodes =
        nearest.values().stream()
            .sorted(Comparator.comparingLong(this::costOf).thenComparing(it -> it.node().id()))
            .limit(agreement - eligible.size())
            .map(Refused::node)
            .toList();
    long basisPoints =
        whole ? 0 : Loosened.DROPPED + Loosened.DROPPED * (asked - agreement) / asked;
    for (int i = 0; i < filters.size(); i++) {
      if ((clauses & (1L << i)) != 0) {
        Filter filter = filters.get(i);
        basisPoints +=
            nodes.stream().mapToLong(node -> cost(filter, node).orElse(0)).max().orElse(0);
      }
    }
    return new Plan(nodes, clauses, agreement, basisPoints);
  }

  /** Of each further owner the node that needs the least change, within these clauses. */
  private Map<Address, Refused> nearest(long clauses) {
    var nearest = new HashMap<Address, Refused>();
    byFailed.forEach(
        (failed, nodes) -> {
          if ((failed & ~clauses) == 0) {
            nodes.forEach(
                node ->
                    nearest.merge(
                        node.node().owner(),
                        node,
                        (left, right) -> costOf(left) <= costOf(right) ? left : right));
          }
        });
    return nearest;
  }

  private @Nullable Plan ownerByOwner() {
    long clauses = 0;
    var owners = new HashSet<>(eligible);
    while (owners.size() < needed) {
      Refused next = null;
      for (List<Refused> nodes : byFailed.values()) {
        for (Refused node : nodes) {
          if (!owners.contains(node.node().owner())
              && (next == null || further(node, clauses) < further(next, clauses))) {
            next = node;
          }
        }
      }
      if (next == null) {
        // There are not as many owners, whatever gives way.
        return owners.isEmpty() ? null : plan(clauses, false);
      }
      clauses |= next.failed();
      owners.add(next.node().owner());
    }
    return plan(clauses, true);
  }

  private static int further(Refused node, long clauses) {
    return Long.bitCount(node.failed() & ~clauses);
  }

  private long costOf(Refused refused) {
    return cost(refused).orElse(Long.MAX_VALUE);
  }

  private OptionalLong cost(Refused refused) {
    long sum = 0;
    for (int i = 0; i < filters.size(); i++) {
      if ((refused.failed() & (1L << i)) != 0) {
        OptionalLong one = cost(filters.get(i), refused.node());
        if (one.isEmpty()) {
          return OptionalLong.empty();
        }
        sum += one.getAsLong();
      }
    }
    return OptionalLong.of(sum);
  }

  private OptionalLong cost(Filter filter, Node node) {
    return Loosened.basisPoints(request, replicas, filter, node);
  }
}
