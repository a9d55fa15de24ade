package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.json.Json;

/** Two members as two processes, of which the one that issued the keys is killed. */
class KeysAcrossMembersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String KEYS = "/api/v1/accounts/demo/keys";
  private static final int JOBS = 6;

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Running> all = new ArrayList<>();

  /** A member that is up. */
  private record Running(Process process, Path log) {
    String[] up() {
      try {
        return Files.readString(log)
            .lines()
            .filter(line -> line.startsWith("up "))
            .findFirst()
            .orElse("")
            .split(" ");
      } catch (IOException missing) {
        return new String[0];
      }
    }

    String address() {
      return up()[2];
    }

    URI uri(String path) {
      return URI.create("http://127.0.0.1:" + up()[1] + path);
    }
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    for (Running member : all) {
      member.process().destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aCapAndARevocationHoldAtAllMembersAlsoWhenTheOneThatIssuedTheKeyIsKilled() throws Exception {
    int port = freePort();
    Running first = start("first", port);
    Running second = start("second", freePort(), first.address());
    String root = Files.readString(folder.resolve("first/root-token"));
    long most = Json.read(RunningServer.SPEC, JobSpec.class).policy().limits().priceMaxNanoOpen();
    String capped = issue(first, root, "capped", JOBS * most);
    String gone = issue(second, root, "gone", most);
    await().atMost(PATIENCE).until(() -> jobs(second, capped) == 200);
    await().atMost(PATIENCE).until(() -> jobs(first, gone) == 200);

    assertThat(submitted(first, capped, 0, 2)).isEqualTo(2);
    assertThat(submitted(second, capped, 2, 4)).isEqualTo(2);
    long revokedNanos = System.nanoTime();
    send(first, root, request -> request.DELETE(), KEYS + "/gone");
    assertThat(jobs(first, gone)).as("where it was revoked").isEqualTo(401);
    await().atMost(PATIENCE).until(() -> jobs(second, gone) == 401);
    long elsewhereMillis = Duration.ofNanos(System.nanoTime() - revokedNanos).toMillis();
    assertThat(elsewhereMillis).as("until it is refused elsewhere").isLessThan(5_000);

    first.process().destroyForcibly().waitFor();
    assertThat(jobs(second, capped)).as("what is known is believed for a while").isEqualTo(200);
    assertThat(submit(second, capped, 90)).as("but nothing is spent unseen").isEqualTo(503);
    Running again = start("first", port, second.address());

    assertThat(jobs(again, gone)).as("revoked before the kill").isEqualTo(401);
    await().atMost(PATIENCE).until(() -> submit(second, capped, 4) == 201);
    int more =
        IntStream.range(10, 20)
            .map(i -> submitted(i % 2 == 0 ? second : again, capped, i, i + 1))
            .sum();
    assertThat(4 + 1 + more).as("jobs before and after the kill").isEqualTo(JOBS);
  }

  /** How many of the jobs were taken. */
  private int submitted(Running member, String token, int from, int until) {
    return (int)
        IntStream.range(from, until).filter(job -> submit(member, token, job) == 201).count();
  }

  private int submit(Running member, String token, int job) {
    return send(
            member,
            token,
            request ->
                RunningServer.post(
                    request.header("Idempotency-Key", "job-" + job), RunningServer.SPEC),
            "/api/v1/jobs")
        .statusCode();
  }

  private int jobs(Running member, String token) {
    return send(member, token, request -> request, "/api/v1/jobs").statusCode();
  }

  private String issue(Running at, String root, String name, long cap) {
    String body =
        "{\"name\":\"%s\",\"scopes\":[\"jobs:read\",\"jobs:write\"],\"limits\":{\"spendCapNanoOpen\":\"%d\"}}"
            .formatted(name, cap);
    var issued = send(at, root, request -> RunningServer.post(request, body), KEYS);
    assertThat(issued.statusCode()).as(issued.body()).isEqualTo(201);
    return Json.tree(issued.body().getBytes(StandardCharsets.UTF_8)).get("token").textValue();
  }

  private HttpResponse<String> send(
      Running member, String token, UnaryOperator<HttpRequest.Builder> shape, String path) {
    try {
      var request =
          HttpRequest.newBuilder(member.uri(path))
              .timeout(Duration.ofSeconds(30))
              .header("Authorization", "Bearer " + token);
      return client.send(shape.apply(request).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private Running start(String name, int port, String... seeds) throws Exception {
    Path log = folder.resolve(name + all.size() + ".log");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx384m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            KeyedMember.class.getName(),
            folder.resolve(name).toString(),
            Integer.toString(port)));
    command.addAll(Arrays.asList(seeds));
    var running =
        new Running(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start(),
            log);
    all.add(running);
    await()
        .alias(name)
        .atMost(PATIENCE)
        .until(() -> running.up().length == 3 || !running.process().isAlive());
    assertThat(running.process().isAlive()).as(Files.readString(log)).isTrue();
    return running;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
