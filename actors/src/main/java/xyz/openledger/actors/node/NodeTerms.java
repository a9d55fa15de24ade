package xyz.openledger.actors.node;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.Traits;
import xyz.openledger.protocol.session.Selling;

/**
 * What a node has and asks. Speed and round trip are measured in its sandbox; region, carbon and
 * watts are declared.
 *
 * @param own what it asks of jobs; absent if that is nothing
 * @param selling what is for sale beside on-demand slots; absent for nothing
 */
public record NodeTerms(
    long priceNanoOpenPerGigafuel,
    int slots,
    long memoryMaxBytesPerSlot,
    String region,
    int carbonGramsPerKwh,
    int watts,
    String quietHours,
    Map<String, String> labels,
    long fuelPerCpuSecond,
    int roundTripMicros,
    NodeHardware hardware,
    @Nullable OwnTerms own,
    @Nullable Selling selling) {

  /** Terms that take any job, and sell on demand alone. */
  public NodeTerms(
      long priceNanoOpenPerGigafuel,
      int slots,
      long memoryMaxBytesPerSlot,
      String region,
      int carbonGramsPerKwh,
      int watts,
      String quietHours,
      Map<String, String> labels,
      long fuelPerCpuSecond,
      int roundTripMicros,
      NodeHardware hardware) {
    this(
        priceNanoOpenPerGigafuel,
        slots,
        memoryMaxBytesPerSlot,
        region,
        carbonGramsPerKwh,
        watts,
        quietHours,
        labels,
        fuelPerCpuSecond,
        roundTripMicros,
        hardware,
        null,
        null);
  }

  /** What matching sees of the machine. */
  public Traits traits() {
    return new Traits(
        labels,
        hardware.architecture(),
        hardware.os(),
        hardware.sandbox(),
        hardware.cores(),
        hardware.memoryBytes(),
        hardware.diskFreeBytes(),
        hardware.accelerators(),
        watts);
  }

  /** What the node's probes found. */
  public record NodeHardware(
      String os,
      String architecture,
      String cpuModel,
      List<String> cpuFlags,
      int cores,
      long memoryBytes,
      long diskFreeBytes,
      List<String> accelerators,
      String sandbox,
      String agentVersion,
      List<String> degraded) {}
}
