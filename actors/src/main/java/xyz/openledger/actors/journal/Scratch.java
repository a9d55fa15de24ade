package xyz.openledger.actors.journal;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory outside the heap, from which LMDB reads one key and one value. Each thread has its own;
 * what a method returns is good until that method is called again.
 */
final class Scratch {
  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);
  private static final int BYTES = 1024;

  private final UnsafeBuffer keyMemory = new UnsafeBuffer(ByteBuffer.allocateDirect(BYTES));
  private final UnsafeBuffer valueMemory = new UnsafeBuffer(ByteBuffer.allocateDirect(BYTES));
  private final UnsafeBuffer key = new UnsafeBuffer(keyMemory);
  private final UnsafeBuffer value = new UnsafeBuffer(valueMemory);

  private Scratch() {}

  static Scratch ofThread() {
    return OF_THREAD.get();
  }

  /** A key that sorts by the number. */
  DirectBuffer key(long number) {
    keyMemory.putLong(0, number, BIG_ENDIAN);
    key.wrap(keyMemory, 0, Long.BYTES);
    return key;
  }

  /** A key that sorts by the first number, then by the second. */
  DirectBuffer key(long first, long second) {
    keyMemory.putLong(0, first, BIG_ENDIAN);
    keyMemory.putLong(Long.BYTES, second, BIG_ENDIAN);
    key.wrap(keyMemory, 0, 2 * Long.BYTES);
    return key;
  }

  DirectBuffer key(byte[] bytes) {
    keyMemory.putBytes(0, bytes);
    key.wrap(keyMemory, 0, bytes.length);
    return key;
  }

  DirectBuffer value(long number) {
    valueMemory.putLong(0, number, BIG_ENDIAN);
    value.wrap(valueMemory, 0, Long.BYTES);
    return value;
  }

  DirectBuffer value(byte[] bytes) {
    valueMemory.putBytes(0, bytes);
    value.wrap(valueMemory, 0, bytes.length);
    return value;
  }

  DirectBuffer noValue() {
    value.wrap(valueMemory, 0, 0);
    return value;
  }
}
