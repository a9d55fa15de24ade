package xyz.openledger.cluster.http;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.TuningApi;
import xyz.openledger.cluster.openai.FineTuneRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningPiece;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningState;
import xyz.openledger.protocol.api.TuningView;

/** Trainings in memory, which make a first piece at once and none after it. */
final class FakeTunings implements TuningApi {
  /** One that is there from the start. */
  static final TuningId FIRST = TuningId.parse("tune-abcdefghijklmnopqrstuvwxya");

  private static final Digest BLOB =
      Digest.of("blob".getBytes(java.nio.charset.StandardCharsets.UTF_8));

  private final ConcurrentSkipListMap<TuningId, TuningView> tunings = new ConcurrentSkipListMap<>();

  FakeTunings() {
    var policy =
        new Policy(
            null,
            new Policy.Limits(1_000_000, 60_000, null, null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null);
    put(
        FIRST,
        RunningServer.DEMO,
        new TuningRequest("tiny", BLOB, "mate", TuningRecipe.of(40), 20, null, 1, policy),
        TuningState.RUNNING);
  }

  /** The loss on a validation file, if there is one. */
  private static @Nullable Double held(TuningRequest request) {
    var labels = request.labels();
    return labels != null && labels.containsKey(FineTuneRequest.VALIDATION_LABEL) ? 2.75 : null;
  }

  private TuningView put(TuningId id, TenantId tenant, TuningRequest request, TuningState state) {
    var piece =
        new TuningPiece(
            0,
            request.until(0),
            JobId.of(tenant, "piece"),
            BLOB,
            2.5,
            held(request),
            List.of(NodeId.parse("node-abcdefghijklmnopqrstuvwxya")),
            "none",
            null,
            1_000);
    var view =
        new TuningView(
            id,
            tenant,
            state,
            request,
            List.of(piece),
            List.of(),
            null,
            null,
            0.5,
            state == TuningState.CANCELLED ? Problem.CANCELLED : null,
            "",
            1_000,
            7_000,
            8_000);
    tunings.put(id, view);
    return view;
  }

  @Override
  public CompletionStage<TuningView> start(TenantId tenant, String key, TuningRequest request) {
    return done(() -> put(TuningId.of(tenant, key), tenant, request, TuningState.RUNNING));
  }

  @Override
  public CompletionStage<TuningView> show(@Nullable TenantId tenant, TuningId id) {
    return done(() -> require(tenant, id));
  }

  @Override
  public CompletionStage<TuningView> cancel(@Nullable TenantId tenant, TuningId id) {
    return done(
        () -> {
          TuningView view = require(tenant, id);
          return put(id, view.tenant(), view.request(), TuningState.CANCELLED);
        });
  }

  @Override
  public CompletionStage<List<TuningView>> list(
      @Nullable TenantId tenant, @Nullable TuningId after, int max) {
    return done(
        () ->
            (after == null ? tunings : tunings.tailMap(after, false))
                .values().stream()
                    .filter(view -> tenant == null || view.tenant().equals(tenant))
                    .limit(max)
                    .toList());
  }

  @Override
  public CompletionStage<List<TuningNews>> news(
      @Nullable TenantId tenant, TuningId id, long from, int max) {
    return done(
        () -> {
          TuningView view = require(tenant, id);
          return List.of(
              new TuningNews(
                  0, "made", 0, 20, List.of(3.0, 2.5), held(view.request()), "piece 0", 8_000));
        });
  }

  private TuningView require(@Nullable TenantId tenant, TuningId id) {
    TuningView view = tunings.get(id);
    if (view == null || (tenant != null && !view.tenant().equals(tenant))) {
      throw new ProblemException(Problem.NOT_FOUND, "id", "no training " + id);
    }
    return view;
  }

  private static <T> CompletionStage<T> done(Supplier<T> answer) {
    try {
      return CompletableFuture.completedFuture(answer.get());
    } catch (ProblemException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }
}
