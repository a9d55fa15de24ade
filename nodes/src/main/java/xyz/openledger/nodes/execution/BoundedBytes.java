package xyz.openledger.nodes.execution;

import java.security.MessageDigest;
import java.util.Arrays;

/** Bytes that are only ever added, up to a limit. */
final class BoundedBytes {
  private static final int FIRST_CAPACITY = 256;

  private final long maxBytes;
  private byte[] bytes = new byte[0];
  private int length;

  BoundedBytes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** How many more bytes fit. */
  long room() {
    return maxBytes - length;
  }

  long length() {
    return length;
  }

  /** Makes room for {@code count} more bytes, which the caller knows to fit. */
  void reserve(int count) {
    if (bytes.length - length < count) {
      long doubled = Math.max(FIRST_CAPACITY, 2L * bytes.length);
      bytes =
          Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(doubled, (long) length + count)));
    }
  }

  void add(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  /** Hashes what was added since there were {@code from} bytes. */
  void hash(MessageDigest hash, int from) {
    hash.update(bytes, from, length - from);
  }

  byte[] toByteArray() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
