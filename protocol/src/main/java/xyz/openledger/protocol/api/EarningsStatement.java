package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What a node earned, or the models of an owner, and where each part of it stands.
 *
 * @param node absent for an owner's models, of which each line is a job's share
 * @param earnedNanoOpen waits for the next payout epoch
 * @param publishingNanoOpen waits for the epoch to be final on the chain, and to pay
 * @param withheldNanoOpen what unpaid replicas would have brought
 * @param lines the last ones, oldest first
 * @param claimedNanoOpen was paid out on the chain
 * @param earlierNanoOpen what was paid before the first of the lines; with their net amounts it
 *     adds up to all that was ever earned
 * @param held what has not reached the owner, why, and what releases it
 */
@Answer
public record EarningsStatement(
    @Nullable NodeId node,
    Address owner,
    @DecimalText long earnedNanoOpen,
    @DecimalText long publishingNanoOpen,
    @DecimalText long claimableNanoOpen,
    @DecimalText long withheldNanoOpen,
    List<Line> lines,
    @DecimalText @Nullable Long claimedNanoOpen,
    @DecimalText @Nullable Long earlierNanoOpen,
    @Nullable List<Held> held) {

  /** All that was ever earned: what is on its way, claimable, and claimed. */
  public long lifetimeNanoOpen() {
    return earnedNanoOpen
        + publishingNanoOpen
        + claimableNanoOpen
        + (claimedNanoOpen == null ? 0 : claimedNanoOpen);
  }

  /**
   * A part that has not reached the owner.
   *
   * @param why it has not
   * @param releasedBy what must happen
   * @param withinMillis how long that takes at the most; absent where nobody can say, or never
   */
  @Answer
  public record Held(
      Standing standing,
      @DecimalText long amountNanoOpen,
      String why,
      String releasedBy,
      @Nullable Long withinMillis) {}

  /**
   * One replica.
   *
   * @param epoch the payout epoch it is in; 0 while in none
   * @param reason why it is withheld, as a code; empty if it is not
   * @param why it has not reached the owner, in words; absent once it has
   * @param releasedBy what must happen; absent once it has
   * @param withinMillis how long that takes at the most; absent where nobody can say, or never
   */
  @Answer
  public record Line(
      JobId job,
      String replica,
      @DecimalText long netNanoOpen,
      @DecimalText long feeNanoOpen,
      Standing standing,
      long epoch,
      String reason,
      @Nullable String why,
      @Nullable String releasedBy,
      @Nullable Long withinMillis) {}

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
