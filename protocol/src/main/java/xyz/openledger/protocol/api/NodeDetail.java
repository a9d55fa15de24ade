package xyz.openledger.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A node with all that is known of it.
 *
 * @param transportKey Ed25519 public key, hex
 * @param resultKey secp256k1 public key, compressed, hex
 * @param registration hash of the transaction that registered it; absent until it is on the chain
 * @param watts declared
 * @param hardware what its probes found; absent until it has told
 * @param accept what it asks of jobs; absent if that is nothing
 * @param prefer which jobs it likes; absent if it does not say
 * @param downgraded why it is not believed what it claims; absent if it is
 * @param against what the member has seen that convicts it, the latest first; absent if nothing
 * @param court what was brought against it; absent where that was not asked, or the chain is away
 */
@Answer
public record NodeDetail(
    NodeSummary node,
    String transportKey,
    String resultKey,
    @Nullable String registration,
    String quietHours,
    Map<String, String> labels,
    long memoryMaxBytesPerSlot,
    int watts,
    @Nullable Hardware hardware,
    @Nullable String accept,
    @Nullable String prefer,
    @Nullable Downgraded downgraded,
    @Nullable List<Against> against,
    @Nullable Court court) {

  /** A node that takes any job. */
  public NodeDetail(
      NodeSummary node,
      String transportKey,
      String resultKey,
      @Nullable String registration,
      String quietHours,
      Map<String, String> labels,
      long memoryMaxBytesPerSlot,
      int watts,
      @Nullable Hardware hardware) {
    this(
        node,
        transportKey,
        resultKey,
        registration,
        quietHours,
        labels,
        memoryMaxBytesPerSlot,
        watts,
        hardware,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same with what the court says. */
  public NodeDetail with(@Nullable Court said) {
    return new NodeDetail(
        node,
        transportKey,
        resultKey,
        registration,
        quietHours,
        labels,
        memoryMaxBytesPerSlot,
        watts,
        hardware,
        accept,
        prefer,
        downgraded,
        against,
        said);
  }

  /**
   * The cases against a node before the DisputeCourt contract.
   *
   * @param cases the latest first, {@value #CASES_MAX} at the most
   */
  @Answer
  public record Court(List<Case> cases) {
    /** The most that are told. */
    public static final int CASES_MAX = 10;
  }

  /**
   * An accusation that somebody brought.
   *
   * @param number by which {@code openledger dispute case} knows it
   * @param state where it stands
   * @param accuser who risks the bond
   * @param penaltyNanoOpen what the node loses at the most
   * @param appealsUntilMillis until when its owner may appeal
   * @param evidence SHA-256 of the statements that contradict each other
   */
  @Answer
  public record Case(
      long number,
      State state,
      Address accuser,
      @DecimalText long bondNanoOpen,
      @DecimalText long penaltyNanoOpen,
      long appealsUntilMillis,
      Digest evidence) {
    /** Where a case stands. */
    public enum State {
      /** The owner may appeal; after that anybody may close it, and the stake is taken. */
      @JsonProperty("open")
      OPEN,
      /** It waits for the judge. */
      @JsonProperty("appealed")
      APPEALED,
      /** The stake was taken. */
      @JsonProperty("executed")
      EXECUTED,
      /** The judge heard the appeal: the accuser's bond went to the owner. */
      @JsonProperty("overturned")
      OVERTURNED,
      /** Nobody judged in time: the accuser has its bond again. */
      @JsonProperty("lapsed")
      LAPSED
    }
  }

  /**
   * Something that a court would take a stake on, if somebody brought it.
   *
   * @param kind {@code equivocation} (it signed two outcomes of one task) or {@code contradiction}
   *     (a receipt refutes what it signed)
   * @param receipt the job whose receipt shows it; absent where two signatures are enough
   * @param file its name among the member's evidence
   */
  @Answer
  public record Against(String kind, @Nullable JobId receipt, String file, long seenAtMillis) {}

  /**
   * That challenges found it at half of its claim, or less.
   *
   * @param of {@code memory} (steps of a walk) or {@code fuel} (burnt within its quota): where it
   *     does the least part of its claim
   * @param measuredPerSecond the median of the last challenges
   */
  @Answer
  public record Downgraded(
      String of, long claimedPerSecond, long measuredPerSecond, long sinceMillis) {}

  /**
   * What a node's probes found.
   *
   * @param degraded probes that failed
   */
  @Answer
  public record Hardware(
      String os,
      String architecture,
      String cpuModel,
      List<String> cpuFlags,
      int cores,
      long memoryBytes,
      long diskFreeBytes,
      List<String> accelerators,
      String agentVersion,
      List<String> degraded) {}
}
