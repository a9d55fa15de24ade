package xyz.openledger.protocol.client;

import java.time.Duration;
import java.util.function.Consumer;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningView;

/** Trainings of adapters by the network. */
public final class TuningClient {
  private static final Duration BETWEEN = Duration.ofMillis(300);

  private final Exchange exchange;

  TuningClient(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Begins a training.
   *
   * @param idempotencyKey names it: a repeat under the same key finds it
   */
  public TuningView start(TuningRequest request, String idempotencyKey) {
    return Call.post(exchange, "/tunings", request, idempotencyKey, TuningView.class);
  }

  /** All that are remembered, newest first. */
  public Pages<TuningView> tunings() {
    return Call.pages(exchange, "/tunings", "", TuningView.class);
  }

  /** How one stands. */
  public TuningView show(TuningId id) {
    return Call.get(exchange, path(id), TuningView.class);
  }

  /** Ends one. */
  public TuningView cancel(TuningId id) {
    return Call.post(exchange, path(id) + ":cancel", TuningView.class);
  }

  /** What happened in one, the oldest first. */
  public Pages<TuningNews> events(TuningId id) {
    return Call.pages(exchange, path(id) + "/events", "", TuningNews.class);
  }

  /**
   * Waits until one is over, or for so long.
   *
   * @param progress hears how it stands, again and again
   */
  public TuningView await(TuningId id, Duration longest, Consumer<TuningView> progress) {
    long began = System.nanoTime();
    while (true) {
      TuningView view = show(id);
      progress.accept(view);
      if (view.state().isFinal() || System.nanoTime() - began > longest.toNanos()) {
        return view;
      }
      try {
        Thread.sleep(BETWEEN);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return view;
      }
    }
  }

  private static String path(TuningId id) {
    return "/tunings/" + id;
  }
}
