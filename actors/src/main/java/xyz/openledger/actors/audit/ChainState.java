package xyz.openledger.actors.audit;

import xyz.openledger.protocol.Digest;

/**
 * What the contracts say.
 *
 * @param anchoredSize of the log
 * @param anchoredRoot of the log at that size
 * @param escrowNanoOpen what the escrow contract holds
 * @param distributorNanoOpen what the distributor contract holds
 * @param payoutEpoch the last that was published
 * @param payoutRootHex its root, 64 hex digits
 */
public record ChainState(
    long anchoredSize,
    Digest anchoredRoot,
    long escrowNanoOpen,
    long distributorNanoOpen,
    long payoutEpoch,
    String payoutRootHex) {}
