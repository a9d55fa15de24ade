package xyz.openledger.chainanchor.outbox;

import java.util.Optional;

/**
 * What an attempt offers per gas (EIP-1559). The first leaves room for the base fee to double; each
 * replacement raises both fees by an eighth, above the tenth that nodes demand.
 */
record Fees(long maxFeeWei, long tipWei) {

  static Fees first(OutboxSettings settings, long baseFeeWei) {
    long wanted = Math.addExact(Math.multiplyExact(2, baseFeeWei), settings.tipWei());
    return new Fees(Math.min(settings.feeCapWei(), wanted), settings.tipWei());
  }

  /**
   * The next dearer offer; nothing if the cap does not allow one that nodes would take as a
   * replacement.
   */
  static Optional<Fees> above(OutboxSettings settings, Attempt last, long baseFeeWei) {
    long tip = raised(last.tipWeiPerGas());
    long least = Math.max(raised(last.maxFeeWeiPerGas()), tip);
    if (least > settings.feeCapWei()) {
      return Optional.empty();
    }
    long wanted = Math.max(least, Math.addExact(Math.multiplyExact(2, baseFeeWei), tip));
    return Optional.of(new Fees(Math.min(settings.feeCapWei(), wanted), tip));
  }

  private static long raised(long fee) {
    return Math.addExact(fee, Math.max(1, Math.ceilDiv(fee, 8)));
  }
}
