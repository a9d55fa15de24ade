package xyz.openledger.protocol.session;

import java.util.List;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ReplicaId;

/** What a member tells a node, each once and in order. */
public sealed interface HubMessage {

  /** Run these. */
  record Leased(List<Lease> leases) implements HubMessage {
    /** Checks the size. */
    public Leased {
      leases = List.copyOf(Check.size("leases", leases, 1, SessionLimits.ENTRIES_MAX));
    }
  }

  /** Show what you committed to. */
  record RevealRequested(List<ReplicaId> replicas) implements HubMessage {
    /** Checks the size. */
    public RevealRequested {
      replicas = List.copyOf(Check.size("replicas", replicas, 1, SessionLimits.ENTRIES_MAX));
    }
  }

  /** Stop or forget these. There is no answer: the credit is free for the next lease. */
  record Cancelled(List<ReplicaId> replicas) implements HubMessage {
    /** Checks the size. */
    public Cancelled {
      replicas = List.copyOf(Check.size("replicas", replicas, 1, SessionLimits.ENTRIES_MAX));
    }
  }

  /** These have to make room, soon. */
  record Noticed(List<Notice> notices) implements HubMessage {
    /** Checks the size. */
    public Noticed {
      notices = List.copyOf(Check.size("notices", notices, 1, SessionLimits.ENTRIES_MAX));
    }
  }

  /** Walk this, now. */
  record CapacityAsked(CapacityAsk ask) implements HubMessage {}

  /** Take no more leases; running ones end. */
  record Drained() implements HubMessage {}

  /** What the member thinks of the node has changed. */
  record StandingChanged(Standing standing) implements HubMessage {}
}
