package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * Money on its way back.
 *
 * @param transaction hash, {@code 0x…}; absent until it is sent
 */
@Answer
public record Withdrawal(
    String id,
    TenantId tenant,
    @DecimalText long amountNanoOpen,
    Address to,
    State state,
    @Nullable String transaction) {

  /** Where it stands. */
  public enum State {
    /** Taken from the account. */
    @JsonProperty("requested")
    REQUESTED,
    /** Arrived. */
    @JsonProperty("completed")
    COMPLETED,
    /** Came back to the account. */
    @JsonProperty("returned")
    RETURNED
  }
}
