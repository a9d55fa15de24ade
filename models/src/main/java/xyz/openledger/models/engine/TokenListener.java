package xyz.openledger.models.engine;

import java.lang.foreign.MemorySegment;

/** Hears an answer as it grows. Called on the engine's own thread: it must return at once. */
@FunctionalInterface
public interface TokenListener {
  /** Hears nothing. */
  TokenListener NONE = (token, text) -> {};

  /**
   * One more token.
   *
   * @param text what is now certain to be part of the answer; empty while a character is not whole
   *     or may belong to a stop text
   */
  void onToken(int token, String text);

  /** Whether it wants the model's state after the prompt. */
  default boolean wantsState() {
    return false;
  }

  /** Whether it wants the states after each token of the answer, too. */
  default boolean wantsEveryState() {
    return false;
  }

  /**
   * The state from which a token is chosen, as it goes into the head: after the prompt's last token
   * first.
   *
   * @param state {@code [hiddenSize]} floats; only during the call
   */
  default void onState(MemorySegment state) {}

  /** What was held back until the answer ended; only if there was something. */
  default void onRest(String text) {}
}
