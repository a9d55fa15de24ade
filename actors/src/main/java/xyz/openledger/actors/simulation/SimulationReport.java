package xyz.openledger.actors.simulation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a comparison came to.
 *
 * @param seed the first one
 * @param seeds how many, one after the other
 * @param rows one for each scheduler and seed
 * @param differences of the product's scheduler to each other one, seed by seed; none for one seed
 */
public record SimulationReport(
    long seed,
    int seeds,
    int nodes,
    int jobs,
    int loadPercent,
    List<Row> rows,
    List<Difference> differences) {

  /** What one scheduler made of one seed. */
  public record Row(String scheduler, long seed, Figures figures) {}

  /**
   * One figure of the product's scheduler less that of another one, on the same jobs and machines.
   *
   * @param of the product, as it is or with what jobs ask for beside
   * @param verdict {@code better} or {@code worse} if the interval does not hold 0, else {@code no
   *     difference}
   */
  public record Difference(
      String of, String to, String measure, Interval difference, String verdict) {}

  /** The mean over all seeds of one scheduler's figures, by measure. */
  public double mean(String scheduler, Measured measure) {
    return rows.stream()
        .filter(row -> row.scheduler().equals(scheduler))
        .mapToDouble(row -> measure.of(row.figures()))
        .average()
        .orElse(0);
  }

  /** Takes one figure. */
  @FunctionalInterface
  public interface Measured {
    /** That figure. */
    double of(Figures figures);
  }

  /** The schedulers, in order. */
  public List<String> schedulers() {
    return rows.stream().map(Row::scheduler).distinct().toList();
  }

  /**
   * Where the product's scheduler is behind, and whom: by the intervals, or of one seed by the mere
   * figures, which proves nothing.
   */
  public Map<String, List<String>> behind() {
    Map<String, List<String>> behind = new LinkedHashMap<>();
    String own = Contender.OPENLEDGER.label;
    for (Measure measure : Measure.values()) {
      List<String> ahead =
          differences.isEmpty()
              ? Arrays.stream(Contender.values())
                  .map(each -> each.label)
                  .filter(each -> isBetter(measure, each, own))
                  .toList()
              : differences.stream()
                  .filter(row -> row.of().equals(own) && row.measure().equals(measure.label))
                  .filter(row -> row.verdict().equals("worse"))
                  .map(Difference::to)
                  .toList();
      if (!ahead.isEmpty()) {
        behind.put(measure.label, ahead);
      }
    }
    return behind;
  }

  private boolean isBetter(Measure measure, String one, String other) {
    double more = mean(one, measure.of::applyAsDouble) - mean(other, measure.of::applyAsDouble);
    return measure.lessIsBetter ? more < 0 : more > 0;
  }

  /** Of all waits that were foretold, the part that was shorter than said, in percent. */
  public Map<String, Double> calibration() {
    double told = 0;
    double within50 = 0;
    double within90 = 0;
    for (Row row : rows) {
      Figures figures = row.figures();
      told += figures.etaTold();
      within50 += figures.etaTold() * figures.etaWithin50Percent();
      within90 += figures.etaTold() * figures.etaWithin90Percent();
    }
    return told == 0
        ? Map.of()
        : new TreeMap<>(
            Map.of(
                "told",
                told,
                "withinP50Percent",
                rounded(within50 / told),
                "withinP90Percent",
                rounded(within90 / told)));
  }

  private static double rounded(double value) {
    return StrictMath.rint(value * 100) / 100;
  }
}
