package xyz.openledger.cluster.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.pools.energy.GridIntensity.Basis;
import xyz.openledger.pools.energy.GridIntensity.Reading;

/** What a member knows of grids while its sources come, change and go. */
class GridWatchTest {
  private static final long NOON = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
  private static final long HOUR = NOON / 3_600_000;
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir Path folder;
  private final AtomicLong nowMillis = new AtomicLong(NOON);
  private final AtomicInteger questions = new AtomicInteger();
  private volatile int status = 200;
  private volatile String body =
      """
      {"zone":"FR","carbonIntensity":55,"forecast":[
        {"datetime":"2026-11-22T13:00:00Z","carbonIntensity":48},
        {"datetime":"2026-11-22T14:00:00.000Z","carbonIntensity":31.5}]}
      """;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          questions.incrementAndGet();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void asksTheServiceForAZoneOnceSomebodyWantsItAndKnowsItsForecast() throws Exception {
    try (var watch = GridWatch.start(service(), null, OFTEN, clock())) {
      assertThat(reading(watch, 0).basis()).isEqualTo(Basis.YEARLY_AVERAGE);

      await().until(() -> reading(watch, 0).gramsPerKwh() == 55);

      assertThat(reading(watch, 1).gramsPerKwh()).isEqualTo(48);
      assertThat(reading(watch, 2).gramsPerKwh()).isEqualTo(32);
      assertThat(reading(watch, 2).source()).contains("forecast");
      assertThat(reading(watch, 3).basis()).isEqualTo(Basis.YEARLY_AVERAGE);
      assertThat(questions).hasValue(1);
    }
  }

  @Test
  void keepsTheLastGoodValueForADayTellsItsAgeAndBacksOff() {
    HttpGrid service = service();
    assertThat(service.at("FR", HOUR).orElseThrow().gramsPerKwh()).isEqualTo(55);
    status = 503;

    later(Duration.ofHours(5));
    Reading old = service.at("FR", HOUR + 5).orElseThrow();
    assertThat(old.gramsPerKwh()).isEqualTo(55);
    assertThat(old.source()).contains("5 h old", "does not answer");
    assertThat(service.failure("FR").orElseThrow()).contains("HTTP 503");

    // A minute, two, four: of the next ten minutes' questions only three reach the service.
    int before = questions.get();
    for (int minute = 0; minute < 10; minute++) {
      later(Duration.ofMinutes(1));
      var _ = service.at("FR", nowMillis.get() / 3_600_000);
    }
    assertThat(questions.get() - before).isEqualTo(3);

    later(Duration.ofHours(20));
    assertThatThrownBy(() -> service.at("FR", nowMillis.get() / 3_600_000))
        .hasMessageContaining("HTTP 503");
    assertThat(service.known("FR", nowMillis.get() / 3_600_000)).isEmpty();

    status = 200;
    later(Duration.ofHours(2));
    assertThat(service.at("FR", nowMillis.get() / 3_600_000).orElseThrow().source())
        .doesNotContain("old");
  }

  @Test
  void refusesAForecastWithoutBoundOrWithoutHours() {
    body = "{\"carbonIntensity\":1,\"forecast\":[{\"datetime\":\"soon\",\"carbonIntensity\":1}]}";
    assertThatThrownBy(() -> service().at("FR", HOUR)).hasMessageContaining("a datetime");

    body = "{\"carbonIntensity\":1,\"forecast\":[" + "1,".repeat(500) + "1]}";
    assertThatThrownBy(() -> service().at("FR", HOUR)).hasMessageContaining("more than 192 hours");
  }

  @Test
  void readsAFileAgainWhenItChangesAndKeepsTheOldOneWhileItIsWrong() throws Exception {
    Path file = folder.resolve("grid.json");
    write(file, 70);
    try (var watch = GridWatch.start(null, file, OFTEN, clock())) {
      assertThat(reading(watch, 0).gramsPerKwh()).isEqualTo(70);

      Files.writeString(file, "[{\"zone\":\"FR\",\"hour\":\"noon\",\"gramsPerKwh\":1}]");
      await().until(() -> watch.complaint().contains("entry 1: the hour must look like"));
      assertThat(reading(watch, 0).gramsPerKwh()).isEqualTo(70);

      write(file, 8);
      await().until(() -> reading(watch, 0).gramsPerKwh() == 8);
      assertThat(watch.complaint()).isEmpty();
    }
  }

  @Test
  void refusesToStartWithAFileThatIsWrong() throws IOException {
    Path file = folder.resolve("grid.json");
    Files.writeString(file, "{\"FR\":1}");

    assertThatThrownBy(() -> GridWatch.start(null, file, OFTEN, clock()))
        .hasMessageContaining("expected a list of zone, hour and gramsPerKwh");
  }

  private static void write(Path file, int grams) throws IOException {
    Files.writeString(
        file,
        "[{\"zone\":\"FR\",\"hour\":\"2026-11-22T12:00:00Z\",\"gramsPerKwh\":%d}]"
            .formatted(grams));
  }

  private static Reading reading(GridWatch watch, int ahead) {
    return watch.at("FR", HOUR + ahead).orElseThrow();
  }

  private void later(Duration by) {
    nowMillis.addAndGet(by.toMillis());
  }

  private HttpGrid service() {
    return new HttpGrid(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/latest"),
        null,
        Duration.ofSeconds(10),
        clock());
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(nowMillis.get());
      }
    };
  }
}
