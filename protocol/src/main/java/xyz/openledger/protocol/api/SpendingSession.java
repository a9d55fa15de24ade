package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A session key that pays for what comes under an API key.
 *
 * @param signedHere whether the member keeps the key, and signs
 * @param capNanoOpen the most that it may spend; 0 until it is open
 * @param expiresAtSeconds 0 until it is open
 * @param runningNanoOpen the most that jobs cost which have started and not ended
 */
@Answer
public record SpendingSession(
    String apiKey,
    Address key,
    boolean signedHere,
    State state,
    @DecimalText long capNanoOpen,
    long expiresAtSeconds,
    @DecimalText long runningNanoOpen,
    List<PoolTab> pools) {

  /** Where it stands. */
  public enum State {
    /** No final block has its authorisation yet. */
    @JsonProperty("awaiting")
    AWAITING,
    /** It pays. */
    @JsonProperty("open")
    OPEN,
    /** It pays no more. */
    @JsonProperty("expired")
    EXPIRED
  }

  /**
   * How it stands with one pool.
   *
   * @param owedNanoOpen what jobs that ended came to
   * @param promisedNanoOpen what the voucher says that the member holds
   * @param settledNanoOpen what the chain's final state says was paid
   */
  @Answer
  public record PoolTab(
      PoolId pool,
      @DecimalText long owedNanoOpen,
      @DecimalText long promisedNanoOpen,
      @DecimalText long settledNanoOpen) {}

  /** What is owed to all pools. */
  public long owedNanoOpen() {
    return pools.stream().mapToLong(PoolTab::owedNanoOpen).sum();
  }
}
