package xyz.openledger.chainanchor.accounts;

import java.util.List;

/**
 * What one payout epoch adds for one payee.
 *
 * @param payee a lower-case {@code 0x} address
 * @param amountNanoOpen what this epoch adds
 * @param cumulativeNanoOpen all that was ever paid out to this payee, this epoch included: the
 *     number in the payout tree
 */
public record Payout(String payee, long amountNanoOpen, long cumulativeNanoOpen) {
  /** What these add together. */
  static long total(List<Payout> payouts) {
    return payouts.stream().mapToLong(Payout::amountNanoOpen).reduce(0, Math::addExact);
  }
}
