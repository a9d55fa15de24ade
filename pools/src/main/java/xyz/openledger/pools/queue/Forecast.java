package xyz.openledger.pools.queue;

import org.jspecify.annotations.Nullable;

/**
 * How long a task will wait: the slots ahead of it at the pace at which slots were given lately,
 * times two factors that learn from every wait that ended, one so that half of the waits are
 * shorter than said and one so that nine of ten are.
 *
 * <pre>
 *   longer than said    factor × (1 + rate × p)
 *   shorter             factor × (1 - rate × (1 - p))
 * </pre>
 *
 * <p>The steps balance where a part {@code p} of the waits are shorter, whatever their distribution
 * (online quantile regression). In whole parts of a million.
 */
public final class Forecast {
  private static final long ONE = 1_000_000;
  private static final long FACTOR_MIN = ONE / 100;
  private static final long FACTOR_MAX = 10_000 * ONE;
  private static final long LEARNED_PER_WAIT = ONE / 8;

  /**
   * A little above nine of ten: steps of this size come out below their mark, and at first too
   * little is known. Fitted on other seeds than it is judged by (docs/scheduling.md).
   */
  private static final long NINTH_PART = ONE * 92 / 100;

  private static final long MILLIS_MIN = 1_000;
  private static final long MILLIS_MAX = 30L * 86_400_000;
  private static final int WINDOW = 32;

  private long median = ONE;
  private long ninth = 4 * ONE;
  private long microsPerSlot;
  private boolean measured;
  private long sinceMillis = NOT_BUSY;

  private static final long NOT_BUSY = Long.MIN_VALUE;

  /**
   * What is said.
   *
   * @param p50Millis half of the waits are shorter
   * @param p90Millis nine of ten are
   * @param baseMillis the slots ahead at the pace, before the factors
   */
  public record Eta(long p50Millis, long p90Millis, long baseMillis) {
    /** {@code in about 12 s; in nine of ten cases within 40 s}. */
    public String words() {
      return "in about %s; in nine of ten cases within %s"
          .formatted(time(p50Millis), time(p90Millis));
    }

    private static String time(long millis) {
      long seconds = Math.ceilDiv(millis, 1_000);
      return seconds < 120
          ? seconds + " s"
          : seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }
  }

  /**
   * What to say of a task with so many slots ahead, its own included; null before any was given.
   */
  @Nullable Eta of(long slotsAhead) {
    if (!measured) {
      return null;
    }
    long base = Math.clamp(slotsAhead * microsPerSlot / 1_000, MILLIS_MIN, MILLIS_MAX);
    long p50 = Math.min(MILLIS_MAX, base * median / ONE);
    return new Eta(p50, Math.max(p50, Math.min(MILLIS_MAX, base * ninth / ONE)), base);
  }

  /** Somebody waits from now on; the time before says nothing of the pace. */
  void busy(long nowMillis) {
    if (sinceMillis == NOT_BUSY) {
      sinceMillis = nowMillis;
    }
  }

  /** Nobody waits. */
  void idle() {
    sinceMillis = NOT_BUSY;
  }

  /** So many slots were given, to tasks that had waited. */
  void gave(int slots, long nowMillis) {
    if (slots == 0 || sinceMillis == NOT_BUSY) {
      return;
    }
    long micros = Math.min(MILLIS_MAX, Math.max(0, nowMillis - sinceMillis)) * 1_000 / slots;
    microsPerSlot =
        measured ? ((WINDOW - 1) * microsPerSlot + micros) / WINDOW : Math.max(1, micros);
    measured = true;
    sinceMillis = nowMillis;
  }

  /**
   * A wait of which {@code said} was told has ended after so long. It is compared with what would
   * be said today: of many that were told the same at once, the first ones set the factors right,
   * and the others do not push them beyond.
   */
  void learned(Eta said, long waitedMillis) {
    median = step(median, waitedMillis > said.baseMillis() * median / ONE, ONE / 2);
    ninth = step(ninth, waitedMillis > said.baseMillis() * ninth / ONE, NINTH_PART);
  }

  private static long step(long factor, boolean longer, long part) {
    long change = longer ? LEARNED_PER_WAIT * part / ONE : -LEARNED_PER_WAIT * (ONE - part) / ONE;
    return Math.clamp(factor + factor * change / ONE, FACTOR_MIN, FACTOR_MAX);
  }
}
