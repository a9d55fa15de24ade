package xyz.openledger.cluster.http.api;

import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What a requester has.
 *
 * @param heldNanoOpen in escrow for jobs that are not decided
 */
public record Account(
    TenantId tenant,
    @DecimalText long availableNanoOpen,
    @DecimalText long heldNanoOpen,
    @DecimalText long withdrawingNanoOpen) {}
