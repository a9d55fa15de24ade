package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A job with its tasks.
 *
 * @param receiptLevel how far its receipt is; absent until it is in the log
 * @param governance the rules under which it was admitted and is decided; absent where nothing was
 *     governed
 * @param firstAnswer what was answered before it was verified; absent if nothing was
 */
@Answer
public record JobDetail(
    JobSummary job,
    List<TaskView> tasks,
    @Nullable ReceiptLevel receiptLevel,
    @Nullable GovernedBy governance,
    @Nullable FirstAnswer firstAnswer) {

  /** A job of a time when nothing was governed. */
  public JobDetail(JobSummary job, List<TaskView> tasks, @Nullable ReceiptLevel receiptLevel) {
    this(job, tasks, receiptLevel, null, null);
  }

  /** Whether its result may be had: the job is over, or has answered first. */
  public boolean hasAnswer() {
    return firstAnswer != null || job.state().isFinal();
  }

  /**
   * An answer that was given before it was verified.
   *
   * @param receiptIndex of the leaf that stands for it; absent until it is in the log
   * @param confirmed whether those who verified it came to the same; absent until they have, or if
   *     nobody could
   */
  @Answer
  public record FirstAnswer(@Nullable Long receiptIndex, @Nullable Boolean confirmed) {}

  /** Rules, by their epoch and hash. */
  @Answer
  public record GovernedBy(long epoch, Digest ruleHash) {
    /** Those rules; null where nothing was governed. */
    public static @Nullable GovernedBy of(long epoch, Digest ruleHash) {
      return epoch == 0 ? null : new GovernedBy(epoch, ruleHash);
    }

    /** {@code governance epoch 3, rules sha256:…}. */
    public String words() {
      return "governance epoch %d, rules %s".formatted(epoch, ruleHash);
    }
  }

  /**
   * One task.
   *
   * @param outcome the accepted one; absent until there is one
   */
  @Answer
  public record TaskView(int index, @Nullable Outcome outcome, List<ReplicaView> replicas) {}

  /**
   * One execution.
   *
   * @param outcome what its node said; absent until the verdict on its task is final, since nobody
   *     sees an outcome before
   * @param problem why it brought nothing; absent if it did, or still may
   * @param detail the same as a sentence; absent if there is nothing to say
   * @param region declared by the contributor
   * @param carbonGramsPerKwh declared by the contributor
   */
  @Answer
  public record ReplicaView(
      ReplicaId id,
      NodeId node,
      Address owner,
      PoolId pool,
      ReplicaState state,
      @Nullable Outcome outcome,
      @Nullable Problem problem,
      @Nullable String detail,
      @DecimalText long priceNanoOpenPerGigafuel,
      @DecimalText long paidNanoOpen,
      String region,
      int carbonGramsPerKwh) {}

  /** Where an execution stands. */
  public enum ReplicaState {
    /** Its node has the lease. */
    @JsonProperty("leased")
    LEASED,
    /** Its node runs it. */
    @JsonProperty("running")
    RUNNING,
    /** Its node bound itself to an outcome that nobody has seen. */
    @JsonProperty("committed")
    COMMITTED,
    /** Its node showed the outcome. */
    @JsonProperty("revealed")
    REVEALED,
    /** Agreed with the result, and is paid. */
    @JsonProperty("accepted")
    ACCEPTED,
    /** Dissented, and is not. */
    @JsonProperty("rejected")
    REJECTED,
    /** Its node went away or could not run it. */
    @JsonProperty("lost")
    LOST,
    /** Was no longer needed. */
    @JsonProperty("released")
    RELEASED
  }
}
