package xyz.openledger.models.training;

import java.lang.foreign.Arena;

/**
 * All that a step changes, and so all that a checkpoint keeps. Which samples come next follows from
 * the step and the settings.
 *
 * @param step how many steps were made
 */
public record TrainingState(
    int step, Parameters weights, Parameters moments1, Parameters moments2) {
  /** Before the first step. */
  public static TrainingState before(Parameters weights, Arena arena) {
    return new TrainingState(
        0,
        weights,
        Parameters.zeros(weights.layout(), arena),
        Parameters.zeros(weights.layout(), arena));
  }

  TrainingState next() {
    return new TrainingState(step + 1, weights, moments1, moments2);
  }
}
