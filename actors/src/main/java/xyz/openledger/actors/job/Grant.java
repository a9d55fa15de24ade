package xyz.openledger.actors.job;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ReplicaId;

/**
 * A node's slot, leased to one replica.
 *
 * @param fence above every fence that the pool has given to this node before
 * @param priceNanoOpenPerGigafuel agreed for this lease, whatever the node asks later
 * @param leaseMillis how long the node has for it
 * @param region declared by the contributor
 * @param carbonGramsPerKwh of its grid: in the hour of the lease where that is known, else as its
 *     contributor declared it
 */
public record Grant(
    ReplicaId replica,
    NodeId node,
    Address owner,
    PoolId pool,
    long fence,
    long priceNanoOpenPerGigafuel,
    long leaseMillis,
    String region,
    int carbonGramsPerKwh) {}
