package xyz.openledger.nodes.execution;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/**
 * The bytes that a program gets as random: SHA-256 in counter mode over its task's hash. Block
 * {@code i} is
 *
 * <pre>
 *   SHA-256( "openledger/random/v1\n"  task hash (32 bytes)  i (8 bytes, big-endian) )
 * </pre>
 *
 * <p>The stream is read once, front to back: each byte is given out one time.
 */
final class TaskRandom {
  private static final byte[] PREFIX = Domain.prefix("random");

  private final MessageDigest sha256 = Digest.sha256();
  private final byte[] taskHash;
  private final byte[] block = new byte[Digest.BYTES];
  private final byte[] counter = new byte[Long.BYTES];
  private long blocks;
  private int position = Digest.BYTES;

  TaskRandom(Digest taskHash) {
    this.taskHash = taskHash.bytes();
  }

  /** Fills {@code target} with the next bytes. */
  void fill(byte[] target, int offset, int length) {
    while (length > 0) {
      if (position == block.length) {
        nextBlock();
      }
      int chunk = Math.min(length, block.length - position);
      System.arraycopy(block, position, target, offset, chunk);
      position += chunk;
      offset += chunk;
      length -= chunk;
    }
  }

  private void nextBlock() {
    ByteBuffer.wrap(counter).putLong(blocks++);
    sha256.update(PREFIX);
    sha256.update(taskHash);
    sha256.update(counter);
    try {
      sha256.digest(block, 0, block.length);
    } catch (DigestException impossible) {
      throw new AssertionError(impossible);
    }
    position = 0;
  }
}
