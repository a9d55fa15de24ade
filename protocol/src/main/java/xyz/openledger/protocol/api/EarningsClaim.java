package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A payout that the member has sent for an owner.
 *
 * @param epoch the payout epoch it is proven by
 * @param transaction hash, {@code 0x…}; absent until it is sent
 */
@Answer
public record EarningsClaim(
    Address owner, @DecimalText long amountNanoOpen, long epoch, @Nullable String transaction) {}
