package xyz.openledger.pools;

import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.protocol.Policy;

/**
 * Requests that ask the same of every node of a cell, reduced to one of them, so that what was
 * found out for one serves all. What a request says of its job makes no difference to a node that
 * takes any job: its price limit and its deadline, how it is verified, a budget that covers the
 * dearest node, and the fuel where only prices depend on it.
 */
final class Kinds {
  private static final long GIGAFUEL = 1_000_000_000;
  private static final long LEAST_DEADLINE_MILLIS = 100;
  private static final Policy.Verification ANY =
      new Policy.Verification(Policy.Method.TRUSTED, new Policy.Parameters(1, 1));

  private Kinds() {}

  /** The one that stands for {@code request} as the nodes of the cell now are. */
  static Request of(Request request, Cell cell) {
    Request kind = request.kind(cell.spokenOf());
    if (cell.isChoosy()) {
      return kind;
    }
    long cap = FilterTerms.priceMax(kind);
    boolean covered = cap >= cell.index().most(Quantity.PRICE);
    Policy policy = asked(kind.policy());
    boolean bySize = policy.limits().latencyP99MillisMax() != null;
    if (policy.objective().weights().latency() > 0 || bySize) {
      return kind.asking(policy, kind.fuelMax(), covered ? Long.MAX_VALUE : kind.budgetNanoOpen());
    }
    // A gigafuel costs the price, so the budget for one is the highest price.
    return kind.asking(policy, GIGAFUEL, covered ? Long.MAX_VALUE : cap);
  }

  private static Policy asked(Policy policy) {
    Policy.Limits limits = policy.limits();
    return new Policy(
        policy.objective(),
        new Policy.Limits(
            1,
            LEAST_DEADLINE_MILLIS,
            limits.regions(),
            limits.carbonGramsPerKwhMax(),
            limits.reputationMin(),
            limits.roundTripMicrosMax(),
            null,
            limits.latencyP99MillisMax(),
            limits.licences()),
        // Of how it is verified only this is asked of nodes.
        policy.verification().attestation() == null ? ANY : policy.verification(),
        null,
        policy.require(),
        policy.prefer(),
        policy.selector(),
        null,
        null);
  }
}
