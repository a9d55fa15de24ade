package xyz.openledger.cluster.gateway;

import java.util.List;
import java.util.concurrent.CompletionStage;
import xyz.openledger.protocol.session.Heartbeat;
import xyz.openledger.protocol.session.NodeMessage;
import xyz.openledger.protocol.session.Words;

/**
 * Hears one session. One call at a time, each after the one before has returned, though not always
 * on the same thread; so it must not wait.
 */
public interface SessionSink {
  /**
   * What the node said, in order, each message once. The gateway acknowledges the messages to the
   * node when the stage completes, after which the node forgets them: so it completes when their
   * effect is durable. Until then no further messages are handed over, which holds the node back.
   *
   * <p>Signatures of reveals are checked, and that they cover just what is shown. Whether it is
   * what was leased is for the sink to check.
   *
   * @return if it fails, the session ends and the node comes back with a new one, with all that was
   *     not acknowledged
   */
  CompletionStage<Void> received(List<NodeMessage> messages);

  /** How the node is now; only the latest counts. */
  void heartbeat(Heartbeat heartbeat);

  /** The node says more of an answer that it still makes; nothing rests on it. */
  default void words(Words words) {}

  /** The link broke, or is back. The session goes on: its leases still run. */
  default void linkChanged(boolean up) {}

  /** There is room again after {@link HubSender#send} answered false. */
  default void writable() {}

  /** The session is over; nothing else is heard of it. */
  void ended(Ending ending, String detail);

  /** Why a session is over. */
  enum Ending {
    /** The node said that it goes; whether for good stood in its message. */
    LEFT,
    /** The link broke and did not come back in time: the node's leases are to be given up. */
    LOST,
    /** The node has opened a new session. */
    SUPERSEDED,
    /** The node broke the protocol, or signed with a wrong key. */
    VIOLATED,
    /** The member ended it: {@link HubSender#close}, a failing sink, or the end of the gateway. */
    CLOSED
  }
}
