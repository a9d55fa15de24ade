package xyz.openledger.pools.market;

import xyz.openledger.protocol.Check;

/**
 * What a party may spend. {@code limit = available + held + spent}, always.
 *
 * @param limitNanoOpen the most it may ever spend
 * @param heldNanoOpen what its resting bids may still cost
 * @param spentNanoOpen what it has paid
 */
public record Budget(long limitNanoOpen, long heldNanoOpen, long spentNanoOpen) {

  /** Checks that no part is negative and the sum is kept. */
  public Budget {
    Check.range("limitNanoOpen", limitNanoOpen, 0, OrderBook.VALUE_MAX_NANO_OPEN);
    Check.range("spentNanoOpen", spentNanoOpen, 0, limitNanoOpen);
    Check.range("heldNanoOpen", heldNanoOpen, 0, limitNanoOpen - spentNanoOpen);
  }

  /** All of it available. */
  public static Budget of(long limitNanoOpen) {
    return new Budget(limitNanoOpen, 0, 0);
  }

  /** What may still be held. */
  public long availableNanoOpen() {
    return limitNanoOpen - heldNanoOpen - spentNanoOpen;
  }

  /** Sets aside what a bid may cost; refused by name if it is not there. */
  public Budget hold(long nanoOpen) {
    Check.range("hold", nanoOpen, 0, availableNanoOpen());
    return new Budget(limitNanoOpen, heldNanoOpen + nanoOpen, spentNanoOpen);
  }

  /** Pays out of a hold; what of it is not spent is available at once. */
  public Budget pay(long heldNanoOpen, long costNanoOpen) {
    Check.range("held", heldNanoOpen, 0, this.heldNanoOpen);
    Check.range("cost", costNanoOpen, 0, heldNanoOpen);
    return new Budget(
        limitNanoOpen, this.heldNanoOpen - heldNanoOpen, spentNanoOpen + costNanoOpen);
  }

  /** Lets go of a hold. */
  public Budget release(long heldNanoOpen) {
    return pay(heldNanoOpen, 0);
  }

  /** The same with more to spend. */
  public Budget raised(long nanoOpen) {
    return new Budget(Math.addExact(limitNanoOpen, nanoOpen), heldNanoOpen, spentNanoOpen);
  }
}
