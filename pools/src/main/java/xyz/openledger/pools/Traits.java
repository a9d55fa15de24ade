package xyz.openledger.pools;

import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.Check;

/**
 * What a machine is, as its probes found it or its contributor declared it; what could not be found
 * is empty or 0.
 *
 * @param labels declared by the contributor
 * @param architecture such as {@code amd64}
 * @param operatingSystem such as {@code Linux 6.1}
 * @param sandbox the isolation that its workers reach
 * @param cores of the machine
 * @param memoryBytes of the machine
 * @param diskFreeBytes of the machine
 * @param accelerators by model
 * @param watts under load, declared; 0 if undeclared
 */
public record Traits(
    Map<String, String> labels,
    String architecture,
    String operatingSystem,
    String sandbox,
    int cores,
    long memoryBytes,
    long diskFreeBytes,
    List<String> accelerators,
    int watts) {
  /** Nothing is known. */
  public static final Traits UNKNOWN = new Traits(Map.of(), "", "", "", 0, 0, 0, List.of(), 0);

  /** Checks the ranges. */
  public Traits {
    labels = Map.copyOf(labels);
    accelerators = List.copyOf(accelerators);
    Check.range("cores", cores, 0, 65_536);
    Check.range("memoryBytes", memoryBytes, 0, Long.MAX_VALUE);
    Check.range("diskFreeBytes", diskFreeBytes, 0, Long.MAX_VALUE);
    Check.range("watts", watts, 0, 1_000_000);
  }

  /** The same machine with other labels. */
  public Traits labelled(Map<String, String> others) {
    return new Traits(
        others,
        architecture,
        operatingSystem,
        sandbox,
        cores,
        memoryBytes,
        diskFreeBytes,
        accelerators,
        watts);
  }
}
