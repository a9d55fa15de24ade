package xyz.openledger.actors.node;

import xyz.openledger.protocol.NodeId;

/** What happened to a node. */
public sealed interface NodeEvent {

  /** Which node. */
  NodeId node();

  /** It was bound to its owner and pool. */
  record Enrolled(NodeId node, NodeIdentity identity, NodeTerms terms, long atMillis)
      implements NodeEvent {}

  /** It answered its challenge rightly, and may work. */
  record ChallengePassed(NodeId node, long atMillis) implements NodeEvent {}

  /** It did not, and may not. */
  record ChallengeFailed(NodeId node, String detail, long atMillis) implements NodeEvent {}

  /** It was registered on the chain, with its stake. */
  record Registered(NodeId node, String transactionHash, long stakeNanoOpen, long atMillis)
      implements NodeEvent {}

  /** Challenges found its memory at half of its claim, or less: it is believed what it does. */
  record Downgraded(
      NodeId node, long claimedStepsPerSecond, long measuredStepsPerSecond, long atMillis)
      implements NodeEvent {}

  /** Challenges found that its memory keeps up with its claim again. */
  record Restored(NodeId node, long measuredStepsPerSecond, long atMillis) implements NodeEvent {}

  /**
   * Challenges found that it burns half of the fuel that it claims within its quota, or less: it is
   * believed what it does.
   */
  record FuelDowngraded(
      NodeId node, long claimedFuelPerSecond, long measuredFuelPerSecond, long atMillis)
      implements NodeEvent {}

  /** Challenges found that it burns fuel as it claims again. */
  record FuelRestored(NodeId node, long measuredFuelPerSecond, long atMillis)
      implements NodeEvent {}

  /** It takes no new leases until it comes back. */
  record Drained(NodeId node, long atMillis) implements NodeEvent {}

  /** Its contributor took it out for good. */
  record Left(NodeId node, long atMillis) implements NodeEvent {}
}
