package xyz.openledger.actors.node;

import org.apache.pekko.actor.typed.ActorRef;
import xyz.openledger.actors.wire.MemberMessage;

/**
 * Who waits to acknowledge something to a node: it may forget what it said once that has taken
 * effect.
 *
 * @param token counts with the session
 */
public record HeardBy(ActorRef<SessionMessage> session, long token) implements MemberMessage {

  /** Says that one more thing has taken effect. */
  public void tell() {
    session.tell(new SessionMessage.Heard(token));
  }
}
