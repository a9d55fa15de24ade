package xyz.openledger.nodes.session;

import java.time.Duration;
import xyz.openledger.protocol.session.Heartbeat;
import xyz.openledger.protocol.session.Standing;

/** What a session tells those who watch it. */
public sealed interface SessionEvent {
  /** The member let the node in; {@code resumed} if it goes on where the last link broke. */
  record Welcomed(Standing standing, boolean resumed) implements SessionEvent {}

  /** The member thinks something else of the node now. */
  record StandingChanged(Standing standing) implements SessionEvent {}

  /** The link broke; the next attempt comes after {@code retry}. */
  record Disconnected(String reason, Duration retry) implements SessionEvent {}

  /** A heartbeat went by. */
  record Beat(SessionStatus status) implements SessionEvent {}

  /**
   * How a session stands.
   *
   * @param connected whether a link is up and welcomed
   * @param held leases held in any state
   * @param answered outcomes since the process started
   * @param faulted leases that came to nothing since then
   * @param reconnects links after the first
   */
  record SessionStatus(
      boolean connected,
      Heartbeat heartbeat,
      int held,
      long answered,
      long faulted,
      long refused,
      long reconnects) {}
}
