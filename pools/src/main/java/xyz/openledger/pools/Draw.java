package xyz.openledger.pools;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import xyz.openledger.protocol.Domain;

/**
 * Numbers for one placement that only the epoch secret foretells:
 *
 * <pre>
 *   seed        the first 8 bytes of HMAC(secret, "openledger/replica-draw/v1\n" task "#" attempt)
 *   below(n)    the high 64 bits of n × mix(seed + i × 0x9e3779b97f4a7c15), i = 1, 2, …
 * </pre>
 *
 * <p>The step and the finalizer {@code mix} are those of SplitMix64 (Steele, Lea, Flood 2014).
 */
final class Draw {
  private static final byte[] PREFIX = Domain.prefix("replica-draw");
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private long state;

  private Draw(long seed) {
    state = seed;
  }

  static Draw of(EpochSecret secret, Request request) {
    String message = request.task() + "#" + request.attempt();
    byte[] mac = secret.hmac(PREFIX, message.getBytes(StandardCharsets.US_ASCII));
    return new Draw(ByteBuffer.wrap(mac).getLong());
  }

  static Draw seeded(long seed) {
    return new Draw(seed);
  }

  /** The next number from 0 to {@code bound} - 1. */
  int below(int bound) {
    state += STEP;
    return (int) Math.unsignedMultiplyHigh(mix(state), bound);
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
