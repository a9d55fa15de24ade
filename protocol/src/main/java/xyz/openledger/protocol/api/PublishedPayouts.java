package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;

/**
 * Everything that the root of the last final payout epoch was made of, so that anyone makes it
 * again.
 *
 * @param epoch its number; 0 before the first
 * @param distributor the contract that keeps the root; absent without a chain
 * @param payouts what each account was ever given, by account
 * @param waiting the epoch after it, which is on its way or can be challenged; absent if there is
 *     none
 */
@Answer
public record PublishedPayouts(
    long epoch,
    @Nullable Long chainId,
    @Nullable Address distributor,
    List<Payout> payouts,
    @Nullable Waiting waiting) {
  /** The most accounts that are told at once. */
  public static final int PAYOUTS_MAX = 100_000;

  /**
   * An epoch that does not pay yet. When it does, and whether its root is on the chain, is the
   * contract's to say.
   *
   * @param root by which it will pay, 0x and 64 hex digits
   * @param payouts what that root is made of
   */
  @Answer
  public record Waiting(long epoch, String root, List<Payout> payouts) {}

  /**
   * One account.
   *
   * @param cumulativeWei since the beginning, in 10⁻¹⁸ OPEN, as the contract counts
   */
  @Answer
  public record Payout(Address account, String cumulativeWei) {}
}
