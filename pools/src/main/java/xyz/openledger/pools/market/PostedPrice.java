package xyz.openledger.pools.market;

import java.util.OptionalLong;

/**
 * What capacity costs at once, without waiting for a clearing: the last clearing price and a
 * premium, rounded up.
 */
public final class PostedPrice {
  private PostedPrice() {}

  /**
   * The price.
   *
   * @param clearingNanoOpen the last one, or {@link Clearing#NO_PRICE}, from which none follows
   */
  public static OptionalLong of(long clearingNanoOpen, int premiumBasisPoints) {
    if (clearingNanoOpen == Clearing.NO_PRICE) {
      return OptionalLong.empty();
    }
    // A clearing price is at most 10^14 and the factor at most 6 × 10^4, so that the product fits.
    return OptionalLong.of(
        Math.ceilDiv(
            clearingNanoOpen * (MarketTerms.WHOLE_BASIS_POINTS + (long) premiumBasisPoints),
            MarketTerms.WHOLE_BASIS_POINTS));
  }
}
