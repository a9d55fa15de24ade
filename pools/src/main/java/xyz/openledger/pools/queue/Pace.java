package xyz.openledger.pools.queue;

/** How fast a queue drains: a moving average over some eight grants, in whole microseconds. */
final class Pace {
  private static final long RETRY_MIN_MILLIS = 1_000;
  private static final long RETRY_MAX_MILLIS = 60_000;
  private static final int WINDOW = 8;

  private boolean started;
  private long lastMillis;
  private long microsPerGrant;

  /** Notes that tasks got their nodes at that time. */
  void saw(int grants, long nowMillis) {
    if (grants == 0) {
      return;
    }
    long micros = Math.max(0, nowMillis - lastMillis) * 1_000 / grants;
    microsPerGrant = started ? ((WINDOW - 1) * microsPerGrant + micros) / WINDOW : 0;
    started = true;
    lastMillis = nowMillis;
  }

  /** How long so many more may take; between a second and a minute, since it is a guess. */
  long millisFor(int grants) {
    return Math.clamp(microsPerGrant * grants / 1_000, RETRY_MIN_MILLIS, RETRY_MAX_MILLIS);
  }
}
