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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * Intensities from a service that answers {@code GET URL?zone=Z} with a document that has {@code
 * carbonIntensity} in g CO2e per kWh for the present hour, and may have {@code forecast}, a list of
 * {@code datetime} and {@code carbonIntensity} for the hours to come, both as Electricity Maps has
 * them. Asks once an hour for each zone; after a failure not again for a minute, then two, up to an
 * hour. What it said last counts for a day, and its source tells its age.
 *
 * <p>{@link #at} blocks; {@link #known} does not. Safe for any thread.
 */
public final class HttpGrid implements GridIntensity {
  private static final int BODY_BYTES_MAX = 64 << 10;
  private static final int ZONES_MAX = 1_000;
  private static final int ZONE_CHARACTERS_MAX = 32;
  private static final long MILLIS_PER_HOUR = 3_600_000;
  private static final long RETRY_MILLIS = 60_000;
  private static final long RETRY_MILLIS_MAX = MILLIS_PER_HOUR;
  private static final int FORECAST_MAX = 24 * 8;

  /** So many hours, what was said last is better than the average of a year. */
  static final int STALE_HOURS_MAX = 24;

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

  /** What the service said last of each zone; whole documents, replaced and never changed. */
  private final Map<String, Said> said = new ConcurrentHashMap<>();

  private record Said(long epochHour, Reading now, Map<Long, Reading> forecast) {}

  private record Known(
      long untilMillis,
      @Nullable Reading reading,
      @Nullable GridUnavailable failure,
      int failures) {}

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
      known = ask(zone, now, epochHour, known == null ? 0 : known.failures);
      zones.remove(zone);
      zones.put(zone, known);
    }
    if (known.failure != null) {
      var last = known(zone, epochHour);
      if (last.isPresent()) {
        return last;
      }
      throw new UncheckedIOException(known.failure);
    }
    return Optional.ofNullable(known.reading);
  }

  /** Why the last question about a zone was in vain; empty if it was not. */
  public synchronized Optional<String> failure(String zone) {
    Known known = zones.get(zone);
    return known == null || known.failure == null
        ? Optional.empty()
        : Optional.ofNullable(known.failure.getMessage());
  }

  /** What is known without asking: said for that hour, or said last if that was not long ago. */
  public Optional<Reading> known(String zone, long epochHour) {
    Said last = said.get(zone);
    if (last == null) {
      return Optional.empty();
    }
    if (epochHour == last.epochHour) {
      return Optional.of(last.now);
    }
    Reading foreseen = last.forecast.get(epochHour);
    if (foreseen != null) {
      return Optional.of(foreseen);
    }
    long age = epochHour - last.epochHour;
    boolean present = epochHour == Math.floorDiv(clock.millis(), MILLIS_PER_HOUR);
    return present && age > 0 && age <= STALE_HOURS_MAX
        ? Optional.of(
            new Reading(
                last.now.gramsPerKwh(),
                last.now.basis(),
                last.now.source() + ", " + age + " h old: the service does not answer"))
        : Optional.empty();
  }

  private Known ask(String zone, long now, long epochHour, int failures) {
    try {
      Said fetched = fetch(zone, epochHour);
      if (said.size() < ZONES_MAX || said.containsKey(zone)) {
        said.put(zone, fetched);
      }
      return new Known((epochHour + 1) * MILLIS_PER_HOUR, fetched.now, null, 0);
    } catch (GridUnavailable failure) {
      long pause = Math.min(RETRY_MILLIS_MAX, RETRY_MILLIS << Math.min(failures, 10));
      return new Known(now + pause, null, failure, failures + 1);
    }
  }

  private Said fetch(String zone, long epochHour) throws GridUnavailable {
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
    return document(zone, epochHour, new String(answer.body(), StandardCharsets.UTF_8));
  }

  private Said document(String zone, long epochHour, String body) throws GridUnavailable {
    JsonNode answer;
    try {
      answer = Json.read(body, JsonNode.class);
    } catch (ProblemException malformed) {
      throw unavailable("the answer is no JSON");
    }
    JsonNode listed = answer.path("forecast");
    if (listed.size() > FORECAST_MAX) {
      throw unavailable("the forecast has more than " + FORECAST_MAX + " hours");
    }
    var forecast = new HashMap<Long, Reading>();
    for (JsonNode hour : listed) {
      forecast.put(hour(hour.path("datetime").asText()), reading(zone, ", forecast", hour));
    }
    Reading foreseen = forecast.get(epochHour);
    Reading now =
        foreseen == null || answer.has("carbonIntensity") ? reading(zone, "", answer) : foreseen;
    return new Said(epochHour, now, Map.copyOf(forecast));
  }

  private long hour(String text) throws GridUnavailable {
    try {
      return Math.floorDiv(Instant.parse(text).toEpochMilli(), MILLIS_PER_HOUR);
    } catch (DateTimeException malformed) {
      throw unavailable("a datetime of the forecast is none");
    }
  }

  private Reading reading(String zone, String kind, JsonNode of) throws GridUnavailable {
    JsonNode grams = of.path("carbonIntensity");
    if (!grams.isNumber() || grams.asDouble() < 0 || grams.asDouble() > GRAMS_PER_KWH_MAX) {
      throw unavailable("the answer has no carbonIntensity from 0 to " + GRAMS_PER_KWH_MAX);
    }
    return new Reading(
        (int) Math.ceil(grams.asDouble()), Basis.HOURLY, url.getHost() + ", zone " + zone + kind);
  }

  private GridUnavailable unavailable(String why) {
    return new GridUnavailable(String.valueOf(url.getHost()), why);
  }
}
