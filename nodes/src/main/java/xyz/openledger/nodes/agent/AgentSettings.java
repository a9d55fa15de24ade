package xyz.openledger.nodes.agent;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import xyz.openledger.nodes.session.Backoff;
import xyz.openledger.protocol.session.Inventory;

/**
 * How to run the agent of a machine that has joined.
 *
 * @param data its directory, as {@link Enrolment} left it
 * @param inventory as probed at this start
 * @param clock for quiet hours, in the machine's own zone
 */
public record AgentSettings(Path data, Inventory inventory, Backoff backoff, Clock clock) {
  /** The usual back-off, and the machine's clock. */
  public static AgentSettings of(Path data, Inventory inventory) {
    return new AgentSettings(
        data, inventory, Backoff.DEFAULT, Clock.system(ZoneId.systemDefault()));
  }
}
