package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * What a member knows of the contract on which voted rules stand.
 *
 * @param epoch that binds by vote; 0 before the first vote
 * @param latestEpoch that was published last; above {@code epoch} while its notice runs
 * @param effectiveAtMillis when the latest binds, or began to
 * @param detail why the board is not followed; absent if it is
 */
@Answer
public record GovernanceBoard(
    Standing standing,
    long epoch,
    Digest ruleHash,
    long latestEpoch,
    long effectiveAtMillis,
    @Nullable String detail) {

  /** Whether what was voted is obeyed. */
  public enum Standing {
    /** It is, or nothing was voted yet. */
    @JsonProperty("followed")
    FOLLOWED,
    /** The rules before are kept: see {@code detail}. */
    @JsonProperty("kept")
    KEPT,
    /** The chain does not answer; the rules before are kept. */
    @JsonProperty("unread")
    UNREAD
  }
}
