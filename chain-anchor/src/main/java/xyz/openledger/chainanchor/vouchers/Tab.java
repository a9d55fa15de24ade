package xyz.openledger.chainanchor.vouchers;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.voucher.SignedVoucher;

/**
 * How a session key stands with one pool.
 *
 * @param owedNanoOpen what settled jobs came to since the beginning
 * @param last the voucher with the largest promise; absent before the first
 */
public record Tab(long owedNanoOpen, @Nullable SignedVoucher last) {
  /** Nothing happened yet. */
  public static final Tab NEW = new Tab(0, null);

  /** Checks that nothing is negative. */
  public Tab {
    if (owedNanoOpen < 0) {
      throw new IllegalArgumentException("a tab is not negative");
    }
  }

  /** What the key has promised. */
  public long promisedNanoOpen() {
    return last == null ? 0 : last.voucher().cumulativeNanoOpen();
  }

  /** What was worked without a promise. */
  public long unpromisedNanoOpen() {
    return owedNanoOpen - promisedNanoOpen();
  }

  /** With a job more that came to so much. */
  Tab owing(long costNanoOpen) {
    return new Tab(Math.addExact(owedNanoOpen, costNanoOpen), last);
  }

  Tab promised(SignedVoucher voucher) {
    return new Tab(owedNanoOpen, voucher);
  }
}
