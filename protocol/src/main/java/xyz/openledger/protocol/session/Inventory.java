package xyz.openledger.protocol.session;

import java.util.List;
import xyz.openledger.protocol.Check;

/**
 * What a machine has, as its probes found it. What could not be found is empty or 0, and a line in
 * {@code degraded} says why.
 *
 * @param sandbox what keeps workers apart here: {@code container}, {@code bubblewrap} or {@code
 *     process}
 * @param degraded for people, one line a probe
 */
public record Inventory(
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
    List<String> degraded) {
  private static final int TEXT_MAX = 256;
  private static final int FLAGS_MAX = 1_024;
  private static final int LINES_MAX = 64;

  /** Checks the ranges. */
  public Inventory {
    Check.text("os", os, TEXT_MAX);
    Check.text("architecture", architecture, TEXT_MAX);
    Check.text("cpuModel", cpuModel, TEXT_MAX);
    cpuFlags = texts("cpuFlags", cpuFlags, FLAGS_MAX);
    Check.range("cores", cores, 0, 65_536);
    Check.range("memoryBytes", memoryBytes, 0, 1L << 50);
    Check.range("diskFreeBytes", diskFreeBytes, 0, Long.MAX_VALUE);
    accelerators = texts("accelerators", accelerators, LINES_MAX);
    Check.text("sandbox", sandbox, TEXT_MAX);
    Check.text("agentVersion", agentVersion, TEXT_MAX);
    degraded = texts("degraded", degraded, LINES_MAX);
  }

  private static List<String> texts(String field, List<String> values, int max) {
    Check.size(field, values, 0, max);
    values.forEach(value -> Check.text(field, value, TEXT_MAX));
    return List.copyOf(values);
  }
}
