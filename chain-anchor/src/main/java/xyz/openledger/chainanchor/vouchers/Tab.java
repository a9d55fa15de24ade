package xyz.openledger.chainanchor.vouchers;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.voucher.SignedVoucher;

/**
 * How a session key stands with one pool.
 *
 * @param owedNanoOpen what settled jobs came to since the beginning
 * @param runningNanoOpen the most that jobs cost which have started and not ended
 * @param last the voucher with the largest promise; absent before the first
 */
public record Tab(long owedNanoOpen, long runningNanoOpen, @Nullable SignedVoucher last) {
  /** Nothing happened yet. */
  public static final Tab NEW = new Tab(0, 0, null);

  /** Checks that nothing is negative. */
  public Tab {
    if (owedNanoOpen < 0 || runningNanoOpen < 0) {
      throw new IllegalArgumentException("a tab is not negative");
    }
  }

  /** What the key has promised. */
  public long promisedNanoOpen() {
    return last == null ? 0 : last.voucher().cumulativeNanoOpen();
  }

  /** What was worked, or may yet be, without a promise. */
  public long atRiskNanoOpen() {
    return Math.addExact(owedNanoOpen, runningNanoOpen) - promisedNanoOpen();
  }

  /** With a job more that has started. */
  Tab started(long mostNanoOpen) {
    return new Tab(owedNanoOpen, Math.addExact(runningNanoOpen, mostNanoOpen), last);
  }

  /** With that job ended, for what it came to; 0 if nothing was delivered. */
  public Tab ended(long mostNanoOpen, long costNanoOpen) {
    if (costNanoOpen > mostNanoOpen) {
      throw new IllegalArgumentException("a job costs at most what it was started for");
    }
    return new Tab(Math.addExact(owedNanoOpen, costNanoOpen), runningNanoOpen - mostNanoOpen, last);
  }

  Tab promised(SignedVoucher voucher) {
    return new Tab(owedNanoOpen, runningNanoOpen, voucher);
  }
}
