package xyz.openledger.chainanchor.outbox;

/**
 * How patient the outbox is, and how much it pays.
 *
 * @param inFlightMax the most transactions in flight at once
 * @param bumpBlocks an attempt not mined after so many blocks is replaced by a dearer one
 * @param resendBlocks a transaction in flight is sent again, as it is, every so many blocks
 * @param patienceHeads how many heads in a row must agree before the outbox believes that a nonce
 *     was taken, that one is missing, or that the chain was rolled back
 * @param patientAttempts replacements pay an eighth more; after so many attempts of one nonce,
 *     twice as much. The fee cap alone ends them
 * @param abandonChecks a withdrawal or registration that the contract refuses so many times is
 *     given up; a batch of vouchers is at once, and is brought anew in parts
 * @param tipWei the least priority fee per gas; more is paid where the node suggests more
 * @param feeCapWei no attempt pays more per gas; 10⁹ gwei at the most
 * @param retryMillis an action without answer is asked for again after this time
 * @param finalsKept how many finished rows are remembered, for a chain that loses final blocks
 */
public record OutboxSettings(
    int inFlightMax,
    int bumpBlocks,
    int resendBlocks,
    int patienceHeads,
    int patientAttempts,
    int abandonChecks,
    long tipWei,
    long feeCapWei,
    long retryMillis,
    int finalsKept) {

  /** For a chain with blocks every one to two seconds. */
  public static final OutboxSettings DEFAULT =
      new OutboxSettings(8, 6, 4, 3, 12, 20, 1_000_000, 500_000_000_000L, 2_000, 1_024);

  /** As much per gas is nonsense on any chain. */
  private static final long FEE_CAP_MAX_WEI = 1_000_000_000_000_000_000L;

  /** Checks that all are positive. */
  public OutboxSettings {
    if (inFlightMax < 1
        || bumpBlocks < 1
        || resendBlocks < 1
        || patienceHeads < 1
        || patientAttempts < 1
        || abandonChecks < 1
        || tipWei < 1
        || feeCapWei < tipWei
        || feeCapWei > FEE_CAP_MAX_WEI
        || retryMillis < 1
        || finalsKept < 1) {
      throw new IllegalArgumentException(
          "all settings of the outbox are 1 or more, and the fee cap is the tip to 10⁹ gwei");
    }
  }

  /** The same with other fees. */
  public OutboxSettings paying(long leastTipWei, long capWei) {
    return new OutboxSettings(
        inFlightMax,
        bumpBlocks,
        resendBlocks,
        patienceHeads,
        patientAttempts,
        abandonChecks,
        leastTipWei,
        capWei,
        retryMillis,
        finalsKept);
  }
}
