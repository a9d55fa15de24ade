package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
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
 * What adapters cost: tokens per second of one engine without adapters, with one, and with a
 * different one for each request, in turn within the same run; and how long a cold one takes to
 * load.
 */
public final class InferenceBench {
  private static final long CACHE_BYTES = 256L << 20;
  private static final int PIECE_SLACK = 2;

  private InferenceBench() {}

  /**
   * What is measured.
   *
   * @param adapters that are drawn and registered
   * @param requests of one round
   * @param tokens of one answer, at most
   */
  public record Options(Path model, int adapters, int rank, int requests, int tokens, int rounds) {}

  /** Which requests a round has. */
  public enum Mix {
    /** No adapter. */
    BASE,
    /** One adapter for all. */
    ONE,
    /** Another adapter for each, going round all of them. */
    DISTINCT
  }

  /**
   * One mix, measured.
   *
   * @param tokensPerSecond medians over rounds, of wall time
   * @param tokensPerCpuSecond of the whole process
   * @param ofBasePercent median over rounds of the ratio to the base in the same round
   */
  public record Row(
      Mix mix, double tokensPerSecond, double tokensPerCpuSecond, double ofBasePercent) {}

  /**
   * All of it; cold loads in microseconds, of adapters that were on disk and in no memory of ours.
   */
  public record Report(
      Surroundings surroundings,
      String kernels,
      long parameters,
      Options options,
      List<Row> rows,
      double coldLoadMedianMicros,
      double coldLoadP99Micros,
      double coldLoadCpuMedianMicros,
      double coldLoadCpuP99Micros) {}

  private record Taken(double tokensPerSecond, double tokensPerCpuSecond) {}

  /** Measures. */
  public static Report run(Options options, Path scratch) throws IOException {
    Surroundings before = Surroundings.before(Files.createDirectories(scratch));
    StrictKernels kernels = StrictKernels.best();
    try (Model model = Model.open(options.model(), kernels, false);
        Arena arena = Arena.ofShared()) {
      Path one = DrawnAdapter.write(scratch.resolve("drawn"), model.config(), options.rank(), 0);
      long bytes = AdapterStore.slabBytes(one, model.config());
      long room = PIECE_SLACK * bytes * (options.adapters() + 1L);
      var slab = new Slab(Long.highestOneBit(room) * 2, arena);
      var store = new AdapterStore(model.config(), kernels, scratch.resolve("store"), slab);
      var names = new ArrayList<Digest>();
      for (int i = 0; i < options.adapters(); i++) {
        names.add(
            store.add(
                DrawnAdapter.write(scratch.resolve("drawn"), model.config(), options.rank(), i)));
      }
      Cold cold = coldLoads(store, names);
      try (var engine =
          InferenceEngine.start(
              model, store, kernels, EngineSettings.of(model.config(), CACHE_BYTES))) {
        List<Row> rows = rounds(engine, names, options);
        return new Report(
            before.after(),
            kernels.name(),
            model.config().parameters(),
            options,
            rows,
            at(cold.wall(), 50),
            at(cold.wall(), 99),
            at(cold.cpu(), 50),
            at(cold.cpu(), 99));
      }
    }
  }

  /** Nanoseconds of first uses, each in ascending order. */
  private record Cold(long[] wall, long[] cpu) {}

  private static Cold coldLoads(AdapterStore store, List<Digest> names) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    var cold = new Cold(new long[names.size()], new long[names.size()]);
    for (int i = 0; i < names.size(); i++) {
      long began = System.nanoTime();
      long cpuBefore = threads.getCurrentThreadCpuTime();
      Optional<AdapterStore.Lease> lease = store.acquire(names.get(i));
      cold.cpu()[i] = threads.getCurrentThreadCpuTime() - cpuBefore;
      cold.wall()[i] = System.nanoTime() - began;
      lease.ifPresent(AdapterStore.Lease::close);
    }
    Arrays.sort(cold.wall());
    Arrays.sort(cold.cpu());
    return cold;
  }

  private static double at(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e3;
  }

  private static List<Row> rounds(InferenceEngine engine, List<Digest> names, Options options) {
    var taken = new EnumMap<Mix, List<Taken>>(Mix.class);
    for (int round = -1; round < options.rounds(); round++) {
      for (Mix mix : Mix.values()) {
        int offset = Math.max(0, round) * options.requests();
        Taken measured = round(engine, options, i -> adapter(mix, names, offset + i));
        if (round >= 0) {
          taken.computeIfAbsent(mix, _ -> new ArrayList<>()).add(measured);
        }
      }
    }
    return Arrays.stream(Mix.values()).map(mix -> row(mix, taken)).toList();
  }

  private static @Nullable String adapter(Mix mix, List<Digest> names, int i) {
    return switch (mix) {
      case BASE -> null;
      case ONE -> names.getFirst().toString();
      case DISTINCT -> names.get(i % names.size()).toString();
    };
  }

  private static Taken round(
      InferenceEngine engine, Options options, IntFunction<@Nullable String> adapters) {
    long cpuBefore = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    long began = System.nanoTime();
    var answers = new ArrayList<Answer>();
    for (int i = 0; i < options.requests(); i++) {
      answers.add(
          engine.submit(
              InferenceRequest.of("bench", "Tell me about number " + i, options.tokens())
                  .withAdapter(adapters.apply(i))));
    }
    long tokens = 0;
    for (Answer answer : answers) {
      tokens += answer.result().join().usage().completionTokens();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double cpuSeconds =
        (ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() - cpuBefore)
            / 1e9;
    return new Taken(tokens / seconds, tokens / Math.max(0.01, cpuSeconds));
  }

  private static Row row(Mix mix, Map<Mix, List<Taken>> taken) {
    List<Taken> own = taken.getOrDefault(mix, List.of());
    List<Taken> base = taken.getOrDefault(Mix.BASE, List.of());
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < own.size(); i++) {
      ratios.add(100 * own.get(i).tokensPerSecond() / base.get(i).tokensPerSecond());
    }
    return new Row(
        mix,
        median(own.stream().map(Taken::tokensPerSecond).toList()),
        median(own.stream().map(Taken::tokensPerCpuSecond).toList()),
        median(ratios));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
    return sorted.get(sorted.size() / 2);
  }
}
