package xyz.openledger.nodes.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

class WorkerJobTest {
  private static final Path GOLDEN = Path.of("src/test/resources/kubernetes");
  private static final String IMAGE = "registry.example/openledger-node@sha256:" + "ab".repeat(32);
  private static final WorkerOrder GVISOR =
      new WorkerOrder(
          new PodSettings("openledger-workers", IMAGE, "gvisor"),
          "node-abcdefghijklmnopqrstuvwxya",
          "first life",
          7,
          List.of("/opt/java/openjdk/bin/java", "-Xmx738m", "-cp", "/opt/openledger/lib/*", "Main"),
          100,
          1_122L << 20,
          1 << 20,
          Duration.ofDays(2),
          null);
  private static final WorkerOrder KATA =
      new WorkerOrder(
          new PodSettings("pods", "localhost:5000/node:0.1@sha256:" + "0".repeat(64), "kata.qemu"),
          "node-abcdefghijklmnopqrstuvwxya",
          "second life",
          0,
          List.of("java", "$(HOME)", "$$(HOME)", "a\"b\\c"),
          25,
          256L << 20,
          64 << 20,
          Duration.ofSeconds(90),
          new WorkerOrder.Owner("agent-5d9c", "0b1f3c3a-6f2e-4a53-9d53-1f6f0d1c2b3a"));

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gvisor", "kata"})
  void isWhatWasReviewed(String name) throws IOException {
    Path golden = GOLDEN.resolve("worker-" + name + ".json");
    String manifest = Json.pretty(WorkerJob.manifest(order(name))) + "\n";
    if (Boolean.getBoolean("golden.write") && !Files.exists(golden)) {
      Files.writeString(golden, manifest);
    }

    assertThat(manifest).isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gvisor", "kata"})
  void keepsEveryWall(String name) {
    assertThat(Walls.broken(WorkerJob.manifest(order(name)))).isEmpty();
  }

  private static WorkerOrder order(String name) {
    return name.equals("gvisor") ? GVISOR : KATA;
  }

  /** A wall taken out of the Job, and the word by which that is noticed. */
  record Breach(String word, Consumer<ObjectNode> breaking) {
    @Override
    public String toString() {
      return word;
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaches")
  void isNotWithoutAnyOfThem(Breach breach) {
    ObjectNode job = WorkerJob.manifest(GVISOR);

    breach.breaking().accept(job);

    assertThat(Walls.broken(job)).contains(breach.word());
  }

  static Stream<Breach> breaches() {
    String pod = "/spec/template/spec";
    String container = pod + "/containers/0";
    String own = container + "/securityContext";
    return Stream.of(
        new Breach("backoffLimit", job -> object(job, "/spec").put("backoffLimit", 6)),
        new Breach("parallelism", job -> object(job, "/spec").put("parallelism", 2)),
        new Breach("completions", job -> object(job, "/spec").remove("completions")),
        new Breach(
            "activeDeadlineSeconds", job -> object(job, "/spec").remove("activeDeadlineSeconds")),
        new Breach(
            "ttlSecondsAfterFinished",
            job -> object(job, "/spec").remove("ttlSecondsAfterFinished")),
        new Breach("restartPolicy", job -> object(job, pod).put("restartPolicy", "OnFailure")),
        new Breach("runtimeClassName", job -> object(job, pod).remove("runtimeClassName")),
        new Breach("token", job -> object(job, pod).remove("automountServiceAccountToken")),
        new Breach("serviceLinks", job -> object(job, pod).remove("enableServiceLinks")),
        new Breach("hostNetwork", job -> object(job, pod).put("hostNetwork", true)),
        new Breach("hostPID", job -> object(job, pod).put("hostPID", true)),
        new Breach("hostIPC", job -> object(job, pod).put("hostIPC", true)),
        new Breach(
            "shareProcessNamespace", job -> object(job, pod).put("shareProcessNamespace", true)),
        new Breach("dnsPolicy", job -> object(job, pod).put("dnsPolicy", "ClusterFirst")),
        new Breach("place", job -> object(job, pod).put("nodeName", "control-plane")),
        new Breach(
            "serviceAccountName", job -> object(job, pod).put("serviceAccountName", "agent")),
        new Breach(
            "containers",
            job -> ((ArrayNode) job.at(pod + "/containers")).addObject().put("name", "second")),
        new Breach("initContainers", job -> object(job, pod).putArray("initContainers")),
        new Breach(
            "readOnlyRootFilesystem", job -> object(job, own).remove("readOnlyRootFilesystem")),
        new Breach("privileged", job -> object(job, own).put("privileged", true)),
        new Breach(
            "allowPrivilegeEscalation", job -> object(job, own).remove("allowPrivilegeEscalation")),
        new Breach("capabilities drop", job -> object(job, own).remove("capabilities")),
        new Breach(
            "capabilities",
            job -> object(job, own + "/capabilities").putArray("add").add("NET_BIND_SERVICE")),
        new Breach("runAsUser", job -> object(job, own).put("runAsUser", 0)),
        new Breach("runAsNonRoot", job -> object(job, own).put("runAsNonRoot", false)),
        new Breach(
            "seccompProfile",
            job -> object(job, own).putObject("seccompProfile").put("type", "Unconfined")),
        new Breach(
            "image", job -> object(job, container).put("image", "registry.example/node:latest")),
        new Breach("stdinOnce", job -> object(job, container).put("stdinOnce", false)),
        new Breach("tty", job -> object(job, container).put("tty", true)),
        new Breach("env", job -> object(job, container).putArray("ports").addObject()),
        new Breach(
            "valueFrom",
            job -> ((ArrayNode) job.at(container + "/env")).addObject().putObject("valueFrom")),
        new Breach(
            "requests", job -> object(job, container + "/resources/requests").put("cpu", "1m")),
        new Breach("memory", job -> object(job, container + "/resources/limits").remove("memory")),
        new Breach("cpu", job -> object(job, container + "/resources/limits").put("cpu", "0m")),
        new Breach(
            "ephemeral-storage",
            job -> object(job, container + "/resources/limits").remove("ephemeral-storage")),
        new Breach(
            "volume hostPath",
            job -> object(job, pod + "/volumes/0").putObject("hostPath").put("path", "/")),
        new Breach("medium", job -> object(job, pod + "/volumes/0/emptyDir").remove("medium")),
        new Breach(
            "sizeLimit", job -> object(job, pod + "/volumes/0/emptyDir").remove("sizeLimit")),
        new Breach("expansion", job -> ((ArrayNode) job.at(container + "/command")).add("$(HOME)")),
        new Breach("name", job -> object(job, "/metadata").put("name", "Worker_1")),
        new Breach("label", job -> object(job, "/metadata/labels").put("x", "a b")));
  }

  private static ObjectNode object(JsonNode job, String pointer) {
    return (ObjectNode) job.at(pointer);
  }

  @Test
  void bearsTheSameNameWheneverItIsAskedFor() {
    assertThat(WorkerJob.name(GVISOR)).isEqualTo(WorkerJob.name(order("gvisor")));
    assertThat(Stream.of(GVISOR, KATA, later(GVISOR, 8)).map(WorkerJob::name))
        .doesNotHaveDuplicates();
  }

  private static WorkerOrder later(WorkerOrder order, int number) {
    return new WorkerOrder(
        order.settings(),
        order.agent(),
        order.run(),
        number,
        order.command(),
        order.cpuPercent(),
        order.memoryMaxBytes(),
        order.temporaryMaxBytes(),
        order.lifeMax(),
        order.owner());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void isRefusedOrKeepsEveryWallWhateverIsInTheOrder(long seed) {
    var random = new SplittableRandom(seed);
    int kept = 0;
    for (int drawn = 0; drawn < 2_000; drawn++) {
      WorkerOrder order;
      try {
        order = hostile(random);
      } catch (ProblemException refused) {
        assertThat(refused.field()).isNotEmpty();
        continue;
      }
      ObjectNode job = WorkerJob.manifest(order);

      assertThat(Walls.broken(job)).as("%s", job).isEmpty();
      assertThat(Json.write(Json.tree(Json.write(job)))).isEqualTo(Json.write(job));
      assertThat(shape(job)).as("its fields").isEqualTo(shape(WorkerJob.manifest(plain(order))));
      kept++;
    }
    assertThat(kept).as("orders that were not refused").isGreaterThan(20);
  }

  static Stream<Long> seeds() {
    Long seed = Long.getLong("seed", Long.getLong("run.seed", 20_261_123L));
    return new SplittableRandom(seed).longs(4).boxed();
  }

  /** The names of all fields: what is in the order may fill them, and adds none. */
  private static JsonNode shape(JsonNode node) {
    if (node.isObject()) {
      ObjectNode fields = JsonNodeFactory.instance.objectNode();
      node.properties().forEach(field -> fields.set(field.getKey(), shape(field.getValue())));
      return fields;
    }
    ArrayNode elements = JsonNodeFactory.instance.arrayNode();
    node.forEach(element -> elements.add(shape(element)));
    return elements;
  }

  private static WorkerOrder plain(WorkerOrder order) {
    return new WorkerOrder(
        GVISOR.settings(),
        "a",
        "b",
        0,
        order.command().stream().map(_ -> "word").toList(),
        1,
        1 << 20,
        1,
        Duration.ofSeconds(1),
        order.owner() == null ? null : KATA.owner());
  }

  private static WorkerOrder hostile(SplittableRandom random) {
    return new WorkerOrder(
        new PodSettings(
            random.nextInt(4) == 0 ? text(random) : "ns-" + random.nextInt(1_000),
            random.nextInt(4) == 0 ? text(random) : IMAGE,
            random.nextInt(4) == 0 ? text(random) : "gvisor"),
        text(random),
        text(random),
        random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(Integer.MAX_VALUE),
        IntStream.range(0, random.nextInt(1, 6)).mapToObj(_ -> text(random)).toList(),
        (int) number(random, random.nextInt(1, 1_000)),
        number(random, random.nextLong(1 << 20, 1L << 42)),
        number(random, random.nextLong(1, 1L << 42)),
        Duration.ofSeconds(number(random, random.nextInt(1, 604_801))),
        random.nextBoolean() ? null : KATA.owner());
  }

  private static long number(SplittableRandom random, long usual) {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MAX_VALUE;
      case 3 -> Long.MIN_VALUE;
      default -> usual;
    };
  }

  private static final List<String> PIECES =
      List.of(
          "a",
          "Z",
          "-",
          "_",
          ".",
          "/",
          ":",
          "@",
          "$(HOME)",
          "$$",
          "$",
          "(",
          ")",
          " ",
          "\n",
          "\u0000",
          "é",
          "𝄞",
          "\ud800",
          "\"",
          "}",
          "{\"privileged\":true}",
          "hostNetwork: true",
          "..",
          "%",
          "sha256:",
          "../../../etc",
          "x".repeat(64),
          "y".repeat(300));

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (int piece = random.nextInt(5); piece > 0; piece--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
