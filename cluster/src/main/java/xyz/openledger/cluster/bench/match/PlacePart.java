package xyz.openledger.cluster.bench.match;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.nativekernels.Kernels;
import xyz.openledger.pools.index.Program;
import xyz.openledger.pools.index.Ranking;
import xyz.openledger.pools.index.Reservations;
import xyz.openledger.pools.index.Search;
import xyz.openledger.pools.index.Table;
import xyz.openledger.pools.index.Top;

/**
 * Placing and taking a slot: one after the other, and 64 decided together on what was seen before
 * any of them took one, where the loser of a race goes to its next candidate.
 */
final class PlacePart {
  private static final int PASSES = 16;
  private static final double PLACEMENTS_PER_CPU_SECOND = 20_000;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double PERCENT = 100;

  private final Table table;
  private final Stopwatch stopwatch;
  private final List<String> findings;
  private final List<Program> programs;
  private final List<Ranking> rankings;
  private final Search search;
  private final Reservations reservations;
  private final List<Integer> taken = new ArrayList<>();
  private final Top top = new Top(MatchBench.BEST);
  private long candidates;
  private long stale;

  PlacePart(World world, Stopwatch stopwatch, List<String> findings) {
    table = world.table();
    this.stopwatch = stopwatch;
    this.findings = findings;
    programs =
        world.policies().stream()
            .map(p -> p.over(table).between(World.SLOTS_COLUMN, 1, World.SLOTS).build())
            .toList();
    rankings = world.policies().stream().map(World.Policy::ranking).toList();
    search = new Search(table, Kernels.match());
    reservations = Reservations.of(table, World.SLOTS_COLUMN, World.SLOTS);
  }

  MatchReport.Part run() {
    Stopwatch.Times single = stopwatch.time(this::oneByOne);
    Stopwatch.Times batch = stopwatch.time(this::together);
    double perSecond = MICROS_PER_SECOND / single.median();
    return new MatchReport.Part(
        "place",
        "best node with a free slot of %,d, slot taken, and given back".formatted(table.size()),
        List.of(single.figure("one after the other"), batch.figure("64 decided together")),
        List.of(
            new MatchReport.Fact("placements per CPU-second", Rounded.to2(perSecond)),
            new MatchReport.Fact(
                "placements per CPU-second, together",
                Rounded.to2(MICROS_PER_SECOND / batch.median())),
            new MatchReport.Fact(
                "candidates refused as stale when together, in percent",
                Rounded.to2(PERCENT * stale / Math.max(1, candidates)))),
        List.of(Goal.atLeast("placements per CPU-second", PLACEMENTS_PER_CPU_SECOND, perSecond)));
  }

  private int oneByOne() {
    for (int pass = 0; pass < PASSES; pass++) {
      for (int i = 0; i < programs.size(); i++) {
        search.best(programs.get(i), rankings.get(i), top);
        OptionalInt row = reservations.takeBest(top);
        row.ifPresent(taken::add);
      }
    }
    return giveBack();
  }

  private int together() {
    for (int pass = 0; pass < PASSES; pass++) {
      List<Top> tops =
          Stream.generate(() -> new Top(MatchBench.BEST)).limit(programs.size()).toList();
      search.best(programs, rankings, tops);
      List<List<Reservations.Candidate>> seen =
          tops.stream()
              .map(found -> IntStream.of(found.rows()).mapToObj(reservations::seen).toList())
              .toList();
      seen.forEach(this::takeFirst);
    }
    return giveBack();
  }

  private void takeFirst(List<Reservations.Candidate> best) {
    for (Reservations.Candidate candidate : best) {
      candidates++;
      if (reservations.take(candidate)) {
        taken.add(candidate.row());
        return;
      }
      stale++;
    }
  }

  /** Gives everything back and checks that no node gave more than it had. */
  private int giveBack() {
    var slots = new int[table.size()];
    for (int row : taken) {
      slots[row]++;
    }
    for (int row = 0; row < slots.length; row++) {
      if (slots[row] > World.SLOTS
          || table.code(row, World.SLOTS_COLUMN) != World.SLOTS - slots[row]) {
        findings.add("place: node " + row + " gave " + slots[row] + " slots");
      }
    }
    int placed = taken.size();
    taken.forEach(reservations::giveBack);
    taken.clear();
    return Math.max(1, placed);
  }
}
