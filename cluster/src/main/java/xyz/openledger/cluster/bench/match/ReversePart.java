package xyz.openledger.cluster.bench.match;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.pools.index.Demand;
import xyz.openledger.pools.index.WaitingClasses;

/**
 * A node was freed: who of those that wait may have it? All of them different, so no class helps.
 */
final class ReversePart {
  private static final int NODES = 256;
  private static final int LIMIT = 8;
  private static final int BUCKETS = 32;
  private static final double MICROS = 20;
  private static final double TIMES = 50;
  private static final String SCAN = "scan, all that are satisfied";

  private final List<RowScan.Asked> policies = new ArrayList<>();
  private final List<Demand> demands = new ArrayList<>();
  private final List<int[]> nodes;
  private final Map<String, MatchKernel> kernels;
  private final Stopwatch stopwatch;
  private final List<String> findings;
  private int next;

  ReversePart(
      int waiting,
      Map<String, MatchKernel> kernels,
      Stopwatch stopwatch,
      Random random,
      List<String> findings) {
    for (int i = 0; i < waiting; i++) {
      World.Policy policy = World.policy(random);
      policies.add(new RowScan.Asked(policy));
      demands.add(demand(policy));
    }
    nodes = Stream.generate(() -> World.node(random)).limit(NODES).toList();
    this.kernels = kernels;
    this.stopwatch = stopwatch;
    this.findings = findings;
  }

  private static Demand demand(World.Policy policy) {
    var words = new ArrayList<Demand.Among>();
    var ranges = new ArrayList<Demand.Between>();
    for (World.Ask ask : policy.asks()) {
      if (ask.column() < World.WORD_COLUMNS) {
        words.add(new Demand.Among(ask.column(), Set.of(ask.low())));
      } else {
        ranges.add(new Demand.Between(ask.column(), ask.low(), ask.high()));
      }
    }
    return new Demand(words, ranges, false);
  }

  MatchReport.Part run() {
    var works = new LinkedHashMap<String, Stopwatch.Work>();
    works.put(
        SCAN,
        () -> {
          scan(node());
          return 1;
        });
    var classes = new int[1];
    kernels.forEach(
        (name, kernel) -> {
          WaitingClasses<Integer> waiting = waiting(kernel);
          classes[0] = waiting.classes();
          check(name, waiting);
          works.put(
              "index, " + name + ", all that are satisfied",
              () -> {
                waiting.classesOf(node(), "");
                return 1;
              });
          works.put(
              "index, " + name + ", the oldest " + LIMIT,
              () -> {
                waiting.satisfied(node(), "", LIMIT);
                return 1;
              });
        });
    Map<String, Stopwatch.Times> times = stopwatch.alternate(works);
    return new MatchReport.Part(
        "reverse",
        "a freed node against %,d waiting policies".formatted(policies.size()),
        times.entrySet().stream().map(entry -> entry.getValue().figure(entry.getKey())).toList(),
        List.of(
            new MatchReport.Fact("classes among the policies", classes[0]),
            new MatchReport.Fact("policies that a node satisfies, mean", satisfied())),
        goals(times));
  }

  private List<Goal> goals(Map<String, Stopwatch.Times> times) {
    var goals = new ArrayList<Goal>();
    Stopwatch.Times scan = times.get(SCAN);
    for (String name : kernels.keySet()) {
      Stopwatch.Times index = times.get("index, " + name + ", all that are satisfied");
      if (scan != null && index != null) {
        goals.add(Goal.atMost("µs, all, " + name, MICROS, index.median()));
        goals.add(Goal.atLeast("scan over index, " + name, TIMES, scan.over(index)));
      }
    }
    return goals;
  }

  private WaitingClasses<Integer> waiting(MatchKernel kernel) {
    var boundaries = new int[World.ATTRIBUTES + 1][];
    for (int column = 0; column < boundaries.length; column++) {
      boundaries[column] =
          column < World.WORD_COLUMNS
              ? new int[0]
              : IntStream.range(1, BUCKETS).map(i -> i * World.NUMBERS / BUCKETS).toArray();
    }
    var waiting =
        new WaitingClasses<Integer>(
            World.schema(), boundaries, Math.max(1, demands.size()), kernel);
    for (int i = 0; i < demands.size(); i++) {
      waiting.add(demands.get(i), null, i, i);
    }
    return waiting;
  }

  private int[] node() {
    return nodes.get(next++ % nodes.size());
  }

  private List<Integer> scan(int[] codes) {
    var found = new ArrayList<Integer>();
    for (int i = 0; i < policies.size(); i++) {
      if (policies.get(i).test(codes)) {
        found.add(i);
      }
    }
    return found;
  }

  private void check(String name, WaitingClasses<Integer> waiting) {
    for (int[] node : nodes) {
      List<Integer> expected = scan(node);
      if (!waiting.satisfied(node, "", LIMIT).equals(expected.stream().limit(LIMIT).toList())
          || waiting.classesOf(node, "").length
              != expected.stream().map(demands::get).distinct().count()) {
        findings.add("reverse, " + name + ": another answer than a scan");
      }
    }
  }

  private double satisfied() {
    return Rounded.to2(nodes.stream().mapToInt(node -> scan(node).size()).average().orElse(0));
  }
}
