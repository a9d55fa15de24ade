package xyz.openledger.nodes.kubernetes;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of a container's output streams, filled from a connection that brings both. It holds what the
 * connection was allowed to bring, and allows more only as it is read.
 */
final class ChannelInput extends InputStream {
  private final ArrayDeque<byte[]> parts = new ArrayDeque<>();
  private final Runnable taken;
  private byte @Nullable [] current;
  private int at;
  private boolean ended;

  /**
   * An empty stream.
   *
   * @param taken called once for each part that was read to its end
   */
  ChannelInput(Runnable taken) {
    this.taken = taken;
  }

  /** More of the stream. */
  synchronized void add(byte[] part) {
    parts.add(part);
    notifyAll();
  }

  /** No more follows what is here. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    boolean emptied;
    int count;
    synchronized (this) {
      byte[] part = awaitPart();
      if (part == null) {
        return -1;
      }
      count = Math.min(length, part.length - at);
      System.arraycopy(part, at, target, offset, count);
      at += count;
      emptied = at == part.length;
      if (emptied) {
        current = null;
      }
    }
    if (emptied) {
      taken.run();
    }
    return count;
  }

  /** The part that is being read; null at the end. Waits for it. */
  private byte @Nullable [] awaitPart() {
    while (current == null) {
      if (!parts.isEmpty()) {
        current = parts.remove();
        at = 0;
      } else if (ended) {
        return null;
      } else {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return null;
        }
      }
    }
    return current;
  }

  @Override
  public synchronized int available() {
    return current == null ? 0 : current.length - at;
  }
}
