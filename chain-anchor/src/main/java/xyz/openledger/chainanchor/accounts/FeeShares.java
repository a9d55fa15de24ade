package xyz.openledger.chainanchor.accounts;

import xyz.openledger.protocol.FeeSplit;

/**
 * How the fees of a settlement were shared, in whole nano-OPEN. What the fees of its payments and
 * these shares differ by went into the dust, or came from it.
 *
 * @param split by which
 */
public record FeeShares(
    FeeSplit split,
    long platformNanoOpen,
    long modelNanoOpen,
    long stakersNanoOpen,
    long dataNanoOpen) {

  /** Checks that no share is negative. */
  public FeeShares {
    if (platformNanoOpen < 0 || modelNanoOpen < 0 || stakersNanoOpen < 0 || dataNanoOpen < 0) {
      throw new IllegalArgumentException("a share is negative");
    }
  }

  /** All four. */
  public long totalNanoOpen() {
    return Math.addExact(
        Math.addExact(platformNanoOpen, modelNanoOpen),
        Math.addExact(stakersNanoOpen, dataNanoOpen));
  }
}
