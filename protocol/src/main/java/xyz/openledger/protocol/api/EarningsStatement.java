package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What a node earned, and where each part of it stands.
 *
 * @param earnedNanoOpen waits for the next payout epoch
 * @param publishingNanoOpen waits for the epoch's root to be final on the chain
 * @param withheldNanoOpen what unpaid replicas would have brought
 * @param lines the last ones, oldest first
 */
@Answer
public record EarningsStatement(
    NodeId node,
    Address owner,
    @DecimalText long earnedNanoOpen,
    @DecimalText long publishingNanoOpen,
    @DecimalText long claimableNanoOpen,
    @DecimalText long withheldNanoOpen,
    List<Line> lines) {

  /**
   * One replica.
   *
   * @param epoch the payout epoch it is in; 0 while in none
   * @param reason why it is withheld; empty if it is not
   */
  @Answer
  public record Line(
      JobId job,
      String replica,
      @DecimalText long netNanoOpen,
      @DecimalText long feeNanoOpen,
      Standing standing,
      long epoch,
      String reason) {}

  /** Where a replica's money is. */
  public enum Standing {
    /** In no payout epoch yet. */
    @JsonProperty("earned")
    EARNED,
    /** In an epoch whose root is not final. */
    @JsonProperty("publishing")
    PUBLISHING,
    /** The owner may claim it. */
    @JsonProperty("claimable")
    CLAIMABLE,
    /** The owner has claimed it on the chain. */
    @JsonProperty("claimed")
    CLAIMED,
    /** Not paid. */
    @JsonProperty("withheld")
    WITHHELD
  }
}
