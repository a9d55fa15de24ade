package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Price;

/**
 * What would become of a request among these nodes, told before anything is spent. Whether a node
 * is busy or away now does not count against it; all else that the policy asks does.
 *
 * @param nodes how many were looked at
 * @param eligible how many may run it
 * @param eligibleNow how many of those have a free slot now
 * @param owners of the eligible, distinct ones
 * @param ownersNow of those with a free slot now
 * @param ownersNeeded how many must take part
 * @param effects what each clause removes; only clauses that remove any
 * @param relaxation what would make it feasible; absent if it is, or if nothing would
 * @param quote what it costs and how long it runs; absent if no node is eligible
 */
public record Advice(
    int nodes,
    int eligible,
    int eligibleNow,
    int owners,
    int ownersNow,
    int ownersNeeded,
    List<Effect> effects,
    @Nullable Relaxation relaxation,
    @Nullable Quote quote) {

  /**
   * What one clause removes.
   *
   * @param words of the policy, where there may be several of the clause
   * @param first nodes for which it is the first that they fail
   * @param alone nodes that fail it, whatever else they fail
   */
  public record Effect(Clause clause, String words, int first, int alone) {}

  /**
   * What it would cost and how long it would run, over the eligible nodes, if every replica burned
   * all its fuel.
   *
   * @param replicas that have to run at least
   * @param costP50NanoOpen at the median price
   * @param costP95NanoOpen at a price that 95 of 100 nodes do not exceed
   * @param escrowNanoOpen held before anything runs
   * @param runP50Millis at the median of the measured speeds
   * @param runP95Millis at a speed that 95 of 100 nodes reach
   */
  public record Quote(
      int replicas,
      long costP50NanoOpen,
      long costP95NanoOpen,
      long escrowNanoOpen,
      long runP50Millis,
      long runP95Millis) {

    static @Nullable Quote of(Request request, int replicas, List<Node> eligible) {
      if (eligible.isEmpty()) {
        return null;
      }
      long[] prices =
          sorted(
              eligible.stream()
                  .mapToLong(
                      node -> Price.ofReplica(request.fuelMax(), node.priceNanoOpenPerGigafuel())));
      long[] micros =
          sorted(eligible.stream().mapToLong(node -> node.durationMicros(request.fuelMax())));
      return new Quote(
          replicas,
          rank(prices, 50) * replicas,
          rank(prices, 95) * replicas,
          request.policy().limits().priceMaxNanoOpen(),
          Math.ceilDiv(rank(micros, 50), 1_000L),
          Math.ceilDiv(rank(micros, 95), 1_000L));
    }

    private static long[] sorted(LongStream values) {
      return values.sorted().toArray();
    }

    /** The nearest rank: the least value that so many of 100 do not exceed. */
    private static long rank(long[] sorted, int percent) {
      return sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
    }
  }

  /** Whether enough owners may run it. */
  public boolean feasible() {
    return owners >= ownersNeeded;
  }

  /**
   * Advice on a job.
   *
   * @param request for one of its tasks, with nobody excluded
   * @param replicas of the whole job, if all agree: what the price limit is divided by
   */
  public static Advice of(Request request, int replicas, Collection<Node> nodes) {
    return of(request, replicas, request.agreement(), nodes);
  }

  /**
   * Advice on a job whose method of verification may take more owners than must agree at least.
   *
   * @param needed how many owners a task takes
   */
  public static Advice of(Request request, int replicas, int needed, Collection<Node> nodes) {
    List<Filter> filters = standing(request);
    int[] first = new int[filters.size()];
    int[] alone = new int[filters.size()];
    var eligible = new ArrayList<Node>();
    var refused = new ArrayList<Relaxing.Refused>();
    for (Node node : nodes) {
      long failed = 0;
      for (int i = 0; i < filters.size(); i++) {
        if (!(filters.get(i).test(request, node) instanceof Filter.Verdict.Feasible)) {
          alone[i]++;
          first[i] += failed == 0 ? 1 : 0;
          failed |= 1L << i;
        }
      }
      if (failed == 0) {
        eligible.add(node);
      } else {
        refused.add(new Relaxing.Refused(node, failed));
      }
    }
    Set<Address> owners = owners(eligible);
    List<Node> now = eligible.stream().filter(node -> node.offeredSlots() > 0).toList();
    var effects = new ArrayList<Effect>();
    for (int i = 0; i < alone.length; i++) {
      if (alone[i] > 0) {
        effects.add(
            new Effect(
                filters.get(i).clause(), words(filters.get(i), request), first[i], alone[i]));
      }
    }
    return new Advice(
        nodes.size(),
        eligible.size(),
        now.size(),
        owners.size(),
        owners(now).size(),
        needed,
        effects,
        owners.size() >= needed
            ? null
            : new Relaxing(request, replicas, needed, filters, owners, refused).smallest(),
        Quote.of(request, replicas, eligible));
  }

  private static String words(Filter filter, Request request) {
    return filter.clause() == Clause.GOVERNANCE
        ? Rules.words(request.work().governed())
        : filter.words(request);
  }

  /** The nodes that may run it, busy or not. */
  public static List<Node> eligible(Request request, Collection<Node> nodes) {
    List<Filter> filters = standing(request);
    return nodes.stream()
        .filter(
            node ->
                filters.stream()
                    .allMatch(it -> it.test(request, node) instanceof Filter.Verdict.Feasible))
        .toList();
  }

  /** The filters whose answer waiting does not change. */
  private static List<Filter> standing(Request request) {
    List<Filter> filters =
        Filters.of(request.policy()).stream()
            .filter(filter -> filter.clause() != Clause.ACCEPTING && filter.clause() != Clause.SLOT)
            .toList();
    if (filters.size() > Long.SIZE - 1) {
      throw new IllegalArgumentException("a policy has at most 48 conditions");
    }
    return filters;
  }

  private static Set<Address> owners(List<Node> nodes) {
    var owners = new HashSet<Address>();
    nodes.forEach(node -> owners.add(node.owner()));
    return owners;
  }
}
