package xyz.openledger.chainanchor.log;

import java.util.List;
import java.util.Optional;

/**
 * What comes of a batch of leaves.
 *
 * @param placements one for each leaf asked for, in order
 * @param event what to write down before anyone is told; empty if nothing is new
 */
public record Appending(List<Placement> placements, Optional<LogEvent.LeavesAppended> event) {

  /** Where one leaf stands. */
  public sealed interface Placement {

    /** At {@code index}, now or already. */
    record At(long index) implements Placement {}

    /** Nowhere: another leaf has its key, at {@code index}. */
    record Conflicting(long index) implements Placement {}
  }
}
