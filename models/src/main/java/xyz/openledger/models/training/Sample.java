package xyz.openledger.models.training;

/**
 * A sequence of tokens to learn from.
 *
 * @param tokens what is read
 * @param targets what is to be said after each; negative: anything
 */
public record Sample(int[] tokens, int[] targets) {
  /** Refuses what does not fit together. */
  public Sample {
    if (tokens.length == 0 || tokens.length != targets.length) {
      throw new IllegalArgumentException(
          "%d tokens, %d targets".formatted(tokens.length, targets.length));
    }
  }

  /** A text of which every token but the first is to be said. */
  public static Sample ofText(int[] tokens) {
    return ofAnswer(tokens, 1);
  }

  /** A conversation of which the tokens from {@code first} on are to be said. */
  public static Sample ofAnswer(int[] tokens, int first) {
    var read = java.util.Arrays.copyOf(tokens, tokens.length - 1);
    var targets = java.util.Arrays.copyOfRange(tokens, 1, tokens.length);
    java.util.Arrays.fill(targets, 0, Math.max(0, first - 1), -1);
    return new Sample(read, targets);
  }

  /** How many targets count. */
  public int counted() {
    int counted = 0;
    for (int target : targets) {
      counted += target < 0 ? 0 : 1;
    }
    return counted;
  }
}
