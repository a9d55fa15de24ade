package xyz.openledger.cluster.cli;

import java.util.Locale;
import java.util.function.Consumer;
import xyz.openledger.models.training.TrainingEvent;

/** Shows training as it goes: a line a step for short ones, every tenth for long ones. */
record TrainingLines(Shell shell, int steps) implements Consumer<TrainingEvent> {
  private static final int SHORT = 50;

  @Override
  public void accept(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Stepped step -> {
        if (steps <= SHORT || step.step() == 1 || step.step() % 10 == 0) {
          shell.note(
              String.format(
                  Locale.ROOT,
                  "step %d of %d  loss %.4f  gradient %.3f  rate %.2e  tokens %d",
                  step.step(),
                  steps,
                  step.loss(),
                  step.norm(),
                  step.rate(),
                  step.tokens()));
        }
      }
      case TrainingEvent.Evaluated evaluated ->
          shell.note(
              String.format(
                  Locale.ROOT,
                  "held back, after step %d  loss %.4f",
                  evaluated.step(),
                  evaluated.loss()));
      case TrainingEvent.Saved saved ->
          shell.note("checkpoint after step " + saved.step() + "  " + saved.file().getFileName());
    }
  }
}
