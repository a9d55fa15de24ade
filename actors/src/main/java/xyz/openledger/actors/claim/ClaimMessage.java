package xyz.openledger.actors.claim;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;

/** What {@link ClaimsEntity} is asked. */
public sealed interface ClaimMessage extends MemberMessage {

  /** Let whoever has the secret of this digest join the pool, once. */
  record Issue(
      Digest token, PoolId pool, Address owner, long expiresAtMillis, ActorRef<Answer> replyTo)
      implements ClaimMessage {}

  /** A machine that has the secret wants to join. */
  record Spend(Digest token, NodeId node, ActorRef<Answer> replyTo) implements ClaimMessage {}

  /** Where it leads, or why nowhere. */
  record Answer(
      @Nullable Problem problem, String detail, @Nullable PoolId pool, @Nullable Address owner)
      implements MemberMessage {}
}
