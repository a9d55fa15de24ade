package xyz.openledger.chainanchor.accounts;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All of the books in plain records, in a stable order, for storing.
 *
 * @param balances by {@link Account#toString}
 * @param watermarks by source
 * @param chainLogs deposits and claims already booked, oldest first
 * @param chainHeights by contract address: the highest block a log of it was booked from
 * @param withdrawals pending ones
 * @param finishedWithdrawals oldest first
 * @param cumulative by payee
 * @param returnable by {@code tenant/depositor}
 * @param carries by {@link Account#toString}, in ten-thousandths of a nano-OPEN; absent if none
 * @param lastReopened absent if no epoch was taken back
 * @param coveredNanoOpen what the distributor has from epochs that were taken back; absent if
 *     nothing
 * @param depositsFrom by contract address: deposits of earlier blocks may be booked and forgotten;
 *     absent in snapshots of before, whose books forgot them
 */
public record BooksSnapshot(
    Map<String, Long> balances,
    List<OpenHold> holds,
    List<FinishedHold> finishedHolds,
    Map<String, WatermarkSnapshot> watermarks,
    List<LedgerEvent> chainLogs,
    Map<String, Long> chainHeights,
    List<LedgerEvent.WithdrawalRequested> withdrawals,
    List<LedgerEvent> finishedWithdrawals,
    Map<String, Long> cumulative,
    Map<String, Long> returnable,
    LedgerEvent.@Nullable PayoutEpochClosed openEpoch,
    LedgerEvent.@Nullable PayoutEpochPublished lastEpoch,
    @Nullable Map<String, Integer> carries,
    LedgerEvent.@Nullable PayoutEpochReopened lastReopened,
    @Nullable Long coveredNanoOpen,
    @Nullable Map<String, Long> depositsFrom) {

  /**
   * Which holds of one source are finished: all up to {@code through}, and the bits above, in words
   * of 64, lowest first.
   */
  public record WatermarkSnapshot(long through, List<Long> wordsAbove) {}
}
