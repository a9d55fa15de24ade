package xyz.openledger.actors.claim;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

/** What happened to a claim. The secret itself is never written down, only its digest. */
public sealed interface ClaimEvent {

  /** It was given out. */
  record Issued(Digest token, PoolId pool, Address owner, long expiresAtMillis)
      implements ClaimEvent {}

  /** A machine spent it. */
  record Spent(Digest token, NodeId node, long atMillis) implements ClaimEvent {}
}
