package xyz.openledger.nodes.worker;

import java.util.Optional;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.SavedState;

/** Going on with a training where another machine stopped. */
final class SavedTraining {
  private SavedTraining() {}

  /**
   * What is left of a training task after a saved state. Whether the state is right cannot be seen
   * here; that it is of this task, of that step, and is paid for no more than its steps, can.
   *
   * @param stepInFile the step that the state itself says
   * @throws ProblemException if it is none to go on from
   */
  static TrainingSegment rest(
      TrainingSegment task, SavedState saved, FuelBySteps fuel, long stepInFile) {
    if (stepInFile != saved.step()) {
      throw refused("is of step %d, not %d".formatted(stepInFile, saved.step()));
    }
    if (saved.step() <= fuel.start() || saved.step() >= task.until()) {
      throw refused(
          "is of step %d, the task makes those after %d until %d"
              .formatted(saved.step(), fuel.start(), task.until()));
    }
    if (saved.fuel() != fuel.until(saved.step())) {
      throw refused(
          "claims %d of fuel, its steps burn %d".formatted(saved.fuel(), fuel.until(saved.step())));
    }
    return new TrainingSegment(
        task.job(), Optional.of(saved.blob()), task.until(), task.holdBack());
  }

  private static ProblemException refused(String detail) {
    return new ProblemException(Problem.SAVED_STATE_REFUSED, "saved", detail);
  }
}
