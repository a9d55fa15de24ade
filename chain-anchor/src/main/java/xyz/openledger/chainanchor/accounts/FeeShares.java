package xyz.openledger.chainanchor.accounts;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.FeeSplit;

/**
 * How the fees of a settlement were shared, in whole nano-OPEN. What the fees of its payments and
 * these shares differ by went into the dust, or came from it.
 *
 * @param split by which
 * @param modelPayee to whose earnings the model's share went; absent if to those whom governance
 *     names
 */
public record FeeShares(
    FeeSplit split,
    long platformNanoOpen,
    long modelNanoOpen,
    long stakersNanoOpen,
    long dataNanoOpen,
    @Nullable String modelPayee) {

  /** The model's share waits for whom governance names. */
  public FeeShares(
      FeeSplit split,
      long platformNanoOpen,
      long modelNanoOpen,
      long stakersNanoOpen,
      long dataNanoOpen) {
    this(split, platformNanoOpen, modelNanoOpen, stakersNanoOpen, dataNanoOpen, null);
  }

  /** Checks that no share is negative. */
  public FeeShares {
    if (platformNanoOpen < 0 || modelNanoOpen < 0 || stakersNanoOpen < 0 || dataNanoOpen < 0) {
      throw new IllegalArgumentException("a share is negative");
    }
  }

  /** Where the model's share goes. */
  Account model() {
    return model(modelPayee);
  }

  static Account model(@Nullable String payee) {
    return payee == null ? Account.MODEL : Account.earned(payee);
  }

  /** All four. */
  public long totalNanoOpen() {
    return Math.addExact(
        Math.addExact(platformNanoOpen, modelNanoOpen),
        Math.addExact(stakersNanoOpen, dataNanoOpen));
  }
}
