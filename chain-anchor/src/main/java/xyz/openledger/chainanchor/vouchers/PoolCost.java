package xyz.openledger.chainanchor.vouchers;

import xyz.openledger.protocol.PoolId;

/** What a job came to in one pool. */
public record PoolCost(PoolId pool, long nanoOpen) {
  /** Checks the range. */
  public PoolCost {
    if (nanoOpen < 0) {
      throw new IllegalArgumentException("a cost is not negative");
    }
  }
}
