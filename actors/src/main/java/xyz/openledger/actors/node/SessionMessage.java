package xyz.openledger.actors.node;

import java.util.List;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;

/** What a node's twin sends down its stream. */
public sealed interface SessionMessage extends MemberMessage {

  /** Run these. */
  record Leases(List<NodeMessage.Work> works) implements SessionMessage {}

  /** Show these. */
  record RevealRequests(List<ReplicaId> replicas) implements SessionMessage {}

  /** Stop or forget these. */
  record Cancels(List<ReplicaId> replicas) implements SessionMessage {}

  /** These have to make room. */
  record Notices(List<NodeMessage.Notice> notices) implements SessionMessage {}

  /** Walk so far from here, now. */
  record CapacityAsk(long seed, int steps) implements SessionMessage {}

  /** Take nothing more. */
  record Drain() implements SessionMessage {}

  /** What the node said under this token has taken effect, or is of no use. */
  record Heard(long token) implements SessionMessage {}

  /** The member thinks otherwise of the node now. */
  record Standing(xyz.openledger.protocol.session.Standing standing) implements SessionMessage {}

  /** The stream is gone for good; the session's actor ends. */
  enum Ended implements SessionMessage {
    INSTANCE
  }

  /** What a session's actor says to itself; never leaves its member. */
  non-sealed interface Local extends SessionMessage {}

  /** The session is over. */
  record Goodbye(Problem problem, String detail) implements SessionMessage {}
}
