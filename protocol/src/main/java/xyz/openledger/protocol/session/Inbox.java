package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * The receiving end of a session: lets each number through once, in order, and knows what may be
 * acknowledged. A frame is received when it arrives and processed when its effect is safe; only
 * then may the sender forget it.
 *
 * <p>Not thread-safe.
 */
public final class Inbox {
  /** What to do with a frame. */
  public enum Arrival {
    /** It is the next one. */
    NEXT,
    /** It came before. */
    DUPLICATE
  }

  private long received;
  private long processed;

  /**
   * Judges a frame by its number.
   *
   * @throws ProblemException {@code protocol-violation} if a number was left out
   */
  public Arrival accept(long sequence) {
    if (sequence > received + 1 || sequence < 1) {
      throw new ProblemException(
          Problem.PROTOCOL_VIOLATION,
          "sequence",
          "expected frame %d, got %d".formatted(received + 1, sequence));
    }
    if (sequence <= received) {
      return Arrival.DUPLICATE;
    }
    received = sequence;
    return Arrival.NEXT;
  }

  /** Says that all frames received so far are processed. */
  public void processed() {
    processed = received;
  }

  /** Says that all frames up to a number are processed. */
  public void processed(long sequence) {
    if (sequence > received) {
      throw new IllegalArgumentException(sequence + " was not received yet");
    }
    processed = Math.max(processed, sequence);
  }

  /** The last frame that arrived. */
  public long received() {
    return received;
  }

  /** What to acknowledge. */
  public long acknowledged() {
    return processed;
  }

  /** Starts a new session: the next frame is number 1. */
  public void restart() {
    received = 0;
    processed = 0;
  }
}
