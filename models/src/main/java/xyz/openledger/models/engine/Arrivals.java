package xyz.openledger.models.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who has come and is not let in yet: so many in all, and so many of one tenant, so that who asks
 * much leaves room for others. Thread-safe.
 */
final class Arrivals {
  private static final Duration RETRY_MIN = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofSeconds(60);

  /** What an answer is taken to cost when a time to come back is told. */
  private static final int TOKENS_EACH = 64;

  private final int allMax;
  private final int tenantMax;
  private final ConcurrentLinkedQueue<Sequence> arrived = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> waiting = new HashMap<>();
  private int all;

  Arrivals(EngineSettings settings) {
    this.allMax = settings.queueMax();
    this.tenantMax = settings.tenantQueueMax();
  }

  /**
   * Takes a place, until {@link #leave}.
   *
   * @throws OverloadedException if there is none
   */
  synchronized void enter(String tenant, double tokensPerSecond) {
    int mine = waiting.getOrDefault(tenant, 0);
    if (all >= allMax || mine >= tenantMax) {
      throw new OverloadedException(
          all >= allMax ? all : mine, again(all >= allMax ? all : mine, tokensPerSecond));
    }
    waiting.put(tenant, mine + 1);
    all++;
  }

  private static Duration again(int before, double tokensPerSecond) {
    long seconds = (long) Math.ceil(before * TOKENS_EACH / Math.max(1, tokensPerSecond));
    return Duration.ofSeconds(Math.clamp(seconds, RETRY_MIN.toSeconds(), RETRY_MAX.toSeconds()));
  }

  /** Gives a place back: who had it was let in, or went away. */
  synchronized void leave(String tenant) {
    waiting.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
    all--;
  }

  /** Hands over a request whose place was taken. */
  void add(Sequence one) {
    arrived.add(one);
  }

  /** The next that was handed over; it keeps its place. */
  @Nullable Sequence next() {
    return arrived.poll();
  }

  /** Ends all that were handed over and that nobody will fetch. */
  void fail() {
    for (Sequence one = next(); one != null; one = next()) {
      leave(one.request.tenant());
      one.result().completeExceptionally(new IllegalStateException("the engine is closed"));
    }
  }
}
