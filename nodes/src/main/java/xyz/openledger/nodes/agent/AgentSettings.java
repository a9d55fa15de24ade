package xyz.openledger.nodes.agent;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import xyz.openledger.nodes.session.Backoff;
import xyz.openledger.protocol.Check;
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

  /** The same with another longest wait between two attempts to connect: a second to an hour. */
  public AgentSettings withRetryMax(Duration retryMax) {
    Check.range("retryMax", retryMax.toSeconds(), 1, 3_600);
    Duration min = backoff.min().compareTo(retryMax) < 0 ? backoff.min() : retryMax;
    return new AgentSettings(data, inventory, new Backoff(min, retryMax), clock);
  }
}
