package xyz.openledger.cluster.http.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningView;

/**
 * Trainings of adapters. Refusals and threads as for {@link MemberApi}; a tenant that is absent may
 * see and stop everything.
 */
public interface TuningApi {
  /**
   * Begins a training; a repeat under the same key finds it. Refuses with {@code unknown-blob} data
   * that are not stored, with {@code too-large} what no node would take, with {@code
   * too-many-requests} one more than a tenant may have at a time.
   */
  CompletionStage<TuningView> start(TenantId tenant, String idempotencyKey, TuningRequest request);

  /** How one stands, its checkpoints among the rest; {@code not-found} if there is none. */
  CompletionStage<TuningView> show(@Nullable TenantId tenant, TuningId id);

  /** Ends one; {@code wrong-state} if it is over. */
  CompletionStage<TuningView> cancel(@Nullable TenantId tenant, TuningId id);

  /**
   * All that are remembered, newest first.
   *
   * @param after the last one of the page before; absent for the first page
   * @param max at most 200
   */
  CompletionStage<List<TuningView>> list(
      @Nullable TenantId tenant, @Nullable TuningId after, int max);

  /**
   * What happened in one, the oldest first, losses among the rest.
   *
   * @param from the number of the first
   * @param max at most 200
   */
  CompletionStage<List<TuningNews>> news(
      @Nullable TenantId tenant, TuningId id, long from, int max);
}
