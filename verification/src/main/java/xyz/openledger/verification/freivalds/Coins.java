package xyz.openledger.verification.freivalds;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/**
 * Where a challenge comes from. It must be unknown to the prover until it has committed: either it
 * is secret, or it follows from the commitment itself.
 */
public final class Coins {
  private final LongSupplier words;

  private Coins(LongSupplier words) {
    this.words = words;
  }

  /** Coins that only the checker knows; {@code random} must not be foreseeable, nor be shown. */
  public static Coins secret(RandomGenerator random) {
    return new Coins(random::nextLong);
  }

  /**
   * Coins that anyone can draw again, from what was committed to before there were any. A prover
   * may try many outputs until the coins suit it, so a public check takes two rounds.
   *
   * @param task the task's identity: code, input and limits
   * @param output the digest of the output that the prover signed
   */
  public static Coins open(Digest task, Digest output, int operator, int round) {
    Digest seed =
        Domain.of("freivalds").digest(task).digest(output).int32(operator).int32(round).digest();
    return new Coins(new Stream(seed));
  }

  /** The next element, uniform over the field. */
  public long next() {
    long element = words.getAsLong() >>> 3;
    // One in 2^61 is the prime itself, which is no element.
    return element == Field61.P ? next() : element;
  }

  /** So many elements. */
  public long[] next(int count) {
    long[] elements = new long[count];
    for (int i = 0; i < count; i++) {
      elements[i] = next();
    }
    return elements;
  }

  /** SHA-256 of the seed and a counter, four words at a time. */
  private static final class Stream implements LongSupplier {
    private final byte[] block = new byte[Digest.BYTES + Long.BYTES];
    private final MessageDigest sha256 = Digest.sha256();
    private ByteBuffer words = ByteBuffer.allocate(0);
    private long counter;

    Stream(Digest seed) {
      ByteBuffer.wrap(block).put(seed.bytes());
    }

    @Override
    public long getAsLong() {
      if (!words.hasRemaining()) {
        ByteBuffer.wrap(block).putLong(Digest.BYTES, counter++);
        words = ByteBuffer.wrap(sha256.digest(block));
      }
      return words.getLong();
    }
  }
}
