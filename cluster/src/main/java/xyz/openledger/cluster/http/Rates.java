package xyz.openledger.cluster.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** How often each limited key has called in this minute of the clock. */
final class Rates {
  private static final long MINUTE_MILLIS = 60_000;
  private static final int KEYS_MAX = 10_000;

  private final Map<String, Calls> calls = new ConcurrentHashMap<>();

  private record Calls(long minute, int number) {}

  /**
   * Counts a call.
   *
   * @throws ProblemException {@code too-many-requests} if it is one too many
   */
  void count(Principal principal, long nowMillis) {
    Integer most = principal.limits().requestsPerMinuteMax();
    if (most == null) {
      return;
    }
    long minute = nowMillis / MINUTE_MILLIS;
    if (calls.size() >= KEYS_MAX) {
      calls.values().removeIf(past -> past.minute() < minute);
    }
    Calls now =
        calls.merge(
            principal.name(),
            new Calls(minute, 1),
            (before, one) ->
                before.minute() < minute ? one : new Calls(minute, before.number() + 1));
    if (now.number() > most) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS,
          "Authorization",
          "the key %s may call %d times a minute".formatted(principal.name(), most));
    }
  }
}
