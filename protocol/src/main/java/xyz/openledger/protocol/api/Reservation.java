package xyz.openledger.protocol.api;

import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * Slots of one node that were bought ahead.
 *
 * @param priceNanoOpen for all of them and the whole time
 * @param state {@code holding} its money, {@code active}, {@code ended} or {@code closed}
 * @param earnedNanoOpen what of the price the node is paid, once it has ended
 * @param detail why it ended; empty before
 */
@Answer
public record Reservation(
    JobId id,
    NodeId node,
    int slots,
    @DecimalText long priceNanoOpen,
    String state,
    long sinceMillis,
    long untilMillis,
    @DecimalText long earnedNanoOpen,
    String detail) {}
