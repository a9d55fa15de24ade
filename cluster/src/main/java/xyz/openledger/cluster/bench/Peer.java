package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another scheduler, for comparison.
 *
 * @param name of it, and what it was given to do
 * @param source where the figure comes from; says so if it is not of this run
 */
public record Peer(String name, double jobsPerCpuSecond, String source) {
  private static final Pattern FIGURE = Pattern.compile("= ([0-9.]+) jobs per CPU-second");

  /** Slurm, as measured on the machine that this was written on, for want of a figure of today. */
  static final Peer RECORDED =
      new Peer(
          "Slurm 22.05.8, 16 slurmd, separate no-op sbatch jobs",
          26.9,
          "recorded earlier on one machine, not measured in this run; see docs/performance.md");

  /**
   * What a peer's own benchmark printed: a line that ends in {@code = 34.0 jobs per CPU-second}.
   *
   * @throws IllegalArgumentException if there is no such line
   */
  static Peer read(Path file) throws IOException {
    Matcher figure = FIGURE.matcher(Files.readString(file));
    if (!figure.find()) {
      throw new IllegalArgumentException(
          file + " has no line with '= … jobs per CPU-second'; see benchmarks/README.md");
    }
    return new Peer(
        "Slurm, separate no-op sbatch jobs",
        Double.parseDouble(figure.group(1)),
        "measured at " + Files.getLastModifiedTime(file) + ", " + file.getFileName());
  }
}
