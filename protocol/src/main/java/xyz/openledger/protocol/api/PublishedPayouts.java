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
 */
@Answer
public record PublishedPayouts(
    long epoch, @Nullable Long chainId, @Nullable Address distributor, List<Payout> payouts) {
  /** The most accounts that are told at once. */
  public static final int PAYOUTS_MAX = 100_000;

  /**
   * One account.
   *
   * @param cumulativeWei since the beginning, in 10⁻¹⁸ OPEN, as the contract counts
   */
  @Answer
  public record Payout(Address account, String cumulativeWei) {}
}
