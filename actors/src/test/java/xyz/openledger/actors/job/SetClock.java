package xyz.openledger.actors.job;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands where a test has set it. */
final class SetClock extends Clock {
  private final AtomicLong nowMillis;

  SetClock(AtomicLong nowMillis) {
    this.nowMillis = nowMillis;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMillis.get());
  }
}
