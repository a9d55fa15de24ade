package xyz.openledger.protocol.api;

import xyz.openledger.protocol.PoolId;

/**
 * A pool in a list.
 *
 * @param queued replicas that wait for a slot
 */
@Answer
public record PoolSummary(PoolId id, String name, int nodes, int slots, int leased, int queued) {}
