package xyz.openledger.protocol.session;

import java.util.List;
import xyz.openledger.protocol.Check;

/** What a node tells its member, each once and in order. */
public sealed interface NodeMessage {

  /** Outcomes are there and bound. */
  record Committed(List<Commit> commits) implements NodeMessage {
    /** Checks the size. */
    public Committed {
      commits = List.copyOf(Check.size("commits", commits, 1, SessionLimits.ENTRIES_MAX));
    }
  }

  /** Outcomes are shown. */
  record Revealed(RevealBatch batch) implements NodeMessage {}

  /** Leases came to nothing. */
  record Faulted(List<Fault> faults) implements NodeMessage {
    /** Checks the size. */
    public Faulted {
      faults = List.copyOf(Check.size("faults", faults, 1, SessionLimits.ENTRIES_MAX));
    }
  }

  /** A walk is at its end. */
  record CapacityAnswered(CapacityAnswer answer) implements NodeMessage {}

  /**
   * The node goes, and gives up what it holds.
   *
   * @param permanent whether it leaves the network, or only stops for a while
   */
  record Left(boolean permanent) implements NodeMessage {}
}
