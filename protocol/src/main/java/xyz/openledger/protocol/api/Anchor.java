package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/**
 * One checkpoint of the log and how far it is on its way to the chain.
 *
 * @param size of the log
 * @param root of the log
 * @param transaction hash, {@code 0x…}; absent until it is sent
 * @param block number; absent until it is mined
 */
@Answer
public record Anchor(
    long size,
    Digest root,
    ReceiptLevel level,
    @Nullable Long chainId,
    @Nullable Address contract,
    @Nullable String transaction,
    @Nullable Long block,
    @Nullable Long sealedAtMillis) {}
