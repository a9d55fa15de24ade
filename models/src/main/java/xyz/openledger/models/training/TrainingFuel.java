package xyz.openledger.models.training;

/**
 * What a training burns, by the samples' mean length, so that it is known before the first step and
 * the same wherever the steps are made. Nodes count tokens; who has none yet counts the bytes of
 * the lines, of which there are no fewer, and has the most that it can be.
 *
 * @param weights of the model
 * @param batch samples of a step
 * @param learntTokens of all samples to learn from
 * @param samples how many those are
 * @param heldBackTokens of all samples that only tell the loss
 */
public record TrainingFuel(
    long weights, int batch, long learntTokens, long samples, long heldBackTokens) {
  /** A pass backwards takes two products for each of the pass forwards. */
  private static final int PRODUCTS_PER_WEIGHT = 3;

  /** Of so many steps; {@link Long#MAX_VALUE} stands for more than that. */
  public long ofSteps(long steps) {
    long tokens = product(product(steps, batch), learntTokens);
    return tokens == Long.MAX_VALUE ? tokens : learning(tokens / Math.max(1, samples));
  }

  /** The most that each of many steps takes. */
  public long ofStepAtMost() {
    long tokens = product(batch, learntTokens);
    return tokens == Long.MAX_VALUE ? tokens : learning(Math.ceilDiv(tokens, Math.max(1, samples)));
  }

  /** Of telling the loss on what is held back, once: a pass forwards. */
  public long ofLoss() {
    return product(weights, heldBackTokens);
  }

  private long learning(long tokens) {
    return product(product(PRODUCTS_PER_WEIGHT, weights), tokens);
  }

  private static long product(long left, long right) {
    return Math.multiplyHigh(left, right) != 0 || left * right < 0 ? Long.MAX_VALUE : left * right;
  }
}
