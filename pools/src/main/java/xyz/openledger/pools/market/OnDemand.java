package xyz.openledger.pools.market;

import java.util.Optional;
import xyz.openledger.protocol.Price;

/**
 * What a lease at once costs where there is a posted price: that, on every node that asks no more
 * for itself. A node is never paid less than it asks, and a job never more than its limit.
 */
public final class OnDemand {
  private OnDemand() {}

  /**
   * What a gigafuel costs on one node.
   *
   * @param postedNanoOpen by the last clearing; {@link Clearing#NO_PRICE} before the first
   * @param askedNanoOpen by the node
   */
  public static long price(long postedNanoOpen, long askedNanoOpen) {
    return Math.max(postedNanoOpen, askedNanoOpen);
  }

  /**
   * Why a task cannot buy at the posted price; empty if it can.
   *
   * @param budgetNanoOpen what one replica may cost
   */
  public static Optional<String> objection(long postedNanoOpen, long fuelMax, long budgetNanoOpen) {
    if (postedNanoOpen == Clearing.NO_PRICE) {
      return Optional.empty();
    }
    long cost = Price.ofReplica(fuelMax, postedNanoOpen);
    return cost <= budgetNanoOpen
        ? Optional.empty()
        : Optional.of(
            "on demand costs %d nano-OPEN a gigafuel here by the last clearing, %d for a replica that burns all its fuel; its limit leaves %d"
                .formatted(postedNanoOpen, cost, budgetNanoOpen));
  }
}
