package xyz.openledger.actors.pool;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TenantId;

/**
 * Slots of one node that a tenant bought ahead. Each is held and paid for by itself.
 *
 * @param id under which its money is held, in the form of a job's
 * @param order what was asked for, of which this is a part
 * @param number of its hold, among the pool's: 1, 2, 3 …
 * @param priceNanoOpen for all of its slots and the whole time
 */
public record Booking(
    JobId id,
    JobId order,
    long number,
    TenantId tenant,
    NodeId node,
    Address owner,
    int slots,
    long priceNanoOpen,
    long periodMillis) {}
