package xyz.openledger.actors.tuning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;

/**
 * All trainings that are remembered. What may happen to them is decided here and in {@link
 * TuningRules}, without actors. Not thread-safe.
 */
final class TuningRuns {
  /** Trainings of a tenant that are not over. */
  static final int LIVE_MAX = 4;

  /** Trainings of a tenant that are remembered; the oldest that is over is forgotten. */
  static final int KEPT_MAX = 50;

  private final Map<TuningId, TuningRun> runs = new LinkedHashMap<>();

  /** What a wish to begin means; nothing if it was begun. */
  List<TuningEvent> start(TuningMessage.Start start, long nowMillis) {
    TuningRun known = runs.get(start.run());
    if (known != null) {
      if (!known.tenant().equals(start.tenant())
          || !known.plan().request().equals(start.plan().request())) {
        throw new ProblemException(
            Problem.IDEMPOTENCY_CONFLICT, "", "this Idempotency-Key was used for another training");
      }
      return List.of();
    }
    if (of(start.tenant()).stream().filter(run -> run.finished() == null).count() >= LIVE_MAX) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS,
          "",
          "%d trainings are under way; wait for one, or cancel it".formatted(LIVE_MAX));
    }
    return List.of(new TuningEvent.Started(start.run(), start.tenant(), start.plan(), nowMillis));
  }

  /** What a wish to stop means. */
  List<TuningEvent> cancel(TuningId id, @Nullable TenantId tenant, long nowMillis) {
    TuningRun run = require(id, tenant);
    TuningEvent.Finished finished = run.finished();
    if (finished != null && finished.problem() == Problem.CANCELLED) {
      return List.of();
    }
    if (finished != null) {
      throw new ProblemException(Problem.WRONG_STATE, "", "the training is over");
    }
    return List.of(
        new TuningEvent.Finished(id, Problem.CANCELLED, "cancelled by its owner", null, nowMillis));
  }

  /** What it means how an order's job stands; nothing if that is old. */
  List<TuningEvent> reported(TuningMessage.Reported said, TuningWork work, long nowMillis) {
    TuningRun run = runs.get(said.run());
    TuningEvent.Order order = run == null ? null : run.order(said.serial());
    TuningWork.Report report = said.report();
    if (run == null || order == null || report == null) {
      return List.of();
    }
    return switch (report) {
      case TuningWork.Report.Running _ -> List.of();
      case TuningWork.Report.Missed(var problem, var detail, var makers, var charged) ->
          List.of(
              new TuningEvent.Missed(
                  run.id(),
                  order.serial(),
                  work.job(run, order),
                  problem,
                  detail,
                  makers,
                  charged,
                  nowMillis));
      case TuningWork.Report.Settled made when order.again() ->
          List.of(
              new TuningEvent.Checked(
                  run.id(),
                  order.serial(),
                  work.job(run, order),
                  made.checkpoint(),
                  made.makers(),
                  made.refuted(),
                  made.chargedNanoOpen(),
                  nowMillis));
      case TuningWork.Report.Settled made ->
          List.of(
              new TuningEvent.Made(
                  run.id(),
                  order.serial(),
                  work.job(run, order),
                  made.checkpoint(),
                  made.losses(),
                  made.heldBackLoss(),
                  made.makers(),
                  made.chargedNanoOpen(),
                  nowMillis));
    };
  }

  /** Takes note of what happened. */
  void apply(TuningEvent event) {
    if (event instanceof TuningEvent.Started started) {
      runs.put(started.run(), TuningRun.of(started));
      List<TuningRun> kept = of(started.tenant());
      if (kept.size() > KEPT_MAX) {
        kept.stream()
            .filter(run -> run.finished() != null)
            .findFirst()
            .ifPresent(oldest -> runs.remove(oldest.id()));
      }
    } else {
      runs.computeIfPresent(event.run(), (_, run) -> run.apply(event));
    }
  }

  /** The one with that id; null if there is none. */
  @Nullable TuningRun run(TuningId id) {
    return runs.get(id);
  }

  /**
   * The one with that id.
   *
   * @param tenant who asks; null for whoever may see everything
   */
  TuningRun require(TuningId id, @Nullable TenantId tenant) {
    TuningRun run = runs.get(id);
    if (run == null || (tenant != null && !run.tenant().equals(tenant))) {
      throw new ProblemException(Problem.NOT_FOUND, "id", "there is no training " + id);
    }
    return run;
  }

  /** Those that are not over. */
  List<TuningRun> live() {
    return runs.values().stream().filter(run -> run.finished() == null).toList();
  }

  /** Those that are over. */
  List<TuningRun> over() {
    return runs.values().stream().filter(run -> run.finished() != null).toList();
  }

  /** Those of a tenant, or all, newest first, after one. */
  List<TuningRun> page(@Nullable TenantId tenant, @Nullable TuningId after, int max) {
    var all = new ArrayList<>(tenant == null ? List.copyOf(runs.values()) : of(tenant));
    all.sort(
        Comparator.comparingLong(TuningRun::startedAtMillis)
            .reversed()
            .thenComparing(TuningRun::id));
    int from = 0;
    for (int i = 0; after != null && i < all.size(); i++) {
      from = all.get(i).id().equals(after) ? i + 1 : from;
    }
    return all.stream().skip(from).limit(max).toList();
  }

  private List<TuningRun> of(TenantId tenant) {
    return runs.values().stream().filter(run -> run.tenant().equals(tenant)).toList();
  }
}
