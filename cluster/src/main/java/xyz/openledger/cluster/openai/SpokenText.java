package xyz.openledger.cluster.openai;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.session.Words;

/**
 * An answer's text while it is made, for one listener, who takes as much at a time as there is.
 * What leaves a gap is not taken: the whole answer follows. It holds no more than the answer. Safe
 * for many threads.
 */
public final class SpokenText {
  private final StringBuilder text = new StringBuilder();
  private int taken;
  private boolean ended;
  private @Nullable CompletableFuture<Optional<String>> waiting;

  /** Takes in a part; what is known already, from another node or a repeat, is passed over. */
  public void hear(Words words) {
    CompletableFuture<Optional<String>> listener;
    Optional<String> part;
    synchronized (this) {
      int known = text.length() - words.position();
      if (ended || known < 0 || known >= words.text().length()) {
        return;
      }
      text.append(words.text(), known, words.text().length());
      listener = waiting;
      waiting = null;
      if (listener == null) {
        return;
      }
      part = take();
    }
    listener.complete(part);
  }

  /** There will be no more: what is not taken yet comes with the answer. */
  public void end() {
    CompletableFuture<Optional<String>> listener;
    synchronized (this) {
      ended = true;
      listener = waiting;
      waiting = null;
    }
    if (listener != null) {
      listener.complete(Optional.empty());
    }
  }

  /** What has come since this was last asked, as soon as there is some; empty at the end. */
  public synchronized CompletionStage<Optional<String>> next() {
    if (ended) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    if (taken < text.length()) {
      return CompletableFuture.completedFuture(take());
    }
    var later = new CompletableFuture<Optional<String>>();
    waiting = later;
    return later;
  }

  /** What was taken. */
  public synchronized String taken() {
    return text.substring(0, taken);
  }

  private Optional<String> take() {
    String part = text.substring(taken);
    taken = text.length();
    return Optional.of(part);
  }
}
