package xyz.openledger.actors.audit;

import xyz.openledger.chainanchor.accounts.ChainMoney;
import xyz.openledger.protocol.Digest;

/**
 * What the contracts say.
 *
 * @param anchoredSize of the log
 * @param anchoredRoot of the log at that size
 * @param money what moved through them, up to a final block
 * @param payoutEpoch the last that was published
 * @param payoutRootHex its root, 64 hex digits
 */
public record ChainState(
    long anchoredSize,
    Digest anchoredRoot,
    ChainMoney money,
    long payoutEpoch,
    String payoutRootHex) {}
