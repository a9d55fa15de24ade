package xyz.openledger.chainanchor.outbox;

import java.util.Optional;
import xyz.openledger.chainanchor.outbox.Observation.HeadSeen;

/**
 * What an attempt offers per gas (EIP-1559): at least what the node suggests, never above the cap.
 * The first leaves room for the base fee to double; each replacement raises both fees by an eighth,
 * above the tenth that nodes demand. Where that has not helped for a while, each doubles them, so
 * that the cap is reached in some forty attempts, from however little.
 */
public record Fees(long maxFeeWei, long tipWei) {

  static Fees first(OutboxSettings settings, HeadSeen head) {
    return first(
        head.baseFeeWei(), head.suggestedTipWei(), settings.tipWei(), settings.feeCapWei());
  }

  /**
   * What a first attempt offers.
   *
   * @param suggestedTipWei what the node suggests; paid if it is more than {@code leastTipWei}
   */
  public static Fees first(long baseFeeWei, long suggestedTipWei, long leastTipWei, long capWei) {
    long tip = Math.clamp(suggestedTipWei, leastTipWei, capWei);
    return new Fees(maxFee(baseFeeWei, tip, capWei), tip);
  }

  /**
   * The next dearer offer; nothing if the cap does not allow one that nodes would take as a
   * replacement.
   *
   * @param attempts how many there were
   * @param last the dearest of them
   */
  static Optional<Fees> above(OutboxSettings settings, int attempts, Attempt last, HeadSeen head) {
    long cap = settings.feeCapWei();
    long leastTip = raised(last.tipWeiPerGas());
    long leastMaxFee = Math.max(raised(last.maxFeeWeiPerGas()), leastTip);
    if (leastMaxFee > cap) {
      return Optional.empty();
    }
    boolean patient = attempts < settings.patientAttempts();
    long wantedTip = patient ? leastTip : Math.max(leastTip, 2 * last.tipWeiPerGas());
    long wantedMaxFee = patient ? leastMaxFee : Math.max(leastMaxFee, 2 * last.maxFeeWeiPerGas());
    long tip = Math.min(cap, Math.max(wantedTip, marketTip(settings, head)));
    long maxFee = Math.max(wantedMaxFee, maxFee(head.baseFeeWei(), tip, cap));
    return Optional.of(new Fees(Math.min(cap, maxFee), tip));
  }

  private static long marketTip(OutboxSettings settings, HeadSeen head) {
    return Math.clamp(head.suggestedTipWei(), settings.tipWei(), settings.feeCapWei());
  }

  /** Twice the base fee and the tip, as far as the cap allows; a node may say any base fee. */
  private static long maxFee(long baseFeeWei, long tip, long cap) {
    return Math.min(cap, 2 * Math.min(baseFeeWei, cap) + tip);
  }

  private static long raised(long fee) {
    return Math.addExact(fee, Math.max(1, Math.ceilDiv(fee, 8)));
  }
}
