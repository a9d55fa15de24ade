package xyz.openledger.cluster.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.session.NodeMessage;

/**
 * Hands a node's messages to its sink, all that have arrived at a time, and the next ones when
 * those have taken effect. On the session's executor.
 */
final class Delivery {
  /** Hears how a delivery went. */
  interface Listener {
    /** Everything up to frame {@code last} has taken effect. */
    void delivered(List<NodeMessage> batch, long last);

    /** The sink could not take a batch; no other will be offered. */
    void failed(Throwable reason);
  }

  private final SessionSink sink;
  private final Executor serial;
  private final Listener listener;
  private List<NodeMessage> arrived = new ArrayList<>();
  private long last;
  private boolean busy;
  private boolean stopped;

  Delivery(SessionSink sink, Executor serial, Listener listener) {
    this.sink = sink;
    this.serial = serial;
    this.listener = listener;
  }

  /** The message of frame {@code sequence} has arrived. */
  void add(NodeMessage message, long sequence) {
    arrived.add(message);
    last = sequence;
    deliver();
  }

  /** The sink is to hear nothing more. */
  void stop() {
    stopped = true;
  }

  private void deliver() {
    if (busy || stopped || arrived.isEmpty()) {
      return;
    }
    List<NodeMessage> batch = List.copyOf(arrived);
    long lastOfBatch = last;
    arrived = new ArrayList<>();
    busy = true;
    var _ =
        received(batch)
            .whenComplete((_, failed) -> serial.execute(() -> done(batch, lastOfBatch, failed)));
  }

  private CompletionStage<Void> received(List<NodeMessage> batch) {
    try {
      return sink.received(batch);
    } catch (RuntimeException failed) {
      return CompletableFuture.failedStage(failed);
    }
  }

  private void done(List<NodeMessage> batch, long lastOfBatch, @Nullable Throwable failed) {
    if (stopped) {
      return;
    }
    if (failed != null) {
      listener.failed(failed);
      return;
    }
    busy = false;
    listener.delivered(batch, lastOfBatch);
    deliver();
  }
}
