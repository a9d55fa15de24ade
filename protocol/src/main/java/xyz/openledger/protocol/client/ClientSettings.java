package xyz.openledger.protocol.client;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/**
 * Where a member is, who asks, and how patiently.
 *
 * @param url {@code http} or {@code https}; anything after host and port is taken as a prefix
 * @param token bearer token, or absent for what needs none
 * @param connectTimeout for opening a connection
 * @param requestTimeout for one attempt, apart from the time that a call itself asks to wait
 * @param attemptsMax 1 to 10; every call of the client may be repeated without doing things twice
 * @param backoff between attempts
 */
public record ClientSettings(
    URI url,
    @Nullable String token,
    Duration connectTimeout,
    Duration requestTimeout,
    int attemptsMax,
    Backoff backoff) {

  /** Checks the address and the range. */
  public ClientSettings {
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw Check.refusal("url", "expected http://host:port or https://host:port, got " + url);
    }
    Check.range("attemptsMax", attemptsMax, 1, 10);
  }

  /** Three seconds to connect, thirty for an answer, four attempts. */
  public static ClientSettings of(URI url, @Nullable String token) {
    return new ClientSettings(
        url, token, Duration.ofSeconds(3), Duration.ofSeconds(30), 4, Backoff.DEFAULT);
  }

  /** The same with one attempt only. */
  public ClientSettings withoutRetries() {
    return new ClientSettings(url, token, connectTimeout, requestTimeout, 1, backoff);
  }

  /** Without the token, so that a log line gives nothing away. */
  @Override
  public String toString() {
    return "ClientSettings[" + url + "]";
  }
}
