package xyz.openledger.cluster.bench.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.cluster.bench.match.MatchReport;
import xyz.openledger.cluster.bench.match.Stopwatch;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.WeightType;

/** Rows that each have an adapter of their own, from a pool that fits the caches or does not. */
final class AdaptersPart {
  private static final int ROWS = 32;
  private static final int SIZE = 1024;
  private static final int GOAL_RANK = 16;
  private static final long COPY_BYTES = 16 << 10;
  private static final double GOAL_CACHED_MICROS = 60;
  private static final double GOAL_POOL_MICROS = 130;

  private final Stopwatch stopwatch;
  private final @Nullable OpenBlas peer;

  AdaptersPart(Stopwatch stopwatch, @Nullable OpenBlas peer) {
    this.stopwatch = stopwatch;
    this.peer = peer;
  }

  MatchReport.Part run(int rank, int pool, long seed) {
    try (Arena arena = Arena.ofShared()) {
      return measured(rank, pool, new Numbers(seed, arena), arena);
    }
  }

  private MatchReport.Part measured(int rank, int pool, Numbers numbers, Arena arena) {
    MemorySegment x = numbers.draw((long) ROWS * SIZE);
    MemorySegment y = numbers.empty((long) ROWS * SIZE);
    long one = 2L * rank * SIZE;
    MemorySegment whole = numbers.draw(one * pool);
    MemorySegment halves = numbers.drawHalves(one * pool);
    var works = new LinkedHashMap<String, Stopwatch.Work>();
    var batch = new Batch(rank, pool, numbers, arena);
    works.put("fp32", () -> batch.run(WeightType.F32, whole, x, y));
    works.put("bf16", () -> batch.run(WeightType.BF16, halves, x, y));
    MemorySegment small = arena.allocate(COPY_BYTES, 64);
    works.put("fp32, only copied", () -> batch.copy(WeightType.F32, whole, small));
    works.put("bf16, only copied", () -> batch.copy(WeightType.BF16, halves, small));
    if (peer != null) {
      MemorySegment t = numbers.empty(rank);
      works.put("OpenBLAS", () -> theirs(peer, true, batch, rank, whole, x, t, y));
      works.put("OpenBLAS, turned", () -> theirs(peer, false, batch, rank, whole, x, t, y));
    }
    var times = stopwatch.alternate(works);
    var figures = new ArrayList<MatchReport.Figure>();
    times.forEach((name, taken) -> figures.add(taken.figure(name)));
    double bf16 = figures.get(1).micros();
    double ours = Math.min(figures.getFirst().micros(), bf16);
    var goals = new ArrayList<Goal>();
    if (rank == GOAL_RANK) {
      double goal = pool > ROWS ? GOAL_POOL_MICROS : GOAL_CACHED_MICROS;
      goals.add(Goal.atMost("µs, median of the better type", goal, ours));
    }
    if (peer != null) {
      double best = Math.min(figures.get(4).micros(), figures.get(5).micros());
      goals.add(Goal.atLeast("best OpenBLAS form over bf16", 1, best / bf16));
      goals.add(
          Goal.atLeast("best OpenBLAS form over fp32", 1, best / figures.getFirst().micros()));
    }
    return new MatchReport.Part(
        "adapters of rank %d, %d of them".formatted(rank, pool),
        "%d rows, %d to %d, each its own adapter".formatted(ROWS, SIZE, SIZE),
        figures,
        List.of(),
        goals);
  }

  /** Draws adapters anew for each call where there are more than rows. */
  private static final class Batch {
    private final int rank;
    private final int pool;
    private final Numbers numbers;
    private final MemorySegment starts;
    private final MemorySegment ranks;
    private final MemorySegment scales;
    private final MemorySegment offsetsA;
    private final MemorySegment offsetsB;

    Batch(int rank, int pool, Numbers numbers, Arena arena) {
      this.rank = rank;
      this.pool = pool;
      this.numbers = numbers;
      starts = arena.allocate(JAVA_INT, ROWS + 1);
      ranks = arena.allocate(JAVA_INT, ROWS);
      scales = arena.allocate(JAVA_FLOAT, ROWS);
      offsetsA = arena.allocate(JAVA_LONG, ROWS);
      offsetsB = arena.allocate(JAVA_LONG, ROWS);
      for (int i = 0; i < ROWS; i++) {
        starts.setAtIndex(JAVA_INT, i + 1, i + 1);
        ranks.setAtIndex(JAVA_INT, i, rank);
        scales.setAtIndex(JAVA_FLOAT, i, 0.5f);
      }
    }

    int pick(int row) {
      return pool > ROWS ? numbers.pick(pool) : row;
    }

    /** The floor: the same bytes into a buffer that stays in the first cache, nothing computed. */
    int copy(WeightType type, MemorySegment slab, MemorySegment to) {
      long bytes = 2L * rank * SIZE * type.bytes();
      for (int i = 0; i < ROWS; i++) {
        long at = pick(i) * bytes;
        for (long from = at; from < at + bytes; from += COPY_BYTES) {
          MemorySegment.copy(slab, from, to, 0, COPY_BYTES);
        }
      }
      return 1;
    }

    int run(WeightType type, MemorySegment slab, MemorySegment x, MemorySegment y) {
      long half = (long) rank * SIZE * type.bytes();
      for (int i = 0; i < ROWS; i++) {
        long at = 2L * pick(i) * half;
        offsetsA.setAtIndex(JAVA_LONG, i, at);
        offsetsB.setAtIndex(JAVA_LONG, i, at + half);
      }
      StrictKernels.best()
          .lora(
              ROWS, starts, ranks, scales, offsetsA, offsetsB, type, slab, SIZE, SIZE, x, SIZE, y,
              SIZE);
      return 1;
    }
  }

  /** Two matrices by one row each: A as {@code [rank×size]} or turned, B the other way. */
  private static int theirs(
      OpenBlas peer,
      boolean wide,
      Batch batch,
      int rank,
      MemorySegment slab,
      MemorySegment x,
      MemorySegment t,
      MemorySegment y) {
    long half = (long) rank * SIZE * Float.BYTES;
    for (int i = 0; i < ROWS; i++) {
      MemorySegment a = slab.asSlice(2L * batch.pick(i) * half, half);
      MemorySegment b = slab.asSlice(a.address() - slab.address() + half, half);
      MemorySegment from = x.asSlice((long) i * SIZE * Float.BYTES);
      MemorySegment to = y.asSlice((long) i * SIZE * Float.BYTES);
      if (wide) {
        peer.row(false, rank, SIZE, a, from, 0, t);
        peer.row(true, rank, SIZE, b, t, 1, to);
      } else {
        peer.row(true, SIZE, rank, a, from, 0, t);
        peer.row(false, SIZE, rank, b, t, 1, to);
      }
    }
    return 1;
  }
}
