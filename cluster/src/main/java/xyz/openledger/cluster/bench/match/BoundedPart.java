package xyz.openledger.cluster.bench.match;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.pools.index.Program;
import xyz.openledger.pools.index.Ranking;
import xyz.openledger.pools.index.Search;
import xyz.openledger.pools.index.Top;

/** The search that stops after so many feasible nodes, and what its haste costs in score. */
final class BoundedPart {
  private static final int FEASIBLE = 64;
  private static final int DRAWS = 20;
  private static final double MICROS = 60;
  private static final double REGRET_PERCENT = 5;
  private static final double PERCENT = 100;
  private static final double P99 = 0.99;

  private final World world;
  private final Map<String, MatchKernel> kernels;
  private final Stopwatch stopwatch;
  private final SplittableRandom random;
  private final List<String> findings;
  private final List<Program> programs;
  private final List<Ranking> rankings;

  BoundedPart(
      World world,
      Map<String, MatchKernel> kernels,
      Stopwatch stopwatch,
      long seed,
      List<String> findings) {
    this.world = world;
    this.kernels = kernels;
    this.stopwatch = stopwatch;
    this.findings = findings;
    random = new SplittableRandom(seed);
    programs = world.policies().stream().map(p -> p.over(world.table()).build()).toList();
    rankings = world.policies().stream().map(World.Policy::ranking).toList();
  }

  MatchReport.Part run() {
    var works = new LinkedHashMap<String, Stopwatch.Work>();
    kernels.forEach(
        (name, kernel) -> {
          var search = new Search(world.table(), kernel);
          works.put("guided, " + name, () -> each(search, true));
          works.put("as they come, " + name, () -> each(search, false));
        });
    Map<String, Stopwatch.Times> times = stopwatch.alternate(works);
    List<Double> guided = regrets(true);
    List<Double> plain = regrets(false);
    var goals = new ArrayList<Goal>();
    kernels
        .keySet()
        .forEach(
            name -> {
              Stopwatch.Times taken = times.get("guided, " + name);
              if (taken != null) {
                goals.add(Goal.atMost("µs, guided, " + name, MICROS, taken.median()));
              }
            });
    goals.add(Goal.atMost("mean regret in percent, guided", REGRET_PERCENT, mean(guided)));
    return new MatchReport.Part(
        "bounded",
        "a good node for one policy, after %d feasible ones".formatted(FEASIBLE),
        times.entrySet().stream().map(entry -> entry.getValue().figure(entry.getKey())).toList(),
        List.of(
            new MatchReport.Fact("mean regret in percent, guided", Rounded.to2(mean(guided))),
            new MatchReport.Fact("p99 regret in percent, guided", Rounded.to2(p99(guided))),
            new MatchReport.Fact("mean regret in percent, as they come", Rounded.to2(mean(plain))),
            new MatchReport.Fact("p99 regret in percent, as they come", Rounded.to2(p99(plain)))),
        goals);
  }

  private int each(Search search, boolean guided) {
    var top = new Top(MatchBench.BEST);
    for (int i = 0; i < programs.size(); i++) {
      search.bounded(programs.get(i), rankings.get(i), top, FEASIBLE, guided, random);
    }
    return programs.size();
  }

  /** By how much the score of the node found is below that of the best, in percent, sorted. */
  private List<Double> regrets(boolean guided) {
    var search = new Search(world.table(), kernels.values().iterator().next());
    var best = new Top(1);
    var found = new Top(MatchBench.BEST);
    var regrets = new ArrayList<Double>();
    for (int i = 0; i < programs.size(); i++) {
      search.best(programs.get(i), rankings.get(i), best);
      for (int draw = 0; draw < DRAWS; draw++) {
        search.bounded(programs.get(i), rankings.get(i), found, FEASIBLE, guided, random);
        for (int row : found.rows()) {
          if (!programs.get(i).test(row)) {
            findings.add("bounded: node " + row + " does not satisfy policy " + i);
          }
        }
        if (found.size() == 0 && best.size() > 0) {
          findings.add("bounded: nothing found for policy " + i);
        } else if (best.size() > 0 && best.score(0) > 0) {
          regrets.add(PERCENT * (best.score(0) - found.score(0)) / best.score(0));
        }
      }
    }
    Collections.sort(regrets);
    return regrets;
  }

  private static double mean(List<Double> regrets) {
    return regrets.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  private static double p99(List<Double> sorted) {
    return sorted.isEmpty() ? 0 : sorted.get((int) (P99 * (sorted.size() - 1)));
  }
}
