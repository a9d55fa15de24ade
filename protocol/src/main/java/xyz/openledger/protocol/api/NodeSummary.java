package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A node in a list. Speed and round trip are measured; region and carbon are declared.
 *
 * @param connected whether its stream is open
 * @param leased leases it holds
 * @param reputation 0 to 10,000
 * @param sandbox the isolation it reached
 */
@Answer
public record NodeSummary(
    NodeId id,
    String name,
    Address owner,
    PoolId pool,
    Standing standing,
    boolean connected,
    int slots,
    int leased,
    int reputation,
    @DecimalText long priceNanoOpenPerGigafuel,
    String region,
    int carbonGramsPerKwh,
    @DecimalText long fuelPerCpuSecond,
    int roundTripMicros,
    String sandbox,
    @DecimalText long stakeNanoOpen) {

  /** Where a node stands. */
  public enum Standing {
    /** Enrolled, and not yet proven. */
    @JsonProperty("joining")
    JOINING,
    /** Takes work. */
    @JsonProperty("ready")
    READY,
    /** Finishes what it holds, and takes no more. */
    @JsonProperty("draining")
    DRAINING,
    /** Gets no work until an operator decides. */
    @JsonProperty("suspended")
    SUSPENDED,
    /** Is gone for good. */
    @JsonProperty("left")
    LEFT
  }
}
