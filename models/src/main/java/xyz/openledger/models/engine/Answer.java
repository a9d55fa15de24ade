package xyz.openledger.models.engine;

import java.util.concurrent.CompletableFuture;

/** A request on its way. */
public interface Answer {
  /** Its number, unique within an engine. */
  long id();

  /** Completed once it has ended, however it ended. */
  CompletableFuture<InferenceResult> result();

  /** Ends it soon; what is there by then is its result. */
  void cancel();
}
