package xyz.openledger.cluster.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import xyz.openledger.cluster.blob.BlobSettings;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;

/** The real routes over a fake member, on a port of their own. */
final class RunningServer implements AutoCloseable {
  static final TenantId DEMO = TenantId.parse("demo");
  static final TenantId OTHER = TenantId.parse("other");

  static final String SPEC =
      """
      {"name":"words","labels":{"example":"words"},
       "workload":{"kind":"wasm",
         "module":"sha256:185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969",
         "fuelMax":"200000000","memoryMaxBytes":16777216,"outputMaxBytes":65536},
       "tasks":[{"arguments":["es"],
         "input":"sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}],
       "policy":{"objective":{"weights":{"cost":100,"latency":0,"reliability":0,"carbon":0}},
         "limits":{"priceMaxNanoOpen":"500000000","deadlineMillis":60000,"regions":[],
                   "reputationMin":0},
         "verification":{"method":"quorum","parameters":{"agreement":2,"replicasMax":5}}}}
      """;

  final Path directory;
  final FakeMember member = new FakeMember();
  final FakeModels models = new FakeModels();
  final FakeFiles files = new FakeFiles();
  final FakeTunings tunings = new FakeTunings();
  final BlobStore blobs;
  final FakeKeys keys = new FakeKeys();
  final Tokens tokens = new Tokens(keys, "member-1");
  final NodeTokens nodeTokens;
  final HttpServer server;
  final String token;
  final String otherToken;
  final String adminToken;
  final HttpClient client = HttpClient.newHttpClient();
  private final ActorSystem<Void> system;

  RunningServer() {
    this(Map.of());
  }

  /** With some settings of {@code openledger.http} changed. */
  RunningServer(Map<String, ?> changes) {
    this(changes, BlobSettings.from(ConfigFactory.load()));
  }

  /** With other bounds for its blobs, too. */
  RunningServer(Map<String, ?> changes, BlobSettings bounds) {
    try {
      directory = Files.createTempDirectory("http-test");
      var quiet = ConfigFactory.parseMap(Map.of("pekko.loglevel", "WARNING"));
      system =
          ActorSystem.create(
              Behaviors.empty(), "http-test", quiet.withFallback(ConfigFactory.load()));
      blobs = BlobStore.open(directory.resolve("blobs"), bounds);
      nodeTokens = NodeTokens.open(directory.resolve("blob-token.key"));
      var all = EnumSet.complementOf(EnumSet.of(Scope.ADMIN));
      token = issue("demo", DEMO, all);
      otherToken = issue("other", OTHER, all);
      adminToken = issue("admin", DEMO, EnumSet.of(Scope.ADMIN));
      var config =
          ConfigFactory.parseMap(changes)
              .atPath("openledger.http")
              .withFallback(ConfigFactory.parseMap(Map.of("openledger.http.port", 0)))
              .withFallback(ConfigFactory.load());
      server =
          HttpServer.start(
                  system,
                  HttpSettings.from(config),
                  new HttpServer.Parts(
                      member, models, tunings, blobs, tokens, nodeTokens, member.feed, files))
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** A token without limits; one of the same name ends. */
  String issue(String name, TenantId tenant, Set<Scope> scopes) {
    return tokens
        .issueOwn(new Principal(name, tenant, scopes))
        .toCompletableFuture()
        .join()
        .token();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  /** A request with the demo tenant's token. */
  HttpRequest.Builder request(String path) {
    return request(path, token);
  }

  HttpRequest.Builder request(String path, String bearer) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + bearer);
  }

  static HttpRequest.Builder post(HttpRequest.Builder request, String body) {
    return request.POST(HttpRequest.BodyPublishers.ofString(body));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  Answer get(String path) {
    return send(request(path));
  }

  /** Submits {@link #SPEC} under a key. */
  JobId submitted(String key) {
    Answer answer = send(post(request("/api/v1/jobs").header("Idempotency-Key", key), SPEC));
    return JobId.parse(answer.json().get("job").textValue());
  }

  /** What came back. */
  record Answer(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    JsonNode json() {
      return Json.tree(response.body());
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** The problem's code and field: {@code invalid-request policy.limits.reputationMin}. */
    String refusal() {
      JsonNode problem = json();
      return (problem.get("type").textValue().substring("urn:openledger:problem:".length())
              + " "
              + problem.path("field").asText(""))
          .strip();
    }
  }

  @Override
  public void close() {
    client.close();
    server.stop().toCompletableFuture().join();
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
      blobs.close();
      try (var files = Files.walk(directory)) {
        for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }
}
