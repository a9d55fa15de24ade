package xyz.openledger.models.training;

import java.io.IOException;
import java.nio.file.Path;
import xyz.openledger.nativekernels.strict.StrictKernels;

/** A training in a process of its own, to be killed: MODEL DATA CHECKPOINTS STEPS. */
public final class TuneProcess {
  private TuneProcess() {}

  public static void main(String[] arguments) throws IOException {
    int steps = Integer.parseInt(arguments[3]);
    try (var tune =
        new FineTune(
            StrictKernels.best(),
            1,
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            FineTuneTest.SHAPE,
            FineTuneTest.settings(steps),
            false)) {
      tune.run(tune.beginning(), steps, 5, Path.of(arguments[2]), _ -> {});
    }
  }
}
