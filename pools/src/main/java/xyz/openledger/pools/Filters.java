package xyz.openledger.pools;

import java.util.List;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;

/**
 * The filters of every pool, and those of a policy. Those that answer never come first, so that
 * never prevails; but what has to be interpreted comes last, for the few nodes that are left.
 */
final class Filters {
  static final Filter.Verdict FEASIBLE = new Filter.Verdict.Feasible();

  /** All of them, in the order of {@link Clause}. */
  static final List<Filter> ALL =
      List.of(
          new Residency(),
          new CarbonCeiling(),
          new Memory(),
          new QuickEnough(),
          new WorstCasePrice(),
          new OtherNode(),
          new Rules.Obeyed(),
          new DataFilters.Shown(),
          new Rules.Licensed(),
          new Rules.Welcome(),
          new OtherOwner(),
          new Standing(),
          new DataFilters.Trusted(),
          new QuickAtP99(),
          new Accepting(),
          new FreeSlot());

  private Filters() {}

  /** Those that a policy is asked about, in their order. */
  static List<Filter> of(Policy policy) {
    return Conditions.of(policy).filters();
  }

  /** Runs a task only where its policy lets it be. */
  record Residency() implements Filter {
    @Override
    public Clause clause() {
      return Clause.REGION;
    }

    @Override
    public Verdict test(Request request, Node node) {
      List<String> regions = request.policy().limits().regions();
      return regions.isEmpty() || regions.contains(node.region())
          ? FEASIBLE
          : never("in region %s, policy allows %s", node.region(), regions);
    }
  }

  /** Runs a task only where the grid is as clean as its policy asks. */
  record CarbonCeiling() implements Filter {
    @Override
    public Clause clause() {
      return Clause.CARBON;
    }

    /** A declared figure does not change by itself; that of a zone does, from hour to hour. */
    @Override
    public Verdict test(Request request, Node node) {
      Integer max = request.policy().limits().carbonGramsPerKwhMax();
      if (max == null || node.carbonAtWorstGramsPerKwh() <= max) {
        return FEASIBLE;
      }
      if (node.traits().labels().containsKey(Zones.LABEL)) {
        return notYet(
            "grid at %s g CO2/kWh in this hour, policy allows %s", node.carbonGramsPerKwh(), max);
      }
      return node.carbonGramsPerKwh() == 0
          ? never("grid %s, policy allows %s g CO2/kWh", "undeclared", max)
          : never("grid at %s g CO2/kWh, policy allows %s", node.carbonGramsPerKwh(), max);
    }
  }

  /** Runs a task only where its memory fits. */
  record Memory() implements Filter {
    @Override
    public Clause clause() {
      return Clause.MEMORY;
    }

    @Override
    public Verdict test(Request request, Node node) {
      return request.memoryMaxBytes() <= node.memoryMaxBytesPerSlot()
          ? FEASIBLE
          : never(
              "%s bytes for a task, it needs %s",
              node.memoryMaxBytesPerSlot(), request.memoryMaxBytes());
    }
  }

  /** Runs a task only where the smallest one came back as quickly as the policy asks. */
  record QuickEnough() implements Filter {
    @Override
    public Clause clause() {
      return Clause.ROUND_TRIP;
    }

    @Override
    public Verdict test(Request request, Node node) {
      Integer max = request.policy().limits().roundTripMicrosMax();
      return max == null || node.roundTripMicros() <= max
          ? FEASIBLE
          : never("round trip of %s microseconds, policy allows %s", node.roundTripMicros(), max);
    }
  }

  /** Runs a task only where a condition of the policy holds. */
  record Holds(Condition condition) implements Filter {
    @Override
    public Clause clause() {
      return condition.clause();
    }

    @Override
    public String words() {
      return condition.words();
    }

    @Override
    public Verdict test(Request request, Node node) {
      if (condition.test(node)) {
        return FEASIBLE;
      }
      return condition.moving()
          ? notYet("%s does not hold: %s", clause().label(), words())
          : never("%s does not hold: %s", clause().label(), words());
    }
  }

  /** Lets nobody run what cannot be understood: another release may have taken it. */
  record Unreadable(String why) implements Filter {
    @Override
    public Clause clause() {
      return Clause.REQUIRE;
    }

    @Override
    public Verdict test(Request request, Node node) {
      return never("the policy cannot be read here: %s", why, "");
    }
  }

  /** Runs a task only where its budget covers all the fuel it may burn. */
  record WorstCasePrice() implements Filter {
    @Override
    public Clause clause() {
      return Clause.PRICE;
    }

    @Override
    public Verdict test(Request request, Node node) {
      long price = Price.ofReplica(request.fuelMax(), node.priceNanoOpenPerGigafuel());
      return price <= request.budgetNanoOpen()
          ? FEASIBLE
          : never(
              "up to %s nano-OPEN for a replica, the budget leaves %s",
              price, request.budgetNanoOpen());
    }
  }

  /** Does not try once more what a node keeps losing. */
  record OtherNode() implements Filter {
    @Override
    public Clause clause() {
      return Clause.NODE;
    }

    @Override
    public Verdict test(Request request, Node node) {
      return request.nodesExcluded().isEmpty() || !request.nodesExcluded().contains(node.id())
          ? FEASIBLE
          : never("lost this task before", "", "");
    }
  }

  /** Gives each replica an owner of its own. Not yet, since a further owner may join the pool. */
  record OtherOwner() implements Filter {
    @Override
    public Clause clause() {
      return Clause.OWNER;
    }

    @Override
    public Verdict test(Request request, Node node) {
      return request.ownersExcluded().isEmpty() || !request.ownersExcluded().contains(node.owner())
          ? FEASIBLE
          : notYet("its owner %s runs another replica", node.owner(), "");
    }
  }

  /** Runs a task only on nodes whose past earns it. */
  record Standing() implements Filter {
    @Override
    public Clause clause() {
      return Clause.REPUTATION;
    }

    @Override
    public Verdict test(Request request, Node node) {
      int min = request.policy().limits().reputationMin();
      return node.reputation() >= min
          ? FEASIBLE
          : notYet("reputation %s, policy asks %s", node.reputation(), min);
    }
  }

  /**
   * Runs a task only where 99 of 100 results of such work came as soon as the policy asks. Where
   * nobody has measured that, what the benchmark foretells must fit, all fuel burned: so a newcomer
   * that can be quick enough is tried, and measured by that. Not yet, since figures fade.
   */
  record QuickAtP99() implements Filter {
    @Override
    public Clause clause() {
      return Clause.LATENCY_P99;
    }

    @Override
    public Verdict test(Request request, Node node) {
      Integer max = request.policy().limits().latencyP99MillisMax();
      if (max == null) {
        return FEASIBLE;
      }
      long millis = millis(request, node);
      return millis <= max
          ? FEASIBLE
          : notYet(
              node.latencies().p99Millis(WorkloadClass.of(request)) == null
                  ? "not measured in work of this size, and %s ms by its benchmark, policy allows"
                      + " %s"
                  : "p99 of %s ms in work of this size, policy allows %s",
              millis,
              max);
    }

    /** What is known of how long it takes at the most. */
    static long millis(Request request, Node node) {
      Integer measured = node.latencies().p99Millis(WorkloadClass.of(request));
      return measured == null
          ? Math.ceilDiv(node.durationMicros(request.fuelMax()), 1_000L)
          : measured;
    }
  }

  /** Leaves nodes alone that are away, draining or quiet. */
  record Accepting() implements Filter {
    @Override
    public Clause clause() {
      return Clause.ACCEPTING;
    }

    @Override
    public Verdict test(Request request, Node node) {
      return node.accepting() ? FEASIBLE : notYet("takes no work now", "", "");
    }
  }

  /** Never gives a node more than it asked for. */
  record FreeSlot() implements Filter {
    @Override
    public Clause clause() {
      return Clause.SLOT;
    }

    @Override
    public Verdict test(Request request, Node node) {
      return node.freeSlots() > 0 ? FEASIBLE : notYet("all %s slots are busy", node.slots(), "");
    }
  }

  static Filter.Verdict never(String form, Object actual, Object allowed) {
    return new Filter.Verdict.Never(new Filter.Reason(form, actual, allowed));
  }

  static Filter.Verdict notYet(String form, Object actual, Object allowed) {
    return new Filter.Verdict.NotYet(new Filter.Reason(form, actual, allowed));
  }
}
