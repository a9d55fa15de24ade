package xyz.openledger.cluster.bench.match;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.nativekernels.Kernels;
import xyz.openledger.pools.index.Program;
import xyz.openledger.pools.index.Ranking;
import xyz.openledger.pools.index.Search;
import xyz.openledger.pools.index.Table;
import xyz.openledger.pools.index.Top;

/**
 * What it costs that nodes change: three attributes at a time of a node drawn at random get a value
 * drawn at random, which is harder on the bitmaps than a figure that moves a little.
 */
final class UpdatePart {
  private static final int DRAWN = 1 << 14;
  private static final int ATTRIBUTES = 3;
  private static final int PER_RUN = 30_000;
  private static final double UPDATES_PER_NANO = 300_000 / 1e9;
  private static final double UPDATE_NANOS = 300;
  private static final double FALL_PERCENT = 10;
  private static final double NANOS_PER_MICRO = 1_000;
  private static final double PERCENT = 100;

  private final Table table;
  private final Stopwatch stopwatch;
  private final List<Program> programs;
  private final List<Ranking> rankings;
  private final int[] rows = new int[DRAWN];
  private final int[] columns = new int[DRAWN * ATTRIBUTES];
  private final int[] values = new int[DRAWN * ATTRIBUTES];
  private int next;

  UpdatePart(World world, Stopwatch stopwatch, Random random) {
    table = world.table();
    this.stopwatch = stopwatch;
    programs = world.policies().stream().map(p -> p.over(world.table()).build()).toList();
    rankings = world.policies().stream().map(World.Policy::ranking).toList();
    for (int i = 0; i < DRAWN; i++) {
      rows[i] = random.nextInt(table.size());
    }
    for (int i = 0; i < columns.length; i++) {
      columns[i] = random.nextInt(World.ATTRIBUTES);
      values[i] = World.value(random, columns[i]);
    }
  }

  MatchReport.Part run() {
    Stopwatch.Times update =
        stopwatch.time(
            () -> {
              for (int i = 0; i < PER_RUN; i++) {
                update();
              }
              return PER_RUN;
            });
    var search = new Search(table, Kernels.match());
    var top = new Top(MatchBench.BEST);
    var works = new LinkedHashMap<String, Stopwatch.Work>();
    works.put("match alone", () -> matches(search, top, 0));
    works.put("match with 300,000 updates a second", () -> matches(search, top, UPDATES_PER_NANO));
    var times = stopwatch.alternate(works);
    Stopwatch.Times alone = times.getOrDefault("match alone", update);
    Stopwatch.Times mixed = times.getOrDefault("match with 300,000 updates a second", update);
    double fall = PERCENT * (1 - alone.over(mixed));
    return new MatchReport.Part(
        "update",
        "one attribute changed; an exact match with what the updates of its time cost",
        List.of(
            update.figure("one attribute"),
            alone.figure("match alone"),
            mixed.figure("match with 300,000 updates a second")),
        List.of(new MatchReport.Fact("matches lost to updates, in percent", round(fall))),
        List.of(
            Goal.atMost("ns for one attribute", UPDATE_NANOS, NANOS_PER_MICRO * update.median()),
            Goal.atMost("percent of matches lost to updates", FALL_PERCENT, fall)));
  }

  private static double round(double value) {
    return Rounded.to2(value);
  }

  private void update() {
    int at = next++ % columns.length;
    // Each time round the drawn changes meet other nodes, so that a value is seldom there already.
    int row = (rows[at / ATTRIBUTES] + next / columns.length) % table.size();
    table.set(row, columns[at], values[at]);
  }

  /** After each match as many updates as came in meanwhile, at that rate of CPU time. */
  private int matches(Search search, Top top, double updatesPerNano) {
    double due = 0;
    long last = Stopwatch.cpuNanos();
    for (int i = 0; i < programs.size(); i++) {
      search.best(programs.get(i), rankings.get(i), top);
      long now = Stopwatch.cpuNanos();
      due += (now - last) * updatesPerNano;
      last = now;
      for (; due >= 1; due--) {
        update();
      }
    }
    return programs.size();
  }
}
