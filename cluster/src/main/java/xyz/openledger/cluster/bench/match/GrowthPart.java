package xyz.openledger.cluster.bench.match;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;

/**
 * Many pools in one process: what a task costs beside a single small pool, and what all nodes and
 * as many waiting tasks weigh.
 */
final class GrowthPart {
  private static final int SMALL = 1_000;
  private static final double GROWTH = 1.5;
  private static final double GIB = 1 << 30;
  private static final double GIB_MAX = 4;
  private static final double NANOS_PER_MICRO = 1_000;
  private static final int COLLECTIONS = 3;

  /** After so many rounds a pool has been asked for each kind often enough to know it. */
  private static final int LEARNING_ROUNDS = 12;

  private static final String APART = ", each task a kind of its own";

  private final int nodes;
  private final int cell;
  private final long seed;
  private final Stopwatch stopwatch;
  private final List<String> findings;
  private int tasks;
  private int turn;

  GrowthPart(int nodes, int cell, long seed, Stopwatch stopwatch, List<String> findings) {
    this.nodes = nodes;
    this.cell = cell;
    this.seed = seed;
    this.stopwatch = stopwatch;
    this.findings = findings;
  }

  MatchReport.Part run() throws IOException {
    var random = new Random(seed);
    List<Request> kinds = DrawnPool.kinds(random);
    var small = new MemberPool(Roster.indexed(DrawnPool.nodes(random, 0, SMALL)));
    var pools = new ArrayList<MemberPool>();
    for (int from = 0; from < nodes; from += cell) {
      pools.add(
          new MemberPool(
              Roster.indexed(DrawnPool.nodes(random, from, Math.min(cell, nodes - from)))));
    }
    var works = new LinkedHashMap<String, Stopwatch.Work>();
    String many = "%,d pools, %,d nodes".formatted(pools.size(), nodes);
    String one = "one pool of %,d".formatted(SMALL);
    works.put(one, () -> round(List.of(small), kinds, false));
    works.put(many, () -> round(pools, kinds, false));
    works.put(one + APART, () -> round(List.of(small), kinds, true));
    works.put(many + APART, () -> round(pools, kinds, true));
    double learning = learn(pools, kinds);
    Map<String, Stopwatch.Times> times = stopwatch.alternate(works);
    double growth = requireNonNull(times.get(many)).over(requireNonNull(times.get(one)));
    double apart =
        requireNonNull(times.get(many + APART)).over(requireNonNull(times.get(one + APART)));
    var regrets = Regret.of(pools.getFirst().roster(), kinds, seed);
    int waiting = fill(pools, kinds);
    double heap = heapGib();
    double resident = residentGib();
    return new MatchReport.Part(
        "growth",
        "a task in one of %,d pools; memory with %,d tasks waiting"
            .formatted(pools.size(), waiting),
        times.entrySet().stream().map(entry -> entry.getValue().figure(entry.getKey())).toList(),
        List.of(
            new MatchReport.Fact("all over the small one" + APART, Rounded.to2(apart)),
            new MatchReport.Fact(
                "µs a task while all pools get to know the kinds", Rounded.to2(learning)),
            new MatchReport.Fact(
                "regret of a kind that is new, mean %", Rounded.to2(regrets.mean())),
            new MatchReport.Fact("regret of a kind that is new, p99 %", Rounded.to2(regrets.p99())),
            new MatchReport.Fact("tasks that wait", waiting),
            new MatchReport.Fact("GiB of heap in use after a collection", Rounded.to2(heap)),
            new MatchReport.Fact("GiB resident, all of the process", Rounded.to2(resident))),
        List.of(
            Goal.atMost("all pools over the small one, CPU a task", GROWTH, growth),
            Goal.atMost("GiB resident", GIB_MAX, resident)));
  }

  /** Asks until every pool has read what it needs to know of each kind; answers µs a task. */
  private double learn(List<MemberPool> pools, List<Request> kinds) {
    long start = Stopwatch.cpuNanos();
    long done = 0;
    for (int i = 0; i < LEARNING_ROUNDS * pools.size(); i++) {
      done += round(pools, kinds, false);
    }
    return (Stopwatch.cpuNanos() - start) / NANOS_PER_MICRO / done;
  }

  /** A few tasks of each kind, in the next pool each time. */
  private int round(List<MemberPool> pools, List<Request> kinds, boolean apart) {
    MemberPool pool = pools.get(turn++ % pools.size());
    for (int i = 0; i < MemberPart.TASKS; i++) {
      Request kind = kinds.get(i % kinds.size());
      Request task = DrawnPool.task(kind, tasks++, kind.budgetNanoOpen());
      pool.offer(apart ? DrawnPool.apart(task, tasks) : task);
    }
    int placed = 0;
    while (pool.waiting() > 0) {
      int given = pool.give();
      if (given == 0) {
        findings.add("growth: %d tasks found no node".formatted(pool.waiting()));
        break;
      }
      placed += given;
    }
    pool.end();
    return Math.max(1, placed);
  }

  /** As many tasks as there are nodes, which the pools are tried with once and cannot take. */
  private int fill(List<MemberPool> pools, List<Request> kinds) {
    int waiting = 0;
    for (int i = 0; i < nodes; i++) {
      Request kind = kinds.get(i % kinds.size());
      // At no price: it waits, and many ask for the same.
      pools.get(i % pools.size()).offer(DrawnPool.task(kind, tasks++, i % 1_000));
    }
    for (MemberPool pool : pools) {
      pool.give();
      waiting += pool.waiting();
    }
    return waiting;
  }

  private static double heapGib() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / GIB;
  }

  private static double residentGib() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElse(0)
        * 1_024
        / GIB;
  }
}
