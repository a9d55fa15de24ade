package xyz.openledger.cluster.bench.match;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;

/** Placing, leasing and giving back through the queue and the matcher of a member. */
final class MemberPart {
  /** Tasks that are offered together. */
  static final int TASKS = 256;

  private static final int SCANNED_MAX = 10_000;
  private static final int COMPARED = 10_000;
  private static final double PLACEMENTS_PER_CPU_SECOND = 20_000;
  private static final double MICROS_PER_SECOND = 1e6;

  private final List<Integer> sizes;
  private final long seed;
  private final Stopwatch stopwatch;
  private final List<String> findings;
  private int tasks;

  MemberPart(List<Integer> sizes, long seed, Stopwatch stopwatch, List<String> findings) {
    this.sizes = sizes;
    this.seed = seed;
    this.stopwatch = stopwatch;
    this.findings = findings;
  }

  MatchReport.Part run() {
    var works = new LinkedHashMap<String, Stopwatch.Work>();
    for (int size : sizes) {
      var random = new Random(seed);
      List<Node> nodes = DrawnPool.nodes(random, 0, size);
      List<Request> kinds = DrawnPool.kinds(random);
      var pool = new MemberPool(Roster.indexed(nodes));
      works.put(name(size, "64 kinds"), () -> round(pool, kinds, TASKS, false));
      works.put(name(size, "each task a kind of its own"), () -> round(pool, kinds, TASKS, true));
      if (size <= SCANNED_MAX) {
        var listed = new MemberPool(Roster.of(nodes));
        works.put(name(size, "64 kinds, scan"), () -> round(listed, kinds, TASKS / 4, false));
      }
    }
    Map<String, Stopwatch.Times> times = stopwatch.alternate(works);
    var goals = new ArrayList<Goal>();
    var facts = new ArrayList<MatchReport.Fact>();
    times.forEach(
        (name, time) -> {
          double rate = MICROS_PER_SECOND / time.median();
          facts.add(new MatchReport.Fact("placements per CPU-second, " + name, Rounded.to2(rate)));
          if (name.equals(name(COMPARED, "64 kinds"))) {
            goals.add(
                Goal.atLeast(
                    "placements per CPU-second, " + name, PLACEMENTS_PER_CPU_SECOND, rate));
          }
        });
    return new MatchReport.Part(
        "member",
        "a task offered to a pool's queue, placed, leased, and its slot given back",
        times.entrySet().stream().map(entry -> entry.getValue().figure(entry.getKey())).toList(),
        facts,
        goals);
  }

  private static String name(int size, String what) {
    return "%,d nodes, %s".formatted(size, what);
  }

  private int round(MemberPool pool, List<Request> kinds, int count, boolean apart) {
    for (int i = 0; i < count; i++) {
      Request kind = kinds.get(i % kinds.size());
      Request task = DrawnPool.task(kind, tasks++, kind.budgetNanoOpen());
      pool.offer(apart ? DrawnPool.apart(task, tasks) : task);
    }
    int placed = 0;
    while (pool.waiting() > 0) {
      int given = pool.give();
      if (given == 0) {
        findings.add("member: %d tasks found no node".formatted(pool.waiting()));
        return Math.max(1, placed);
      }
      placed += given;
    }
    pool.end();
    return placed;
  }
}
