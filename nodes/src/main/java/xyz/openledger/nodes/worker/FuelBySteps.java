package xyz.openledger.nodes.worker;

import xyz.openledger.models.training.TrainingFuel;

/**
 * What the steps of a training task burn.
 *
 * @param start the step that the task begins after
 * @param end its last step, after which the loss on held-back samples is told
 */
record FuelBySteps(long start, long end, TrainingFuel training) {
  /** From the task's beginning until that step. */
  long until(long step) {
    long steps = training.ofSteps(Math.max(0, step - start));
    long all = steps + (step < end ? 0 : training.ofLoss());
    return all < 0 ? Long.MAX_VALUE : all;
  }
}
