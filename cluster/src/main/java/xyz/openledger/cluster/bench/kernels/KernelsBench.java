package xyz.openledger.cluster.bench.kernels;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.bench.Rounded;
import xyz.openledger.cluster.bench.Surroundings;
import xyz.openledger.cluster.bench.match.MatchReport;
import xyz.openledger.cluster.bench.match.Stopwatch;
import xyz.openledger.nativekernels.strict.CudaDevice;
import xyz.openledger.nativekernels.strict.CudaSearch;
import xyz.openledger.nativekernels.strict.StrictKernels;

/**
 * What strict products and adapters cost, in turn with OpenBLAS if it is at hand. CPU time of one
 * thread; that two give more is told by the wall clock.
 */
public final class KernelsBench {
  private static final int CALLS = 10_000;
  private static final double NANOS_PER_MICRO = 1_000;

  /**
   * What is asked for.
   *
   * @param ranks of adapters
   * @param pool adapters that do not fit the caches; of ranks up to {@code poolRankMax}
   * @param peer folder with libopenblas.so.0
   */
  public record Options(
      List<Integer> sizes,
      List<Integer> ranks,
      int pool,
      int poolRankMax,
      int rounds,
      int roundMillis,
      long seed,
      @Nullable Path peer,
      Path data) {}

  private KernelsBench() {}

  /**
   * Measures.
   *
   * @param progress hears what is going on
   */
  public static KernelsReport run(Options options, Consumer<String> progress) throws IOException {
    var findings = new ArrayList<String>();
    Surroundings before = Surroundings.before(options.data());
    OpenBlas peer = options.peer() == null ? null : new OpenBlas(options.peer());
    var stopwatch = new Stopwatch(options.rounds(), options.roundMillis() * 1_000_000L);
    var parts = new ArrayList<MatchReport.Part>();
    var products = new ProductsPart(stopwatch, peer, options.rounds(), findings);
    for (int size : options.sizes()) {
      progress.accept("products of %d …".formatted(size));
      parts.add(products.run(size, options.seed()));
    }
    var adapters = new AdaptersPart(stopwatch, peer);
    for (int rank : options.ranks()) {
      progress.accept("adapters of rank %d …".formatted(rank));
      parts.add(adapters.run(rank, 32, options.seed()));
      if (rank <= options.poolRankMax()) {
        parts.add(adapters.run(rank, options.pool(), options.seed()));
      }
    }
    parts.add(calls(stopwatch));
    String cuda =
        switch (CudaDevice.find()) {
          case CudaSearch.Absent(String why) -> why;
          case CudaSearch.Found(CudaDevice device, String name, _) -> {
            try (device) {
              var onDevice = new CudaPart(device, options.rounds(), findings);
              options.sizes().forEach(size -> parts.add(onDevice.run(size, options.seed())));
            }
            yield name;
          }
        };
    return new KernelsReport(
        before.after(),
        options.seed(),
        StrictKernels.objection()
            .map(objection -> "java, for lack of C: " + objection)
            .orElse(StrictKernels.best().name()),
        cuda,
        peer == null ? "none" : "OpenBLAS, which takes this for " + peer.processor(),
        parts,
        findings);
  }

  /** A product of one by one is next to nothing: what is left is the call and its checks. */
  private static MatchReport.Part calls(Stopwatch stopwatch) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = new Numbers(1, arena).draw(8);
      StrictKernels kernels = StrictKernels.best();
      Stopwatch.Times call =
          stopwatch.time(
              () -> {
                for (int i = 0; i < CALLS; i++) {
                  kernels.add(1, x, x);
                }
                return CALLS;
              });
      MatchReport.Figure figure = call.figure("adding one number");
      return new MatchReport.Part(
          "a call",
          "from Java into C, its checks included",
          List.of(figure),
          List.of(
              new MatchReport.Fact(
                  "nanoseconds, median", Rounded.to2(call.median() * NANOS_PER_MICRO))),
          List.of());
    }
  }
}
