package xyz.openledger.actors.simulation;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.SavedState;

/** A simulated training: steps of equal fuel, and what a node saves of them. */
final class Training {
  private static final long STEP_FUEL = 10 * Scenario.REFERENCE_FUEL_PER_SECOND;

  private Training() {}

  static int steps(Arrival arrival) {
    return Math.clamp(arrival.workFuel() / STEP_FUEL, 1, 10_000);
  }

  /** What the training has burnt after so many steps. */
  static long fuel(Arrival arrival, int step) {
    int steps = steps(arrival);
    return arrival.workFuel() / steps * step + arrival.workFuel() % steps * step / steps;
  }

  /** What is left to burn for who goes on from there; all of it for who begins. */
  static long left(Arrival arrival, Grant grant) {
    Receipt.Resumed resumed = grant.resumed();
    return arrival.workFuel() - (resumed == null ? 0 : resumed.saved().fuel());
  }

  /**
   * What a node has when it saves; nothing before its first step is done.
   *
   * @param burnt since it began
   */
  static @Nullable SavedState saved(Arrival arrival, Grant grant, long burnt, String content) {
    Receipt.Resumed resumed = grant.resumed();
    long whole = Math.min(arrival.workFuel(), burnt + arrival.workFuel() - left(arrival, grant));
    int step = 0;
    int least = 1;
    int most = steps(arrival) - 1;
    while (least <= most) {
      int middle = (least + most) >>> 1;
      if (fuel(arrival, middle) <= whole) {
        step = middle;
        least = middle + 1;
      } else {
        most = middle - 1;
      }
    }
    return step > (resumed == null ? 0 : resumed.saved().step())
        ? new SavedState(
            Digest.of((grant.replica() + " " + content).getBytes(StandardCharsets.UTF_8)),
            step,
            fuel(arrival, step))
        : null;
  }
}
