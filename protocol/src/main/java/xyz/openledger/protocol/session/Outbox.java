package xyz.openledger.protocol.session;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * The sending end of a session: numbers frames from 1 and keeps each until the peer has
 * acknowledged it, so that a new stream can go on where a broken one ended.
 *
 * <pre>
 *   1 2 3 4 │ 5 6 7 │ 8 9
 *   forgotten  sent    waiting for {@link #poll}
 *           ▲ acknowledged
 * </pre>
 *
 * <p>Not thread-safe.
 *
 * @param <F> what a frame carries
 */
public final class Outbox<F> {
  /** A frame and its number. */
  public record Numbered<F>(long sequence, F body) {}

  private record Entry<F>(F body, long bytes) {}

  private final int framesMax;
  private final long bytesMax;
  private final ArrayDeque<Entry<F>> sent = new ArrayDeque<>();
  private final ArrayDeque<Entry<F>> waiting = new ArrayDeque<>();
  private long acknowledged;
  private long sentMax;
  private long bytes;

  /**
   * An empty one.
   *
   * @param framesMax the most frames kept
   * @param bytesMax the most bytes kept, except that one frame of any size fits an empty outbox
   */
  public Outbox(int framesMax, long bytesMax) {
    this.framesMax = framesMax;
    this.bytesMax = bytesMax;
  }

  /** Whether a frame of that many bytes may be appended now. */
  public boolean hasRoom(long frameBytes) {
    return size() < framesMax && (size() == 0 || bytes + frameBytes <= bytesMax);
  }

  /**
   * Takes a frame, to be sent after all others.
   *
   * @return its number
   * @throws IllegalStateException if there is no room; see {@link #hasRoom}
   */
  public long append(F body, long frameBytes) {
    if (!hasRoom(frameBytes)) {
      throw new IllegalStateException(
          "%d frames of %d bytes wait for acknowledgement".formatted(size(), bytes));
    }
    waiting.addLast(new Entry<>(body, frameBytes));
    bytes += frameBytes;
    return acknowledged + size();
  }

  /** The next frame to send on the present stream, if any waits. */
  public Optional<Numbered<F>> poll() {
    Entry<F> next = waiting.pollFirst();
    if (next == null) {
      return Optional.empty();
    }
    sent.addLast(next);
    long sequence = acknowledged + sent.size();
    sentMax = Math.max(sentMax, sequence);
    return Optional.of(new Numbered<>(sequence, next.body()));
  }

  /**
   * Forgets all frames up to a number; one that is already forgotten changes nothing.
   *
   * @throws ProblemException {@code protocol-violation} for a number that was never sent
   */
  public void acknowledge(long sequence) {
    if (sequence > sentMax) {
      throw new ProblemException(
          Problem.PROTOCOL_VIOLATION,
          "acknowledged",
          "acknowledges frame %d, but %d is the last one sent".formatted(sequence, sentMax));
    }
    while (acknowledged < sequence) {
      Entry<F> entry = sent.isEmpty() ? waiting.removeFirst() : sent.removeFirst();
      bytes -= entry.bytes();
      acknowledged++;
    }
  }

  /** Starts over on a new stream of the same session: all that is not acknowledged waits again. */
  public void rewind() {
    while (!sent.isEmpty()) {
      waiting.addFirst(sent.removeLast());
    }
  }

  /** Starts a new session: what is not acknowledged is numbered anew, from 1. */
  public void restart() {
    rewind();
    acknowledged = 0;
    sentMax = 0;
  }

  /** How many frames are not acknowledged yet. */
  public int size() {
    return sent.size() + waiting.size();
  }

  /** The frames that are not acknowledged yet, oldest first. */
  public List<F> pending() {
    return Stream.concat(sent.stream(), waiting.stream()).map(Entry::body).toList();
  }
}
