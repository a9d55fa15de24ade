package xyz.openledger.models.training;

import java.nio.file.Path;
import xyz.openledger.protocol.Digest;

/** What training tells while it goes. */
public sealed interface TrainingEvent {
  /**
   * A step was made.
   *
   * @param loss the mean over its targets, before the step
   * @param norm the length of the gradient, before it was clipped
   * @param tokens targets that it learnt from
   */
  record Stepped(int step, double loss, double norm, float rate, int tokens)
      implements TrainingEvent {}

  /** The loss on samples that are held back. */
  record Evaluated(int step, double loss) implements TrainingEvent {}

  /** A checkpoint was written. */
  record Saved(int step, Digest digest, Path file) implements TrainingEvent {}
}
