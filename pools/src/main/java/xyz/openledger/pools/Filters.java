package xyz.openledger.pools;

import java.util.List;
import xyz.openledger.protocol.Price;

/** The filters of every pool. Those that answer never come first, so that never prevails. */
final class Filters {
  private static final Filter.Verdict FEASIBLE = new Filter.Verdict.Feasible();

  /** All of them, in the order of {@link Clause}. */
  static final List<Filter> ALL =
      List.of(
          new Residency(),
          new CarbonCeiling(),
          new Memory(),
          new WorstCasePrice(),
          new OtherNode(),
          new OtherOwner(),
          new Standing(),
          new Accepting(),
          new FreeSlot());

  private Filters() {}

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

    /** A declared figure does not change by itself; once it is measured, the answer is not yet. */
    @Override
    public Verdict test(Request request, Node node) {
      Integer max = request.policy().limits().carbonGramsPerKwhMax();
      if (max == null || node.carbonAtWorstGramsPerKwh() <= max) {
        return FEASIBLE;
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

  private static Filter.Verdict never(String form, Object actual, Object allowed) {
    return new Filter.Verdict.Never(new Filter.Reason(form, actual, allowed));
  }

  private static Filter.Verdict notYet(String form, Object actual, Object allowed) {
    return new Filter.Verdict.NotYet(new Filter.Reason(form, actual, allowed));
  }
}
