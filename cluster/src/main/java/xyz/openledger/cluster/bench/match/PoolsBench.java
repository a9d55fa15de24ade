package xyz.openledger.cluster.bench.match;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.bench.Surroundings;
import xyz.openledger.nativekernels.Kernels;

/**
 * What matching costs through the classes that members run: queue, matcher and roster, without
 * actors. One thread, one run.
 */
public final class PoolsBench {
  /**
   * What is asked for.
   *
   * @param sizes of the pools that tasks are placed in
   * @param nodes of all pools together, for growth and memory; 0 to leave that out
   * @param cell nodes of one of those pools
   * @param peer a folder with Fenzo, as its script made it
   * @param data where it is run, for the report
   */
  public record Options(
      List<Integer> sizes,
      int nodes,
      int cell,
      int rounds,
      int roundMillis,
      long seed,
      @Nullable Path peer,
      Path data) {}

  private PoolsBench() {}

  /**
   * Measures.
   *
   * @param progress hears what is going on
   */
  public static MatchReport run(Options options, Consumer<String> progress) throws IOException {
    var findings = new ArrayList<String>();
    Surroundings before = Surroundings.before(options.data());
    var stopwatch = new Stopwatch(options.rounds(), options.roundMillis() * 1_000_000L);
    var parts = new ArrayList<MatchReport.Part>();
    progress.accept("placing through the queue …");
    parts.add(new MemberPart(options.sizes(), options.seed(), stopwatch, findings).run());
    Path peer = options.peer();
    if (peer != null) {
      progress.accept("Fenzo, in turn …");
      parts.add(new FenzoPart(peer, options.seed(), options.rounds(), findings).run());
    }
    if (options.nodes() > 0) {
      progress.accept("%,d nodes in pools of %,d …".formatted(options.nodes(), options.cell()));
      parts.add(
          new GrowthPart(options.nodes(), options.cell(), options.seed(), stopwatch, findings)
              .run());
    }
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
}
