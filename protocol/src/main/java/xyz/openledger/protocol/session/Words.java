package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ReplicaId;

/**
 * A part of an answer, while its node still makes it. Nobody signs it and nothing rests on it: what
 * counts is the outcome, which comes whole and signed. A part that is lost is in there.
 *
 * @param position how many characters (UTF-16 units) of the answer came before
 */
public record Words(ReplicaId replica, int position, String text) {
  /** The most characters of one part. */
  public static final int LENGTH_MAX = 4_096;

  /** The most characters of one answer that are streamed; the rest comes with its outcome. */
  public static final int POSITION_MAX = 1 << 22;

  /** Checks the ranges. */
  public Words {
    Check.range("position", position, 0, POSITION_MAX);
    if (Check.text("text", text, LENGTH_MAX).isEmpty()) {
      throw Check.refusal("text", "is empty");
    }
  }
}
