package xyz.openledger.cluster.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.energy.GridIntensity.Basis;

class GridSourcesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final long HOUR = NOON.getEpochSecond() / 3_600;

  @TempDir Path folder;
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final CountDownLatch late = new CountDownLatch(1);
  private HttpServer server;
  private volatile int status = 200;
  private volatile String body = "{\"zone\":\"FR\",\"carbonIntensity\":55.2,\"datetime\":\"…\"}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          questions.add(
              exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("auth-token"));
          if (body.equals("late")) {
            await(late);
          }
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    late.countDown();
    server.stop(0);
  }

  @Test
  void asksAServiceOnceAnHour() {
    var grid = grid(NOON, Duration.ofSeconds(10));

    assertThat(grid.at("FR", HOUR).orElseThrow().gramsPerKwh()).isEqualTo(56);
    assertThat(grid.at("FR", HOUR).orElseThrow().basis()).isEqualTo(Basis.HOURLY);
    assertThat(grid.at("FR", HOUR + 1)).isEmpty();
    assertThat(questions).containsExactly("/latest?zone=FR secret");
  }

  @Test
  void remembersAFailureForAMinute() {
    status = 403;
    var grid = grid(NOON, Duration.ofSeconds(10));

    assertThatThrownBy(() -> grid.at("FR", HOUR)).hasMessageContaining("HTTP 403 for zone FR");
    assertThatThrownBy(() -> grid.at("FR", HOUR)).hasMessageContaining("HTTP 403");
    assertThat(questions).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hello", "{}", "{\"carbonIntensity\":\"55\"}", "{\"carbonIntensity\":-1}", "[1]"})
  void saysWhatIsWrongWithAnAnswer(String answer) {
    body = answer;

    assertThatThrownBy(() -> grid(NOON, Duration.ofSeconds(10)).at("FR", HOUR))
        .hasMessageMatching(".*grid intensity from 127.0.0.1: the answer (is no JSON|has no).*");
  }

  @Test
  void takesNoAnswerWithoutEnd() {
    body = "{\"x\":\"" + "x".repeat(1 << 17) + "\"}";

    assertThatThrownBy(() -> grid(NOON, Duration.ofSeconds(10)).at("FR", HOUR))
        .hasMessageContaining("grid intensity from 127.0.0.1");
  }

  @Test
  void waitsForNoAnswerForEver() {
    body = "late";

    assertThatThrownBy(() -> grid(NOON, Duration.ofMillis(50)).at("FR", HOUR))
        .hasMessageContaining("no answer within 50 ms");
  }

  @Test
  void readsHoursFromAFile() throws IOException {
    var file = file("# day ahead", "zone,hour,gramsPerKwh", "FR,2026-11-22T12:00:00Z,41", "");

    var grid = FileGrid.read(file);

    assertThat(grid.at("FR", HOUR).orElseThrow().gramsPerKwh()).isEqualTo(41);
    assertThat(grid.at("FR", HOUR).orElseThrow().source()).contains("2026-11-22T12:00:00Z");
    assertThat(grid.at("FR", HOUR + 1)).isEmpty();
    assertThat(grid.at("DE", HOUR)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FR,2026-11-22T12:00:00Z",
        "FR,noon,41",
        "FR,2026-11-22T12:30:00Z,41",
        "FR,2026-11-22T12:00:00Z,-1",
        "FR,2026-11-22T12:00:00Z,100001",
        ",2026-11-22T12:00:00Z,41"
      })
  void namesTheLineOfAFileThatIsWrong(String line) throws IOException {
    var file = file("zone,hour,gramsPerKwh", "FR,2026-11-22T11:00:00Z,1", line);

    assertThatThrownBy(() -> FileGrid.read(file)).hasMessageContaining("line 3: ");
  }

  @Test
  void refusesAFileThatIsNone() throws IOException {
    var twice =
        file("zone,hour,gramsPerKwh", "FR,2026-11-22T11:00:00Z,1", "FR,2026-11-22T11:00:00Z,2");
    var headless = folder.resolve("headless");
    Files.writeString(headless, "FR,2026-11-22T11:00:00Z,1\n");
    var binary = folder.resolve("binary");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThatThrownBy(() -> FileGrid.read(twice)).hasMessageContaining("line 3", "already");
    assertThatThrownBy(() -> FileGrid.read(headless)).hasMessageContaining("expected the head");
    assertThatThrownBy(() -> FileGrid.read(binary)).hasMessageContaining("no text in UTF-8");
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("grid.csv"), List.of(lines));
  }

  private HttpGrid grid(Instant now, Duration timeout) {
    return new HttpGrid(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/latest"),
        "secret",
        timeout,
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
