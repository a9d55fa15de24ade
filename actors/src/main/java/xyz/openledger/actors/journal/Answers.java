package xyz.openledger.actors.journal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.dispatch.Futures;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/** Passes the outcome of a Java future on to Pekko. */
final class Answers {
  private Answers() {}

  /** The same outcome; a failure arrives as itself, without the wrapping that stages add. */
  static <T> Future<T> asScala(CompletableFuture<T> outcome) {
    var promise = Futures.<T>promise();
    var _ =
        outcome.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                promise.success(value);
              } else {
                promise.failure(unwrapped(failure));
              }
            });
    return promise.future();
  }

  /** The same for a write, whose only answer is that it is done. */
  @SuppressWarnings("NullAway") // null is the one value of Void, which Pekko does not declare
  static Future<Void> done(CompletableFuture<@Nullable Void> outcome) {
    return asScala(outcome);
  }

  private static Throwable unwrapped(Throwable failure) {
    var cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
