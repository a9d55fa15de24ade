package xyz.openledger.cluster.bench.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.cluster.bench.match.MatchReport;
import xyz.openledger.cluster.bench.match.Stopwatch;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.WeightType;

/** Square products, one core and two. */
final class ProductsPart {
  private static final double FLOPS_PER_MICRO_IN_GIGA = 1e-3;
  private static final double GOAL_GFLOPS = 85;
  private static final double GOAL_TWO_CORES = 1.85;

  private final Stopwatch stopwatch;
  private final @Nullable OpenBlas peer;
  private final int rounds;
  private final List<String> findings;

  ProductsPart(Stopwatch stopwatch, @Nullable OpenBlas peer, int rounds, List<String> findings) {
    this.stopwatch = stopwatch;
    this.peer = peer;
    this.rounds = rounds;
    this.findings = findings;
  }

  MatchReport.Part run(int size, long seed) {
    try (Arena arena = Arena.ofShared()) {
      var numbers = new Numbers(seed, arena);
      long count = (long) size * size;
      return measured(size, numbers.draw(count), numbers.draw(count), numbers.empty(count), arena);
    }
  }

  private MatchReport.Part measured(
      int size, MemorySegment x, MemorySegment w, MemorySegment y, Arena arena) {
    var works = new LinkedHashMap<String, Stopwatch.Work>();
    String best = StrictKernels.best().name();
    for (StrictKernels kernels : StrictKernels.all()) {
      if (!kernels.name().contains("portable")) {
        works.put(kernels.name(), () -> product(kernels, size, x, w, y));
        check(kernels, size, x, w, arena);
      }
    }
    if (peer != null) {
      works.put(
          "OpenBLAS",
          () -> {
            peer.linear(size, size, size, x, w, y);
            return 1;
          });
    }
    var times = stopwatch.alternate(works);
    double flops = 2.0 * size * size * size * FLOPS_PER_MICRO_IN_GIGA;
    var figures = new ArrayList<MatchReport.Figure>();
    var facts = new ArrayList<MatchReport.Fact>();
    times.forEach(
        (name, taken) -> {
          MatchReport.Figure figure = taken.figure(name);
          figures.add(figure);
          facts.add(gflops(name + ", median", flops / taken.median()));
          facts.add(gflops(name + ", best", flops / figure.minMicros()));
        });
    var goals = new ArrayList<Goal>();
    Stopwatch.Times ours = Objects.requireNonNull(times.get(best));
    goals.add(Goal.atLeast("GFLOP/s of one core", GOAL_GFLOPS, flops / ours.median()));
    Stopwatch.Times theirs = times.get("OpenBLAS");
    if (theirs != null) {
      goals.add(Goal.atLeast("times OpenBLAS, by medians of pairs", 1, theirs.over(ours)));
    }
    TwoCores two = TwoCores.measure(size, 10 * rounds);
    goals.add(
        Goal.atLeast("two cores over one, best wall time", GOAL_TWO_CORES, two.oneAfterAnother()));
    facts.add(times("two cores over one, the second asleep before", two.afterAPause()));
    facts.add(times("two cores over one, two products that share nothing", two.nothingShared()));
    return new MatchReport.Part(
        "product of %d".formatted(size), "fp32, x · wᵀ, one thread", figures, facts, goals);
  }

  private static MatchReport.Fact times(String what, double value) {
    return new MatchReport.Fact(what, Rounded.to2(value));
  }

  private static MatchReport.Fact gflops(String what, double value) {
    return new MatchReport.Fact("GFLOP/s of " + what, Rounded.to2(value));
  }

  private static int product(
      StrictKernels kernels, int size, MemorySegment x, MemorySegment w, MemorySegment y) {
    kernels.linear(size, size, size, x, size, WeightType.F32, w, size, y, size, false);
    return 1;
  }

  /** Some rows must have the bits of the reference. */
  private void check(
      StrictKernels kernels, int size, MemorySegment x, MemorySegment w, Arena arena) {
    int rows = Math.min(7, size);
    MemorySegment one = arena.allocate((long) rows * size * Float.BYTES, Float.BYTES);
    MemorySegment other = arena.allocate((long) rows * size * Float.BYTES, Float.BYTES);
    kernels.linear(rows, size, size, x, size, WeightType.F32, w, size, one, size, false);
    StrictKernels.java()
        .linear(rows, size, size, x, size, WeightType.F32, w, size, other, size, false);
    if (one.mismatch(other) >= 0) {
      findings.add("%s differs from the reference at size %d".formatted(kernels.name(), size));
    }
  }
}
