package xyz.openledger.cluster.http;

import com.typesafe.config.Config;
import java.time.Duration;
import xyz.openledger.protocol.Check;

/**
 * Where the member listens, and how much it takes at once.
 *
 * @param port 0 for any free one
 * @param requestTimeout after which an ordinary request is answered with {@code unavailable}
 * @param bodyTimeout how long a request's JSON may take to arrive, and how long an upload may stall
 * @param uploadTimeout how long a whole upload may take
 * @param idleTimeout after which a silent connection is closed
 * @param connectionsMax beyond which connections wait in the backlog
 * @param requestsMax in work at once; beyond, {@code too-many-requests}
 * @param uploadsMax in work at once
 * @param waitersMax long polls at once
 * @param eventClientsMax event streams at once
 */
public record HttpSettings(
    String host,
    int port,
    Duration requestTimeout,
    Duration bodyTimeout,
    Duration uploadTimeout,
    Duration idleTimeout,
    int connectionsMax,
    int requestsMax,
    int uploadsMax,
    int waitersMax,
    int eventClientsMax) {

  /** Checks the ranges. */
  public HttpSettings {
    Check.text("host", host, 255);
    Check.range("port", port, 0, 65_535);
    positive("request-timeout", requestTimeout);
    positive("body-timeout", bodyTimeout);
    positive("upload-timeout", uploadTimeout);
    positive("idle-timeout", idleTimeout);
    Check.range("connections-max", connectionsMax, 1, 65_536);
    Check.range("requests-max", requestsMax, 1, 65_536);
    Check.range("uploads-max", uploadsMax, 1, 1_024);
    Check.range("waiters-max", waitersMax, 1, 65_536);
    Check.range("event-clients-max", eventClientsMax, 1, 4_096);
  }

  /** Reads {@code openledger.http}. */
  public static HttpSettings from(Config root) {
    var config = root.getConfig("openledger.http");
    return new HttpSettings(
        config.getString("host"),
        config.getInt("port"),
        config.getDuration("request-timeout"),
        config.getDuration("body-timeout"),
        config.getDuration("upload-timeout"),
        config.getDuration("idle-timeout"),
        config.getInt("connections-max"),
        config.getInt("requests-max"),
        config.getInt("uploads-max"),
        config.getInt("waiters-max"),
        config.getInt("event-clients-max"));
  }

  private static void positive(String field, Duration duration) {
    Check.range(field + " in milliseconds", duration.toMillis(), 1, 86_400_000);
  }
}
