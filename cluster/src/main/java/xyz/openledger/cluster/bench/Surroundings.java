package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a figure depends on beside the program.
 *
 * @param loadBefore one-minute load average as the bench began
 * @param loadAfter and as it ended; the bench itself is in it
 * @param wholeTree whether children's CPU time could be counted
 */
public record Surroundings(
    String at,
    String cpu,
    int cores,
    String java,
    String fileSystem,
    double loadBefore,
    double loadAfter,
    boolean wholeTree) {

  /** As a bench begins, with its data in a folder. */
  public static Surroundings before(Path data) throws IOException {
    return new Surroundings(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        processor(),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().toString(),
        Files.getFileStore(data).type(),
        load(),
        0,
        ProcessTree.WHOLE);
  }

  /** As it ends. */
  public Surroundings after() {
    return new Surroundings(at, cpu, cores, java, fileSystem, loadBefore, load(), wholeTree);
  }

  private static double load() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return Rounded.to2(system.getSystemLoadAverage());
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException elsewhere) {
      return System.getProperty("os.arch");
    }
  }
}
