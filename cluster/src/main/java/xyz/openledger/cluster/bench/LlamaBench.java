package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.bench.JobsReport.Goal;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.engine.Answer;
import xyz.openledger.models.engine.EngineSettings;
import xyz.openledger.models.engine.InferenceEngine;
import xyz.openledger.models.engine.InferenceRequest;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.models.recipe.DrawnAdapter;
import xyz.openledger.models.recipe.DrawnModel;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/**
 * Our engine beside llama.cpp: the same file of drawn weights, the same questions, one computing
 * thread each, in turn. What counts is tokens of answers per CPU-second of the process.
 */
public final class LlamaBench {
  private static final long CACHE_BYTES = 512L << 20;
  private static final long SLAB_BYTES = 1L << 30;
  private static final int SLOTS = 16;
  private static final int ADAPTERS = 64;
  private static final int RANK = 16;
  private static final int ALONE = 4;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private LlamaBench() {}

  /** What is asked in a round. */
  public enum Mix {
    /** One question after another. */
    ALONE(LlamaBench.ALONE, 0.9),
    /** Sixteen at a time. */
    SLOTS(2 * LlamaBench.SLOTS, 0.9),
    /**
     * Each with an adapter of its own that is on disk and in no memory of ours; llama.cpp takes one
     * only when a model is loaded.
     */
    ADAPTERS(LlamaBench.ADAPTERS, 10);

    private final int questions;
    private final double goal;

    Mix(int questions, double goal) {
      this.questions = questions;
      this.goal = goal;
    }
  }

  /**
   * What is measured.
   *
   * @param peer the folder that {@code benchmarks/inference-beside-llama} made
   * @param bf16 whether weights and adapters are bf16, else fp32
   */
  public record Options(Path peer, boolean bf16, int tokens, int rounds, long seed) {}

  /**
   * One round of one engine.
   *
   * @param registering CPU-seconds before it, in which adapters were checked, named and stored
   */
  record Taken(long tokens, double seconds, double cpuSeconds, double registering) {
    double perCpuSecond() {
      return tokens / Math.max(0.01, cpuSeconds);
    }

    double perCpuSecondOfAll() {
      return tokens / Math.max(0.01, cpuSeconds + registering);
    }
  }

  /**
   * Medians of rounds, in tokens per CPU-second; the ratio is the median of rounds side by side.
   */
  public record Row(Mix mix, double ours, double theirs, Goal ratio) {}

  /**
   * All of it.
   *
   * @param registeringMillis median CPU time of registering one adapter, once and for all
   * @param ratioWithRegistering of adapters, if each were registered for its one question
   */
  public record Report(
      Surroundings surroundings,
      String kernels,
      long parameters,
      long fileBytes,
      Options options,
      List<Row> rows,
      double registeringMillis,
      double ratioWithRegistering) {}

  /** Measures. */
  public static Report run(Options options, Path scratch, Consumer<String> progress)
      throws IOException {
    Surroundings before = Surroundings.before(Files.createDirectories(scratch));
    DrawnModel drawn = DrawnModel.ofBench(options.bf16());
    progress.accept("drawing a model and adapters …");
    Path file = drawn.write(scratch.resolve("model"), options.seed());
    Path theirs = Files.createDirectories(scratch.resolve("theirs"));
    for (int i = 0; i < ADAPTERS; i++) {
      drawn.writeAdapter(theirs.resolve(i + ".gguf"), RANK, i);
    }
    StrictKernels kernels = StrictKernels.best();
    try (Model model = Model.open(file, kernels, false);
        Arena arena = Arena.ofShared();
        var peer = LlamaPeer.start(options.peer(), file, options.tokens())) {
      var store =
          new AdapterStore(
              model.config(), kernels, scratch.resolve("store"), new Slab(SLAB_BYTES, arena));
      var taken = new EnumMap<Mix, List<Taken[]>>(Mix.class);
      var usual = EngineSettings.of(model.config(), CACHE_BYTES);
      var settings =
          new EngineSettings(
              usual.rowsPerStep(), usual.sequencesMax(), usual.queueMax(), usual.cachePages(), 1);
      try (var engine = InferenceEngine.start(model, store, kernels, settings)) {
        for (int round = -1; round < options.rounds(); round++) {
          for (Mix mix : Mix.values()) {
            var ours = ours(engine, store, model, mix, options, scratch, round);
            var order =
                mix == Mix.ADAPTERS
                    ? "adapters %s %d".formatted(theirs, mix.questions)
                    : "%s %d".formatted(mix == Mix.ALONE ? "alone" : "slots", mix.questions);
            var other = peer.round(order);
            progress.accept(
                "%s, round %d: %.1f tokens per CPU-second, llama.cpp %.1f"
                    .formatted(mix, round, ours.perCpuSecond(), other.perCpuSecond()));
            if (round >= 0) {
              taken.computeIfAbsent(mix, _ -> new ArrayList<>()).add(new Taken[] {ours, other});
            }
          }
        }
      }
      return new Report(
          before.after(),
          kernels.name(),
          model.config().parameters(),
          Files.size(file),
          options,
          rows(taken),
          median(taken, both -> both[0].registering() * 1_000 / ADAPTERS),
          median(taken, both -> both[0].perCpuSecondOfAll() / both[1].perCpuSecond()));
    }
  }

  private static double median(
      EnumMap<Mix, List<Taken[]>> taken, ToDoubleFunction<Taken[]> figure) {
    List<Taken[]> rounds = taken.getOrDefault(Mix.ADAPTERS, List.of());
    return Rounded.median(rounds.stream().map(figure::applyAsDouble).toList());
  }

  private static List<Row> rows(Map<Mix, List<Taken[]>> taken) {
    var rows = new ArrayList<Row>();
    taken.forEach(
        (mix, rounds) ->
            rows.add(
                new Row(
                    mix,
                    Rounded.median(rounds.stream().map(both -> both[0].perCpuSecond()).toList()),
                    Rounded.median(rounds.stream().map(both -> both[1].perCpuSecond()).toList()),
                    Goal.atLeast(
                        "times llama.cpp, by medians of pairs",
                        mix.goal,
                        Rounded.median(
                            rounds.stream()
                                .map(both -> both[0].perCpuSecond() / both[1].perCpuSecond())
                                .toList())))));
    return rows;
  }

  private static Taken ours(
      InferenceEngine engine,
      AdapterStore store,
      Model model,
      Mix mix,
      Options options,
      Path scratch,
      int round)
      throws IOException {
    var adapters = new ArrayList<Digest>();
    double registering = 0;
    for (int i = 0; mix == Mix.ADAPTERS && i < ADAPTERS; i++) {
      // New ones each round, so that all are cold.
      Path folder =
          DrawnAdapter.write(
              scratch.resolve("ours"),
              model.config(),
              RANK,
              (round + 1L) * ADAPTERS + i,
              options.bf16() ? TensorType.BF16 : TensorType.F32);
      long before = THREADS.getCurrentThreadCpuTime();
      adapters.add(store.add(folder));
      registering += (THREADS.getCurrentThreadCpuTime() - before) / 1e9;
    }
    double cpu = cpuSeconds();
    long began = System.nanoTime();
    long tokens = 0;
    var waiting = new ArrayList<Answer>();
    for (int i = 0; i < mix.questions; i++) {
      if (waiting.size() == concurrency(mix)) {
        tokens += done(waiting.removeFirst());
      }
      Digest adapter = adapters.isEmpty() ? null : adapters.get(i);
      waiting.add(engine.submit(question(i, options.tokens(), adapter)));
    }
    for (Answer answer : waiting) {
      tokens += done(answer);
    }
    return new Taken(tokens, (System.nanoTime() - began) / 1e9, cpuSeconds() - cpu, registering);
  }

  private static int concurrency(Mix mix) {
    return switch (mix) {
      case ALONE -> 1;
      case SLOTS -> SLOTS;
      case ADAPTERS -> ADAPTERS;
    };
  }

  private static InferenceRequest question(int number, int tokens, @Nullable Digest adapter) {
    return InferenceRequest.of("bench", "Tell me about number " + number, tokens)
        .withAdapter(adapter == null ? null : adapter.toString());
  }

  private static long done(Answer answer) {
    return answer.result().join().usage().completionTokens();
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }
}
