package xyz.openledger.protocol.api;

import xyz.openledger.protocol.json.DecimalText;

/**
 * A payout epoch that was taken back; its number is not used again.
 *
 * @param root that the judge rejected, 0x and 64 hex digits
 * @param returnedNanoOpen what it would have paid: earned again, and in the next epoch
 * @param keptNanoOpen what was sent to the distributor for it, and covers what comes next
 * @param by whose token took it back
 */
@Answer
public record ReopenedEpoch(
    long epoch,
    String root,
    @DecimalText long returnedNanoOpen,
    @DecimalText long keptNanoOpen,
    String by,
    String reason) {}
