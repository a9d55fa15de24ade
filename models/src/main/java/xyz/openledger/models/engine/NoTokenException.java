package xyz.openledger.models.engine;

import java.io.Serial;

/** No token can be chosen: none of the logits is a number, as on every machine. */
public final class NoTokenException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int chosen;

  /**
   * Of an answer.
   *
   * @param chosen tokens that it has so far
   */
  public NoTokenException(int chosen) {
    super("after %d tokens no logit is a number".formatted(chosen));
    this.chosen = chosen;
  }

  /** Tokens that the answer has so far. */
  public int chosen() {
    return chosen;
  }
}
