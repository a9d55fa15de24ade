package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.engine.Answer;
import xyz.openledger.models.engine.EngineSettings;
import xyz.openledger.models.engine.InferenceEngine;
import xyz.openledger.models.engine.InferenceRequest;
import xyz.openledger.models.recipe.DrawnAdapter;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/**
 * How long a question waits for its first token, by the wall clock, while few of many registered
 * adapters are asked for often and most of them seldom: adapter k as often as 1 / k.
 */
public final class FirstTokenBench {
  private static final long CACHE_BYTES = 256L << 20;
  private static final int IN_FLIGHT = 16;
  private static final double PERCENT = 100;

  private FirstTokenBench() {}

  /**
   * What is measured.
   *
   * @param adapters that are drawn and registered
   * @param resident about how many fit into memory at once
   */
  public record Options(
      Path model, int adapters, int resident, int rank, int requests, int tokens, long seed) {}

  /** All of it; the hit rate is of adapters that were in memory when they were asked for. */
  public record Report(
      Surroundings surroundings,
      String kernels,
      Options options,
      double medianMillis,
      double p99Millis,
      double hitPercent,
      int distinct) {}

  /** Measures. */
  public static Report run(Options options, Path scratch) throws IOException {
    Surroundings before = Surroundings.before(Files.createDirectories(scratch));
    StrictKernels kernels = StrictKernels.best();
    try (Model model = Model.open(options.model(), kernels, false);
        Arena arena = Arena.ofShared()) {
      Path drawn = scratch.resolve("drawn");
      DrawnAdapter.write(drawn, model.config(), options.rank(), 0);
      long each = AdapterStore.slabBytes(drawn, model.config());
      var slab = new Slab(Long.highestOneBit(each * options.resident()), arena);
      var store = new AdapterStore(model.config(), kernels, scratch.resolve("store"), slab);
      var names = new ArrayList<Digest>();
      for (int i = 0; i < options.adapters(); i++) {
        names.add(store.add(DrawnAdapter.write(drawn, model.config(), options.rank(), i)));
      }
      try (var engine =
          InferenceEngine.start(
              model, store, kernels, EngineSettings.of(model.config(), CACHE_BYTES))) {
        int[] asked = asked(options);
        // The first half fills the memory and is not measured.
        ask(engine, names, Arrays.copyOf(asked, options.requests()), options);
        AdapterStore.Figures filled = store.figures();
        int[] second = Arrays.copyOfRange(asked, options.requests(), asked.length);
        long[] measured = ask(engine, names, second, options);
        AdapterStore.Figures figures = store.figures();
        long hits = figures.hits() - filled.hits();
        long loads = figures.loads() - filled.loads();
        return new Report(
            before.after(),
            kernels.name(),
            options,
            Rounded.to2(measured[measured.length / 2] / 1e6),
            Rounded.to2(measured[measured.length * 99 / 100] / 1e6),
            Rounded.to2(PERCENT * hits / Math.max(1, hits + loads)),
            (int) Arrays.stream(second).distinct().count());
      }
    }
  }

  /** Twice as many as are measured. */
  private static int[] asked(Options options) {
    double[] sums = new double[options.adapters()];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    var random = new SplittableRandom(options.seed());
    int[] asked = new int[2 * options.requests()];
    for (int i = 0; i < asked.length; i++) {
      int at = Arrays.binarySearch(sums, random.nextDouble() * sum);
      asked[i] = Math.min(sums.length - 1, at < 0 ? -at - 1 : at);
    }
    return asked;
  }

  /** Nanoseconds, in ascending order; an answer without a token has none. */
  private static long[] ask(
      InferenceEngine engine, List<Digest> names, int[] asked, Options options) {
    var waits = new AtomicLong[asked.length];
    var underWay = new ArrayDeque<Answer>();
    for (int i = 0; i < asked.length; i++) {
      if (underWay.size() == IN_FLIGHT) {
        underWay.remove().result().join();
      }
      var wait = new AtomicLong();
      waits[i] = wait;
      long began = System.nanoTime();
      underWay.add(
          engine.submit(
              InferenceRequest.of("bench", "Tell me about number " + i, options.tokens())
                  .withAdapter(names.get(asked[i]).toString()),
              (_, _) -> wait.compareAndSet(0, System.nanoTime() - began)));
    }
    underWay.forEach(answer -> answer.result().join());
    return Arrays.stream(waits)
        .mapToLong(AtomicLong::get)
        .filter(wait -> wait > 0)
        .sorted()
        .toArray();
  }
}
