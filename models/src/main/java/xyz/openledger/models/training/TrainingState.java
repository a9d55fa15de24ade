package xyz.openledger.models.training;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a step changes, and so all that a checkpoint keeps. Which samples come next follows from
 * the step and the settings.
 *
 * @param step how many steps were made
 * @param losses of the last of them, at most {@value #LOSSES_MAX}, each rounded to a float
 */
public record TrainingState(
    int step, Parameters weights, Parameters moments1, Parameters moments2, List<Float> losses) {
  /** The most losses that are kept. */
  public static final int LOSSES_MAX = 1_000;

  /** Copies the losses. */
  public TrainingState {
    losses = List.copyOf(losses);
  }

  /** Before the first step. */
  public static TrainingState before(Parameters weights, Arena arena) {
    return new TrainingState(
        0,
        weights,
        Parameters.zeros(weights.layout(), arena),
        Parameters.zeros(weights.layout(), arena),
        List.of());
  }

  TrainingState next(double loss) {
    var more = new ArrayList<>(losses);
    more.add((float) loss);
    return new TrainingState(
        step + 1,
        weights,
        moments1,
        moments2,
        more.subList(Math.max(0, more.size() - LOSSES_MAX), more.size()));
  }
}
