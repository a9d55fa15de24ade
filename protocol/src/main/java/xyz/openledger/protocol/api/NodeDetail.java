package xyz.openledger.protocol.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    @Nullable Downgraded downgraded) {

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
        null);
  }

  /**
   * That challenges found it at half of its claim, or less.
   *
   * @param measuredStepsPerSecond the median of the last challenges
   */
  @Answer
  public record Downgraded(
      long claimedStepsPerSecond, long measuredStepsPerSecond, long sinceMillis) {}

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
