package xyz.openledger.protocol.api;

import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What a requester has.
 *
 * @param heldNanoOpen in escrow for jobs that are not decided
 */
@Answer
public record Account(
    TenantId tenant,
    @DecimalText long availableNanoOpen,
    @DecimalText long heldNanoOpen,
    @DecimalText long withdrawingNanoOpen) {}
