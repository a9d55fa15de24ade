package xyz.openledger.cluster.bench.match;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;

/**
 * Netflix Fenzo, best fit, on the same 10,000 nodes and the same kinds of tasks, in turn with a
 * member's pool. Each round places the same number of tasks and gives all slots back.
 */
final class FenzoPart {
  private static final int NODES = 10_000;
  private static final int TASKS = 64;
  private static final int OURS_PER_ROUND = 40;
  private static final int WARM_UP_ROUNDS = 2;
  private static final double TIMES = 300;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String ANSWER = "round ";

  private final Path folder;
  private final long seed;
  private final int rounds;
  private final List<String> findings;
  private int tasks;

  FenzoPart(Path folder, long seed, int rounds, List<String> findings) {
    this.folder = folder;
    this.seed = seed;
    this.rounds = rounds;
    this.findings = findings;
  }

  MatchReport.Part run() throws IOException {
    var random = new Random(seed);
    List<Node> nodes = DrawnPool.nodes(random, 0, NODES);
    List<Request> kinds = DrawnPool.kinds(random);
    write(nodes, kinds);
    var pool = new MemberPool(Roster.indexed(nodes));
    var ours = new ArrayList<Double>();
    var theirs = new ArrayList<Double>();
    var ratios = new ArrayList<Double>();
    var command = new ArrayList<>(Files.readAllLines(folder.resolve("command")));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("peer.log").toFile())
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
      for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
        double mine = ours(pool, kinds);
        double peer = theirs(in, out);
        if (round >= 0) {
          ours.add(mine);
          theirs.add(peer);
          ratios.add(mine / peer);
        }
      }
    } finally {
      process.destroyForcibly();
    }
    double ratio = Rounded.median(ratios);
    return new MatchReport.Part(
        "fenzo",
        "placements per CPU-second in %,d nodes, beside Fenzo 1.0.1 best fit".formatted(NODES),
        List.of(),
        List.of(
            new MatchReport.Fact(
                "a member's pool, placements per CPU-second", Rounded.to2(Rounded.median(ours))),
            new MatchReport.Fact(
                "Fenzo, placements per CPU-second", Rounded.to2(Rounded.median(theirs)))),
        List.of(Goal.atLeast("a member's pool over Fenzo", TIMES, ratio)));
  }

  private double ours(MemberPool pool, List<Request> kinds) {
    long start = Stopwatch.cpuNanos();
    int placed = 0;
    for (int i = 0; i < OURS_PER_ROUND; i++) {
      for (int j = 0; j < TASKS; j++) {
        Request kind = kinds.get(j % kinds.size());
        pool.offer(DrawnPool.task(kind, tasks++, kind.budgetNanoOpen()));
      }
      for (int given = pool.give(); given > 0; given = pool.give()) {
        placed += given;
      }
      pool.end();
    }
    if (placed != OURS_PER_ROUND * TASKS) {
      findings.add("fenzo: of ours %d were placed".formatted(placed));
    }
    return placed * NANOS_PER_SECOND / (Stopwatch.cpuNanos() - start);
  }

  private double theirs(Writer in, BufferedReader out) throws IOException {
    in.write("go " + TASKS + "\n");
    in.flush();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(ANSWER)) {
        String[] figures = line.substring(ANSWER.length()).split(" ", 2);
        int placed = Integer.parseInt(figures[1]);
        if (placed != TASKS) {
          findings.add("fenzo: it placed %d of %d".formatted(placed, TASKS));
        }
        return placed / Double.parseDouble(figures[0]);
      }
    }
    throw new IOException("the peer ended; its log is peer.log");
  }

  /** A line each: for a node its figures, for a kind its bounds in the same order. */
  private void write(List<Node> nodes, List<Request> kinds) throws IOException {
    var lines = new ArrayList<String>();
    for (Node node : nodes) {
      lines.add(
          "node %s %d %d %d %d %d %d"
              .formatted(
                  node.region(),
                  node.carbonGramsPerKwh(),
                  node.memoryMaxBytesPerSlot(),
                  node.roundTripMicros(),
                  node.priceNanoOpenPerGigafuel(),
                  node.reputation(),
                  node.slots()));
    }
    for (Request kind : kinds) {
      var limits = kind.policy().limits();
      Integer carbon = limits.carbonGramsPerKwhMax();
      lines.add(
          "kind %s %d %d %d"
              .formatted(
                  limits.regions().isEmpty() ? "any" : limits.regions().getFirst(),
                  carbon == null ? Integer.MAX_VALUE : carbon,
                  kind.memoryMaxBytes(),
                  limits.reputationMin()));
    }
    Files.write(folder.resolve("world"), lines);
  }
}
