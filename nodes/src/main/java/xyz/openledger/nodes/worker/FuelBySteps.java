package xyz.openledger.nodes.worker;

/**
 * What the steps of a training burn: by the samples' mean length, so that it is known before the
 * first step and the same wherever they are made.
 *
 * @param start the step that the task begins after
 * @param productsPerToken for each token that a step learns from
 * @param tokensOfAll in a batch of each sample: the tokens of a step are their mean
 */
record FuelBySteps(long start, long productsPerToken, long tokensOfAll, long samples) {
  /** From the task's beginning until that step. */
  long until(long step) {
    return productsPerToken * (Math.max(0, step - start) * tokensOfAll / samples);
  }
}
