package xyz.openledger.cluster.gateway;

import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.session.HubMessage;

/** Speaks to one node, over as many links as its session takes. Thread-safe; never waits. */
public interface HubSender {
  /**
   * Sends a message after all others, once. It is kept until the node has processed it.
   *
   * @return false if too much waits already, or the session is over: the message was not taken, and
   *     {@link SessionSink#writable} says when to come again
   */
  boolean send(HubMessage message);

  /**
   * Ends the session: the node hears why, and the sink hears that it ended.
   *
   * @param reason {@code unavailable} and {@code too-many-requests} have the node come back later;
   *     any other stops its agent
   */
  void close(Problem reason, String detail);
}
