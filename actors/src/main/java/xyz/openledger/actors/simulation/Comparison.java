package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.Arrays;
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

  /** The product once more, on the same jobs, which ask for more. */
  private enum Variant {
    HEDGED("openledger, hedged", Wishes.HEDGED, Contender.OPENLEDGER.label),
    PREEMPTING("openledger, preempting", Wishes.PREEMPTIBLE, Contender.OPENLEDGER.label),
    HOURLY("openledger, grid by the hour", Wishes.HOURLY, ""),
    SHIFTING("openledger, shifting", Wishes.SHIFTS, HOURLY.label),
    LIMITED("openledger, quotas", Wishes.LIMITED, Contender.OPENLEDGER.label),
    MARKET("openledger, market", Wishes.MARKET, Contender.OPENLEDGER.label),
    AHEAD("openledger, slots ahead", Wishes.AHEAD, Contender.OPENLEDGER.label);

    final String label;

    @SuppressWarnings("ImmutableEnumChecker") // a record of truths
    final Wishes wishes;

    /** Which run it is compared with; empty for none. */
    final String beside;

    Variant(String label, Wishes wishes, String beside) {
      this.label = label;
      this.wishes = wishes;
      this.beside = beside;
    }
  }

  private Comparison() {}

  /**
   * What to run.
   *
   * @param seed of the first scenario; the next ones follow it
   * @param loadPercent the work that comes, of what the machines can do while it comes
   * @param trace jobs to submit instead of drawn ones
   * @param hedged whether to run the product once more, with jobs that ask to be hedged
   * @param preempting the same with jobs of low priority that may be stopped after notice
   * @param shifting the same twice on grids that are known by the hour: once where nobody waits for
   *     a clean one, and once where those do that weigh carbon
   * @param limited the same once with quotas for tenants
   * @param market the same once with a spot market
   * @param ahead the same once with slots that tenants buy ahead
   */
  public record Plan(
      long seed,
      int seeds,
      int nodes,
      int jobs,
      int loadPercent,
      @Nullable List<Trace.Row> trace,
      boolean hedged,
      boolean preempting,
      boolean shifting,
      boolean limited,
      boolean market,
      boolean ahead) {
    /** A plan in which nobody buys ahead. */
    public Plan(
        long seed,
        int seeds,
        int nodes,
        int jobs,
        int loadPercent,
        @Nullable List<Trace.Row> trace,
        boolean hedged,
        boolean preempting,
        boolean shifting,
        boolean limited,
        boolean market) {
      this(
          seed,
          seeds,
          nodes,
          jobs,
          loadPercent,
          trace,
          hedged,
          preempting,
          shifting,
          limited,
          market,
          false);
    }

    /** A plan in which jobs ask for nothing more. */
    public Plan(
        long seed,
        int seeds,
        int nodes,
        int jobs,
        int loadPercent,
        @Nullable List<Trace.Row> trace) {
      this(seed, seeds, nodes, jobs, loadPercent, trace, false, false, false, false, false);
    }

    private List<Variant> variants() {
      return Arrays.stream(Variant.values())
          .filter(
              each ->
                  switch (each) {
                    case HEDGED -> hedged;
                    case PREEMPTING -> preempting;
                    case HOURLY, SHIFTING -> shifting;
                    case LIMITED -> limited;
                    case MARKET -> market;
                    case AHEAD -> ahead;
                  })
          .toList();
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
      for (Variant variant : plan.variants()) {
        Scheduler scheduler = Contender.OPENLEDGER.scheduler(scenario, usefulness);
        var simulation =
            new Simulation(
                scenario, scheduler, usefulness, variant.label, variant.wishes, Rules.PRODUCTION);
        rows.add(new SimulationReport.Row(variant.label, seed, simulation.run()));
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
        plan.seeds() > 1 ? differences(rows, plan.variants()) : List.of());
  }

  private static List<SimulationReport.Difference> differences(
      List<SimulationReport.Row> rows, List<Variant> variants) {
    var differences = new ArrayList<SimulationReport.Difference>();
    for (Contender other : Contender.values()) {
      if (other != Contender.OPENLEDGER) {
        for (Measure measure : Measure.values()) {
          differences.add(difference(rows, Contender.OPENLEDGER.label, other.label, measure));
        }
      }
    }
    for (Variant variant : variants) {
      for (Measure measure : Measure.values()) {
        if (!variant.beside.isEmpty()) {
          differences.add(difference(rows, variant.beside, variant.label, measure));
        }
      }
    }
    return differences;
  }

  private static SimulationReport.Difference difference(
      List<SimulationReport.Row> rows, String one, String other, Measure measure) {
    double[] ours = of(rows, one, measure);
    double[] theirs = of(rows, other, measure);
    double[] less = new double[ours.length];
    for (int i = 0; i < less.length; i++) {
      less[i] = ours[i] - theirs[i];
    }
    Interval interval = Interval.of(less);
    boolean differs = interval.least() > 0 || interval.most() < 0;
    boolean better = interval.mean() < 0 == measure.lessIsBetter;
    return new SimulationReport.Difference(
        one,
        other,
        measure.label,
        interval,
        differs ? (better ? "better" : "worse") : "no difference");
  }

  private static double[] of(List<SimulationReport.Row> rows, String label, Measure measure) {
    return rows.stream()
        .filter(row -> row.scheduler().equals(label))
        .mapToDouble(row -> measure.of.applyAsDouble(row.figures()))
        .toArray();
  }
}
