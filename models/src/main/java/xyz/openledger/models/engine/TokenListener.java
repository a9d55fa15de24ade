package xyz.openledger.models.engine;

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

  /** What was held back until the answer ended; only if there was something. */
  default void onRest(String text) {}
}
