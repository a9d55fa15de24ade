package xyz.openledger.protocol.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;

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
    @Nullable List<Against> against) {

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
        null);
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
