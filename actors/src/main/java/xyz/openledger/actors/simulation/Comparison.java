package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/**
 * Runs the same scenarios under the product's scheduler and under baselines. The same request gives
 * the same report, byte for byte.
 */
public final class Comparison {
  private static final int SEEDS_MAX = 1_000;

  /** The product, where every job asks to be hedged. */
  private static final String HEDGED = "openledger, hedged";

  private Comparison() {}

  /**
   * What to run.
   *
   * @param seed of the first scenario; the next ones follow it
   * @param loadPercent the work that comes, of what the machines can do while it comes
   * @param trace jobs to submit instead of drawn ones
   * @param hedged whether to run the product once more, with jobs that ask to be hedged
   */
  public record Plan(
      long seed,
      int seeds,
      int nodes,
      int jobs,
      int loadPercent,
      @Nullable List<Trace.Row> trace,
      boolean hedged) {
    /** A plan without hedges. */
    public Plan(
        long seed,
        int seeds,
        int nodes,
        int jobs,
        int loadPercent,
        @Nullable List<Trace.Row> trace) {
      this(seed, seeds, nodes, jobs, loadPercent, trace, false);
    }

    /** Checks the ranges. */
    public Plan {
      Check.range("seeds", seeds, 1, SEEDS_MAX);
      Check.range("nodes", nodes, Fleet.STEADY, 2_000);
      Check.range("jobs", jobs, 1, 20_000);
      Check.range("load", loadPercent, 1, 1_000);
    }
  }

  /** Runs all of it. */
  public static SimulationReport run(Plan plan, Consumer<String> progress) {
    var rows = new ArrayList<SimulationReport.Row>();
    for (int i = 0; i < plan.seeds(); i++) {
      long seed = plan.seed() + i;
      Scenario scenario =
          Scenario.draw(
              seed, new Scenario.Size(plan.nodes(), plan.jobs(), plan.loadPercent(), plan.trace()));
      var usefulness = new Usefulness(scenario);
      for (Contender contender : Contender.values()) {
        Scheduler scheduler = contender.scheduler(scenario, usefulness);
        Figures figures = new Simulation(scenario, scheduler, usefulness, contender.label).run();
        rows.add(new SimulationReport.Row(contender.label, seed, figures));
      }
      if (plan.hedged()) {
        Scheduler scheduler = Contender.OPENLEDGER.scheduler(scenario, usefulness);
        Figures figures = new Simulation(scenario, scheduler, usefulness, HEDGED, true).run();
        rows.add(new SimulationReport.Row(HEDGED, seed, figures));
      }
      if (plan.seeds() > 1) {
        progress.accept("seed %d: %d of %d".formatted(seed, i + 1, plan.seeds()));
      }
    }
    return new SimulationReport(
        plan.seed(),
        plan.seeds(),
        plan.nodes(),
        plan.trace() == null ? plan.jobs() : plan.trace().size(),
        plan.trace() == null ? plan.loadPercent() : 0,
        List.copyOf(rows),
        plan.seeds() > 1 ? differences(rows, plan.hedged()) : List.of());
  }

  private static List<SimulationReport.Difference> differences(
      List<SimulationReport.Row> rows, boolean hedged) {
    var differences = new ArrayList<SimulationReport.Difference>();
    for (Contender other : Contender.values()) {
      if (other != Contender.OPENLEDGER) {
        for (Measure measure : Measure.values()) {
          differences.add(difference(rows, other.label, measure));
        }
      }
    }
    if (hedged) {
      for (Measure measure : Measure.values()) {
        differences.add(difference(rows, HEDGED, measure));
      }
    }
    return differences;
  }

  private static SimulationReport.Difference difference(
      List<SimulationReport.Row> rows, String other, Measure measure) {
    double[] ours = of(rows, Contender.OPENLEDGER.label, measure);
    double[] theirs = of(rows, other, measure);
    double[] less = new double[ours.length];
    for (int i = 0; i < less.length; i++) {
      less[i] = ours[i] - theirs[i];
    }
    Interval interval = Interval.of(less);
    boolean differs = interval.least() > 0 || interval.most() < 0;
    boolean better = interval.mean() < 0 == measure.lessIsBetter;
    return new SimulationReport.Difference(
        other, measure.label, interval, differs ? (better ? "better" : "worse") : "no difference");
  }

  private static double[] of(List<SimulationReport.Row> rows, String label, Measure measure) {
    return rows.stream()
        .filter(row -> row.scheduler().equals(label))
        .mapToDouble(row -> measure.of.applyAsDouble(row.figures()))
        .toArray();
  }
}
