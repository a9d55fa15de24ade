package xyz.openledger.cluster.energy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * The intensity of the present hour from a service that answers {@code GET URL?zone=Z} with a
 * document that has {@code carbonIntensity} in g CO2e per kWh, as Electricity Maps does. Asks once
 * an hour for each zone; after a failure, not again for a minute. Knows no other hour.
 *
 * <p>Blocks; safe for any thread.
 */
public final class HttpGrid implements GridIntensity {
  private static final int BODY_BYTES_MAX = 64 << 10;
  private static final int ZONES_MAX = 1_000;
  private static final int ZONE_CHARACTERS_MAX = 32;
  private static final long MILLIS_PER_HOUR = 3_600_000;
  private static final long RETRY_MILLIS = 60_000;

  private final URI url;
  private final @Nullable String token;
  private final Duration timeout;
  private final Clock clock;
  private final HttpClient client;
  private final Map<String, Known> zones =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > ZONES_MAX;
        }
      };

  private record Known(
      long untilMillis, @Nullable Reading reading, @Nullable GridUnavailable failure) {}

  /**
   * Asks nothing yet.
   *
   * @param token sent as {@code auth-token}; absent for none
   * @param timeout of one question
   */
  public HttpGrid(URI url, @Nullable String token, Duration timeout, Clock clock) {
    this.url = url;
    this.token = token;
    this.timeout = timeout;
    this.clock = clock;
    this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  /**
   * The intensity.
   *
   * @throws UncheckedIOException around a {@link GridUnavailable} that says why there is none
   */
  @Override
  public synchronized Optional<Reading> at(String zone, long epochHour) {
    long now = clock.millis();
    if (epochHour != Math.floorDiv(now, MILLIS_PER_HOUR) || zone.length() > ZONE_CHARACTERS_MAX) {
      return Optional.empty();
    }
    Known known = zones.get(zone);
    if (known == null || known.untilMillis <= now) {
      known = ask(zone, now, (epochHour + 1) * MILLIS_PER_HOUR);
      zones.remove(zone);
      zones.put(zone, known);
    }
    if (known.failure != null) {
      throw new UncheckedIOException(known.failure);
    }
    return Optional.ofNullable(known.reading);
  }

  private Known ask(String zone, long now, long hourEnds) {
    try {
      return new Known(hourEnds, fetch(zone), null);
    } catch (GridUnavailable failure) {
      return new Known(now + RETRY_MILLIS, null, failure);
    }
  }

  private Reading fetch(String zone) throws GridUnavailable {
    String query = "zone=" + URLEncoder.encode(zone, StandardCharsets.UTF_8);
    var target = URI.create(url + (url.getRawQuery() == null ? "?" : "&") + query);
    var request = HttpRequest.newBuilder(target).timeout(timeout);
    if (token != null) {
      request.header("auth-token", token);
    }
    HttpResponse<byte[]> answer;
    try {
      answer =
          client.send(
              request.build(),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), BODY_BYTES_MAX));
    } catch (HttpTimeoutException late) {
      throw unavailable("no answer within " + timeout.toMillis() + " ms");
    } catch (IOException broken) {
      throw unavailable(
          broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted");
    }
    if (answer.statusCode() != 200) {
      throw unavailable("HTTP " + answer.statusCode() + " for zone " + zone);
    }
    return reading(zone, new String(answer.body(), StandardCharsets.UTF_8));
  }

  private Reading reading(String zone, String body) throws GridUnavailable {
    JsonNode grams;
    try {
      grams = Json.read(body, JsonNode.class).path("carbonIntensity");
    } catch (ProblemException malformed) {
      throw unavailable("the answer is no JSON");
    }
    if (!grams.isNumber() || grams.asDouble() < 0 || grams.asDouble() > GRAMS_PER_KWH_MAX) {
      throw unavailable("the answer has no carbonIntensity from 0 to " + GRAMS_PER_KWH_MAX);
    }
    return new Reading(
        (int) Math.ceil(grams.asDouble()), Basis.HOURLY, url.getHost() + ", zone " + zone);
  }

  private GridUnavailable unavailable(String why) {
    return new GridUnavailable(String.valueOf(url.getHost()), why);
  }
}
