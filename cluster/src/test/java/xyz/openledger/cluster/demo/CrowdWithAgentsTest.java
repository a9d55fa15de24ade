package xyz.openledger.cluster.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.audit.AuditRun;
import xyz.openledger.cluster.http.Crowd;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.json.Json;

/**
 * Ten thousand questions at once for a model that two machines serve, all of them real processes.
 * {@code CrowdTest} asks a thousand of a member that is played, in every run.
 */
@EnabledIfSystemProperty(named = "thorough", matches = "true")
class CrowdWithAgentsTest {
  private static final int ASKED = 10_000;
  private static final TenantId OTHER = TenantId.parse("other");
  private static final long DEPOSIT = 200_000_000_000L;
  private static final long MEMORY_MORE_MAX_KIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void areAnsweredOrToldWhenToComeBackWhileAnotherTenantIsServed() throws Exception {
    try (var network = new LocalNetwork(folder);
        var http = HttpClient.newHttpClient()) {
      network.startMember(List.of(Library.POOL));
      network.startMachine(Library.IVY);
      network.startMachine(Library.MAX);
      network.awaitReady(2);
      deposit(network, MemberProcess.DEVELOPMENT_TENANT);
      deposit(network, OTHER);
      ModelFolder base = ModelFolder.read(Demo.home().resolve("examples/models/tiny"), null);
      base.upload(network.client().blobs(), _ -> {});
      network.client().models().publish("tiny", base.manifest().digest());
      String token =
          Files.readString(network.data().resolve("keys/development-token"), UTF_8).strip();
      String other = key(http, network, token);
      URI member = network.memberFile().url();
      assertThat(ask(http, member, other).status()).isEqualTo(200);

      long before = memoryKib(network);
      var over = new AtomicBoolean();
      var meanwhile = CompletableFuture.supplyAsync(() -> answers(http, member, other, over));
      long most = before;
      long began = System.nanoTime();
      List<String> heads;
      try (var crowd =
          new Crowd(new InetSocketAddress("127.0.0.1", member.getPort()), request(member, token))) {
        crowd.come(ASKED);
        for (int part = 1; part <= 10; part++) {
          crowd.until(ASKED * part / 10, began + PATIENCE.toNanos());
          most = Math.max(most, memoryKib(network));
        }
        heads = crowd.heads();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      over.set(true);
      List<Answered> served = meanwhile.get(3, TimeUnit.MINUTES);

      long answered = heads.stream().filter(head -> head.startsWith("HTTP/1.1 200 ")).count();
      System.out.printf(
          "%d of %d answered in %.1f s, the others refused; the other tenant asked %d, the slowest"
              + " took %d ms; the member grew from %d to %d MiB%n",
          answered,
          ASKED,
          seconds,
          served.size(),
          served.stream().mapToLong(Answered::millis).max().orElse(0),
          before >> 10,
          most >> 10);
      assertThat(answered).isBetween(1L, ASKED - 1L);
      assertThat(heads)
          .filteredOn(head -> !head.startsWith("HTTP/1.1 200 "))
          .allMatch(head -> head.matches("(?s)HTTP/1\\.1 (429|503) .*"))
          .allMatch(head -> head.matches("(?s).*\\r\\nRetry-After: [1-9][0-9]*\\r\\n.*"));
      assertThat(served).hasSizeGreaterThan(1).allMatch(one -> one.status() == 200);
      assertThat(most - before).isLessThan(MEMORY_MORE_MAX_KIB);
      network.stop();
    }
    assertThat(AuditRun.of(folder, (URI) null).findings()).isEmpty();
  }

  private record Answered(int status, long millis) {}

  private static List<Answered> answers(
      HttpClient http, URI member, String token, AtomicBoolean over) {
    var answers = new ArrayList<Answered>();
    while (!over.get()) {
      answers.add(ask(http, member, token));
    }
    return answers;
  }

  private static Answered ask(HttpClient http, URI member, String token) {
    long began = System.nanoTime();
    var request =
        HttpRequest.newBuilder(member.resolve("/v1/chat/completions"))
            .timeout(Duration.ofMinutes(2))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body()))
            .build();
    try {
      int status = http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
      return new Answered(status, (System.nanoTime() - began) / 1_000_000);
    } catch (IOException gone) {
      return new Answered(0, (System.nanoTime() - began) / 1_000_000);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  private static String body() {
    return """
    {"model":"tiny","max_tokens":8,"messages":[{"role":"user","content":"What is a pool?"}],
     "openledger":{"policy":{"limits":{"priceMax":"0.1 OPEN","deadline":"PT5M"},
       "verification":{"method":"trusted"}}}}
    """;
  }

  private static byte[] request(URI member, String token) {
    return """
    POST /v1/chat/completions HTTP/1.1\r
    Host: localhost:%d\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Content-Length: %d\r
    Connection: close\r
    \r
    %s\
    """
        .formatted(member.getPort(), token, body().length(), body())
        .getBytes(UTF_8);
  }

  /** A key of the other tenant. */
  private static String key(HttpClient http, LocalNetwork network, String token) throws Exception {
    URI keys = network.memberFile().url().resolve("/api/v1/accounts/" + OTHER + "/keys");
    var request =
        HttpRequest.newBuilder(keys)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"name\":\"other\",\"scopes\":[\"jobs:read\",\"jobs:write\",\"blobs:read\"]}"))
            .build();
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Json.tree(answer.body().getBytes(UTF_8)).get("token").textValue();
  }

  private static void deposit(LocalNetwork network, TenantId tenant) throws IOException {
    network.client().accounts().depositTerms(tenant);
    network.requester().deposit(network.contracts(), tenant, DEPOSIT);
    LocalNetwork.await(
        "the deposit",
        () -> network.client().accounts().show(tenant).availableNanoOpen() >= DEPOSIT);
  }

  private static long memoryKib(LocalNetwork network) throws IOException {
    long pid = network.memberHandle().orElseThrow().pid();
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
