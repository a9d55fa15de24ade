package xyz.openledger.actors.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.tuning.TuningEvent.Order;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;

/**
 * What a training needs next. Pure: the same training needs the same, before and after a crash.
 *
 * <p>Pieces that one machine made are drawn for a second look only when all of them are committed
 * to. Then they are looked at side by side, for each begins with a checkpoint that is known.
 */
public final class TuningRules {
  /** Jobs in a row that bring nothing, after which a training is given up. */
  public static final int MISSED_MAX = 3;

  /** Pieces that are found wrong, after which a training is given up. */
  public static final int REFUTATIONS_MAX = 5;

  /** What a further try may mend. */
  private static final Set<Problem> PASSING =
      Set.of(
          Problem.NODE_LOST,
          Problem.TASK_FAILED,
          Problem.RETRIES_EXHAUSTED,
          Problem.BLOB_UNAVAILABLE,
          Problem.UNAVAILABLE,
          Problem.INTERNAL,
          Problem.SANDBOX_FAILED,
          Problem.TOO_MANY_REQUESTS,
          Problem.RUNNING_TOO_LONG);

  private TuningRules() {}

  /** Something to do. */
  public sealed interface Step {
    /** Submit a job. */
    record Submit(Order order) implements Step {}

    /** Draw the pieces that are made again, so many. */
    record Draw(int count) implements Step {}

    /** Make an adapter of the last checkpoint. */
    record Publish() implements Step {}

    /** Give up. */
    record Fail(Problem problem, String detail) implements Step {}
  }

  /** What is to be done now; nothing while jobs are under way, nor once it is over. */
  public static List<Step> next(TuningRun run) {
    if (run.finished() != null || !run.open().isEmpty()) {
      return List.of();
    }
    Step.Fail hopeless = hopeless(run);
    if (hopeless != null) {
      return List.of(hopeless);
    }
    if (run.pieces().size() < run.planned()) {
      return submit(run, List.of(run.pieces().size()), false);
    }
    int checks = run.plan().request().checks();
    if (checks > 0 && run.drawn() == null) {
      return List.of(new Step.Draw(checks));
    }
    List<Integer> unchecked = unchecked(run);
    return unchecked.isEmpty() ? List.of(new Step.Publish()) : submit(run, unchecked, true);
  }

  private static List<Step> submit(TuningRun run, List<Integer> pieces, boolean again) {
    long price = priceMaxNanoOpen(run);
    if (price < 1) {
      return List.of(
          new Step.Fail(
              Problem.BUDGET_EXHAUSTED,
              "%d nano-OPEN were paid, and nothing is left of the limit for what is to come"
                  .formatted(run.chargedNanoOpen())));
    }
    var steps = new ArrayList<Step>();
    for (int piece : pieces) {
      steps.add(
          new Step.Submit(
              new Order(
                  run.orders() + steps.size(),
                  piece,
                  run.before(piece),
                  again ? run.pieces().get(piece).job() : null,
                  run.elsewhere(),
                  price)));
    }
    return steps;
  }

  /** Equal parts of what is left, for all jobs that are still to come. */
  private static long priceMaxNanoOpen(TuningRun run) {
    long left = run.plan().request().policy().limits().priceMaxNanoOpen() - run.chargedNanoOpen();
    int toMake = run.planned() - run.pieces().size();
    int toCheck = run.drawn() == null ? run.plan().request().checks() : unchecked(run).size();
    return left / Math.max(1, toMake + toCheck);
  }

  private static List<Integer> unchecked(TuningRun run) {
    Set<Integer> drawn = run.drawn();
    return drawn == null
        ? List.of()
        : drawn.stream()
            .sorted()
            .filter(piece -> run.pieces().get(piece).confirmedBy() == null)
            .toList();
  }

  private static Step.@Nullable Fail hopeless(TuningRun run) {
    if (run.refutations() > REFUTATIONS_MAX) {
      return new Step.Fail(
          Problem.NO_AGREEMENT, "%d pieces were found wrong".formatted(run.refutations()));
    }
    if (run.missed() > 0
        && run.history().reversed().stream()
                .filter(TuningEvent.Missed.class::isInstance)
                .findFirst()
                .orElseThrow()
            instanceof TuningEvent.Missed last) {
      if (!mayPass(run, last.problem()) || run.missed() >= MISSED_MAX) {
        return new Step.Fail(last.problem(), "%s: %s".formatted(last.job(), last.detail()));
      }
    }
    return null;
  }

  /** That nothing comes of a piece is the last word where several say so. */
  private static boolean mayPass(TuningRun run, Problem problem) {
    return PASSING.contains(problem)
        && (problem != Problem.TASK_FAILED
            || run.plan().request().policy().verification().method() == Policy.Method.TRUSTED);
  }
}
