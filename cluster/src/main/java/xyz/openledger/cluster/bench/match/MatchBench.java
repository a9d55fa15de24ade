package xyz.openledger.cluster.bench.match;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import xyz.openledger.cluster.bench.Surroundings;
import xyz.openledger.nativekernels.Kernels;
import xyz.openledger.nativekernels.MatchKernel;

/**
 * What it costs to find the best nodes for a policy, and the policies for a node: exact and
 * bounded, with updates, turned round, and with slots taken. One thread, one run; the baseline
 * takes turns with what is compared to it.
 */
public final class MatchBench {
  /** How many policies are drawn. */
  static final int POLICIES = 64;

  /** How many nodes a policy wants named. */
  static final int BEST = 10;

  /**
   * What is asked for.
   *
   * @param nodes of the large table
   * @param placeNodes of the table that slots are taken in
   * @param waiting policies that a freed node is held against
   * @param roundMillis CPU time of a round, at least
   * @param data where it is run, for the report
   */
  public record Options(
      int nodes, int placeNodes, int waiting, int rounds, int roundMillis, long seed, Path data) {}

  private MatchBench() {}

  /**
   * Measures.
   *
   * @param progress hears what is going on
   */
  public static MatchReport run(Options options, Consumer<String> progress) throws IOException {
    var findings = new ArrayList<String>();
    Surroundings before = Surroundings.before(options.data());
    var stopwatch = new Stopwatch(options.rounds(), options.roundMillis() * 1_000_000L);
    progress.accept("drawing %,d nodes …".formatted(options.nodes()));
    World world = World.draw(options.seed(), options.nodes(), POLICIES);
    var parts = new ArrayList<MatchReport.Part>();
    progress.accept("the best %d of them, exactly …".formatted(BEST));
    parts.add(new ExactPart(world, kernels(), stopwatch, findings).run());
    progress.accept("good ones, soon …");
    parts.add(new BoundedPart(world, kernels(), stopwatch, options.seed(), findings).run());
    progress.accept("updates …");
    parts.add(new UpdatePart(world, stopwatch, new Random(options.seed() + 1)).run());
    progress.accept("a freed node against %,d waiting policies …".formatted(options.waiting()));
    parts.add(
        new ReversePart(
                options.waiting(), kernels(), stopwatch, new Random(options.seed() + 2), findings)
            .run());
    progress.accept("taking slots of %,d nodes …".formatted(options.placeNodes()));
    World cell = World.draw(options.seed() + 3, options.placeNodes(), POLICIES);
    parts.add(new PlacePart(cell, stopwatch, findings).run());
    return new MatchReport(
        before.after(),
        options.seed(),
        options.nodes(),
        Kernels.objection()
            .map(objection -> "none in C: " + objection)
            .orElse(Kernels.match().name()),
        parts,
        findings);
  }

  /** The twin in Java, and the kernel in C where there is one. */
  private static Map<String, MatchKernel> kernels() {
    var kernels = new LinkedHashMap<String, MatchKernel>();
    kernels.put("Java", Kernels.matchInJava());
    if (Kernels.objection().isEmpty()) {
      kernels.put("C", Kernels.match());
    }
    return kernels;
  }

  /** A goal's measured value where it could be measured. */
  static <T> List<T> when(boolean measured, T goal) {
    return measured ? List.of(goal) : List.of();
  }
}
