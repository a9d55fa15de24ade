package xyz.openledger.cluster.bench.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.pools.index.Program;
import xyz.openledger.pools.index.Ranking;
import xyz.openledger.pools.index.Search;
import xyz.openledger.pools.index.Selection;
import xyz.openledger.pools.index.Top;

/** The exact best of all nodes: objects one by one, and the index, alone and many in a pass. */
final class ExactPart {
  private static final double JAVA_MICROS = 600;
  private static final double C_MICROS = 300;
  private static final double JAVA_TIMES = 25;
  private static final double C_TIMES = 50;
  private static final double BYTES_PER_NODE = 128;
  private static final String ROWS = "row objects";

  private final World world;
  private final Map<String, MatchKernel> kernels;
  private final Stopwatch stopwatch;
  private final List<String> findings;
  private final List<Program> programs;
  private final List<Ranking> rankings;
  private final List<RowScan.Asked> asked;

  ExactPart(
      World world, Map<String, MatchKernel> kernels, Stopwatch stopwatch, List<String> findings) {
    this.world = world;
    this.kernels = kernels;
    this.stopwatch = stopwatch;
    this.findings = findings;
    programs = world.policies().stream().map(p -> p.over(world.table()).build()).toList();
    rankings = world.policies().stream().map(World.Policy::ranking).toList();
    asked = world.policies().stream().map(RowScan.Asked::new).toList();
  }

  MatchReport.Part run() {
    var rows = new RowScan(world);
    var top = new Top(MatchBench.BEST);
    var works = new LinkedHashMap<String, Stopwatch.Work>();
    // One policy at a time, since a scan of all 64 takes a second; the next round goes on.
    var next = new int[1];
    works.put(
        ROWS,
        () -> {
          rows.best(asked.get(next[0]++ % asked.size()), top);
          return 1;
        });
    kernels.forEach(
        (name, kernel) -> {
          var search = new Search(world.table(), kernel);
          check(name, rows, search);
          works.put("index, " + name, () -> each(search, top));
          works.put("index, " + name + ", 64 policies in a pass", () -> together(search));
        });
    works.put("a class asked again, nothing changed", again());
    Map<String, Stopwatch.Times> times = stopwatch.alternate(works);
    return new MatchReport.Part(
        "exact",
        "best %d for one policy".formatted(MatchBench.BEST),
        times.entrySet().stream().map(entry -> entry.getValue().figure(entry.getKey())).toList(),
        List.of(
            new MatchReport.Fact("nodes that satisfy a policy, mean", feasible()),
            new MatchReport.Fact("bytes a node in the index", bytesPerNode())),
        goals(times));
  }

  private List<Goal> goals(Map<String, Stopwatch.Times> times) {
    var goals = new ArrayList<Goal>();
    Stopwatch.Times rows = times.get(ROWS);
    Stopwatch.Times java = times.get("index, Java");
    Stopwatch.Times c = times.get("index, C");
    if (rows != null && java != null) {
      goals.add(Goal.atMost("µs in Java", JAVA_MICROS, java.median()));
      goals.add(Goal.atLeast("row objects over Java", JAVA_TIMES, rows.over(java)));
    }
    if (rows != null && c != null) {
      goals.add(Goal.atMost("µs in C", C_MICROS, c.median()));
      goals.add(Goal.atLeast("row objects over C", C_TIMES, rows.over(c)));
    }
    goals.add(Goal.atMost("bytes a node", BYTES_PER_NODE, bytesPerNode()));
    return goals;
  }

  private int each(Search search, Top top) {
    for (int i = 0; i < programs.size(); i++) {
      search.best(programs.get(i), rankings.get(i), top);
    }
    return programs.size();
  }

  private int together(Search search) {
    List<Top> tops =
        Stream.generate(() -> new Top(MatchBench.BEST)).limit(programs.size()).toList();
    search.best(programs, rankings, tops);
    return programs.size();
  }

  private Stopwatch.Work again() {
    Program program = programs.getFirst();
    var search = new Search(world.table(), kernels.values().iterator().next());
    var selection = new Selection(search, () -> program, rankings.getFirst(), MatchBench.BEST);
    return () -> {
      selection.top();
      return 1;
    };
  }

  private void check(String name, RowScan rows, Search search) {
    var expected = new Top(MatchBench.BEST);
    var found = new Top(MatchBench.BEST);
    for (int i = 0; i < programs.size(); i++) {
      rows.best(asked.get(i), expected);
      search.best(programs.get(i), rankings.get(i), found);
      if (!Arrays.equals(expected.rows(), found.rows())
          || !Arrays.equals(expected.scores(), found.scores())) {
        findings.add("exact, " + name + ": policy " + i + " has another answer than row objects");
      }
    }
  }

  private double feasible() {
    var search = new Search(world.table(), kernels.values().iterator().next());
    var bits = new long[search.survivorWords()];
    return Rounded.to2(
        programs.stream().mapToInt(program -> search.survivors(program, bits)).average().orElse(0));
  }

  private double bytesPerNode() {
    return Rounded.to2((double) world.table().bytes() / world.table().size());
  }
}
