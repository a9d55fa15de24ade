package xyz.openledger.cluster.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.recipe.DrawnAdapter;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobDetail.ReplicaState;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.client.PolicyFile;
import xyz.openledger.protocol.json.Json;

/**
 * The demo of language models: a base and a thousand adapters on four machines, of which one rounds
 * the weights and one skips steps of trainings; questions through the OpenAI API; an adapter
 * trained in pieces.
 */
public final class InferenceDemo {
  private static final String QUESTION = "What colour is the sky?";
  private static final int TOKENS_MAX = 32;
  private static final int AT_ONCE = 48;
  private static final int UPLOADS = 16;
  private static final Pattern TOGETHER = Pattern.compile("models: (\\d+) answers in one step");
  private static final String POLICY =
      """
      {"limits": {"priceMax": "1 OPEN", "deadline": "PT3M"},
       "verification": {"method": "quorum", "parameters": {"agreement": 2, "replicasMax": 5}}}
      """;

  private final LocalNetwork network;
  private final Story story;
  private final Path models = Demo.home().resolve("examples/models");
  private @Nullable OpenAiClient openAi;
  private final Map<String, JsonNode> answers = new LinkedHashMap<>();

  private InferenceDemo(LocalNetwork network, Story story) {
    this.network = network;
    this.story = story;
  }

  /**
   * Runs the demo, and stops all of it again.
   *
   * @return whether every check held
   */
  public static boolean run(PrintStream out, Path workingDirectory, int adapters)
      throws IOException {
    var story = new Story(out);
    Path data = workingDirectory.resolve(".openledger/demo-inference").toAbsolutePath();
    var folder = NetworkFolder.take(data);
    folder.clear();
    try (folder;
        var network = new LocalNetwork(data)) {
      Thread stop = new Thread(network::close, "demo-stop");
      Runtime.getRuntime().addShutdownHook(stop);
      new InferenceDemo(network, story).run(adapters);
      // What still runs would write into the folder that is cleared below.
      network.stop();
      Runtime.getRuntime().removeShutdownHook(stop);
      story.line(
          "not real here: a development chain, test accounts, %d adapters that were drawn and not"
              + " trained",
          adapters);
      story.line(
          story.held()
              ? "every check held. Next: docs/inference.md"
              : "a check did not hold; the data is kept in " + data);
      if (story.held()) {
        folder.clear();
      }
      return story.held();
    }
  }

  private void run(int adapters) throws IOException {
    story.chapter("A member and four machines of four owners; one, zed, rounds weights to int8");
    network.startMember(List.of(Library.POOL));
    for (Library machine : Library.values()) {
      network.startMachine(machine);
    }
    network.awaitReady(Library.values().length);
    network.deposit(200_000_000_000L);
    story.line("member at %s; its OpenAI API at %s/v1", url(), url());

    String token =
        Files.readString(network.data().resolve("keys/development-token"), StandardCharsets.UTF_8);
    openAi =
        new OpenAiClient(
            network.memberFile().url(), token.strip(), network.data().resolve("run/questions"));
    publish(adapters);
    manners();
    crowd(adapters);
    new StreamChapter(client(), network.memberFile().url(), token.strip(), story)
        .tell(
            QUESTION,
            text(Objects.requireNonNull(answers.get("tiny"))),
            () -> network.node(Library.ZED).reputation());
    Policy policy = PolicyFile.read("policy.json", POLICY.getBytes(StandardCharsets.UTF_8));
    new TuningChapter(client(), story)
        .tell(
            Demo.home().resolve("examples/fine-tuning/pirate.jsonl"),
            policy.limits(),
            network.node(Library.KIT).id());
    JsonNode answer = ask("tiny:mate", QUESTION);
    story.line("tiny:mate  %s", text(answer));
    story.check(
        "tuned-adapter-served",
        !trace(answer).equals(trace(Objects.requireNonNull(answers.get("tiny")))),
        "the adapter is served as tiny:mate, and answers otherwise than the base");
    cheat();
  }

  private OpenLedgerClient client() {
    return network.client();
  }

  private String url() {
    return network.memberFile().url().toString();
  }

  /** Publishes the base, the adapters that ship, and many that were drawn. */
  private void publish(int adapters) throws IOException {
    story.chapter("A base of our own, its adapters, and %d more".formatted(adapters));
    ModelFolder base = ModelFolder.read(models.resolve("tiny"), null);
    base.upload(client().blobs(), _ -> {});
    Digest manifest = base.manifest().digest();
    client().models().publish("tiny", manifest);
    var named = new ArrayList<ModelPublication.Named>();
    try (var shipped = Files.list(models.resolve("adapters"))) {
      for (Path folder : shipped.filter(Files::isDirectory).sorted().toList()) {
        named.add(upload(folder, "tiny:" + folder.getFileName(), manifest));
      }
    }
    int trained = named.size();
    named.addAll(drawn(adapters, manifest));
    for (int i = 0; i < named.size(); i += ModelPublication.MODELS_MAX) {
      client()
          .models()
          .publish(named.subList(i, Math.min(named.size(), i + ModelPublication.MODELS_MAX)));
    }
    long served = client().models().models().stream().count();
    story.check(
        "adapters-served",
        served == 1 + named.size(),
        "1 base, %d trained and %d drawn adapters are served; GET /v1/models lists them",
        trained,
        adapters);
  }

  private List<ModelPublication.Named> drawn(int adapters, Digest manifest) throws IOException {
    ModelConfig config = ConfigJson.read(models.resolve("tiny/config.json"));
    Path folder = network.data().resolve("run/drawn");
    try (var pool = Executors.newFixedThreadPool(UPLOADS, Thread.ofVirtual().factory())) {
      return IntStream.range(0, adapters)
          .mapToObj(
              i ->
                  pool.submit(
                      () ->
                          upload(
                              DrawnAdapter.write(folder.resolve("d" + i), config, 1, i),
                              "tiny:d" + i,
                              manifest)))
          .toList()
          .stream()
          .map(InferenceDemo::got)
          .toList();
    }
  }

  private ModelPublication.Named upload(Path folder, String name, Digest base) {
    ModelFolder adapter = ModelFolder.read(folder, base);
    adapter.upload(client().blobs(), _ -> {});
    return new ModelPublication.Named(name, adapter.manifest().digest());
  }

  /** The same question to each adapter that was trained. */
  private void manners() throws IOException {
    story.chapter("One question, every manner; each answer by two machines that agree bit for bit");
    story.line("asked through npm's openai, the client as OpenAI publishes it");
    var names = new ArrayList<>(List.of("tiny"));
    client().models().models().stream()
        .map(model -> model.name())
        .filter(name -> name.startsWith("tiny:") && !name.matches("tiny:d[0-9]+"))
        .forEach(names::add);
    for (String name : names) {
      JsonNode answer = ask(name, QUESTION);
      answers.put(name, answer);
      story.line("%-14s %s", name, text(answer));
    }
    story.check(
        "answers-agree",
        answers.values().stream().allMatch(answer -> agreeing(answer) >= 2),
        "every answer was accepted because two machines had its very bits, logits included");
  }

  /** Every drawn adapter is asked; one of them was asked alone before. */
  private void crowd(int adapters) throws IOException {
    story.chapter(
        "%d questions, %d at once, each with an adapter of its own".formatted(adapters, AT_ONCE));
    JsonNode alone = ask("tiny:d0", QUESTION);
    List<ObjectNode> questions =
        IntStream.range(0, adapters).mapToObj(i -> body("tiny:d" + i, QUESTION)).toList();
    long began = System.nanoTime();
    List<JsonNode> together = openAi().ask(questions, AT_ONCE);
    double seconds = (System.nanoTime() - began) / 1e9;
    long agreed = together.stream().filter(answer -> agreeing(answer) >= 2).count();
    story.check(
        "crowd-agrees",
        agreed == adapters,
        "%d of %d answers agreed on by two machines, %.1f s",
        agreed,
        adapters,
        seconds);
    int ivy = mostInOneStep(Library.IVY);
    int max = mostInOneStep(Library.MAX);
    story.check(
        "answered-in-batches",
        ivy > 1 && max > 1,
        "their batches were their own: up to %d answers in one step at ivy, up to %d at max",
        ivy,
        max);
    story.check(
        "alone-as-in-a-crowd",
        trace(alone).equals(trace(together.getFirst())),
        "tiny:d0 gave the same bits alone and among %d others: trace %s",
        AT_ONCE - 1,
        trace(alone).substring(0, 23));
    together.forEach(answer -> answers.put(job(answer), answer));
  }

  /** As the machine's agent wrote it down. */
  private int mostInOneStep(Library machine) throws IOException {
    return network.said(machine).stream()
        .map(TOGETHER::matcher)
        .filter(Matcher::find)
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .max()
        .orElse(1);
  }

  /** The machine that rounds weights is found out by its bits. */
  private void cheat() {
    NodeId zed = network.node(Library.ZED).id();
    int rejected = 0;
    int accepted = 0;
    for (JsonNode answer : answers.values()) {
      for (var task : client().jobs().show(job(answer)).tasks()) {
        for (JobDetail.ReplicaView replica : task.replicas()) {
          if (replica.node().equals(zed)) {
            rejected += replica.state() == ReplicaState.REJECTED ? 1 : 0;
            accepted += replica.state() == ReplicaState.ACCEPTED ? 1 : 0;
          }
        }
      }
    }
    story.chapter("zed, who computes with int8 what was asked in bf16");
    story.check(
        "rounding-caught",
        rejected > 0 && accepted == 0,
        "zed answered %d questions; none of its answers was accepted, none was paid",
        rejected);
  }

  private JsonNode ask(String model, String question) throws IOException {
    return openAi().ask(body(model, question));
  }

  private OpenAiClient openAi() {
    return Objects.requireNonNull(openAi, "asked before the member was there");
  }

  private static ObjectNode body(String model, String question) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("model", model)
            .put("max_tokens", TOKENS_MAX)
            .put("temperature", 0)
            .put("seed", 1);
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    body.putObject("openledger").set("policy", Json.tree(POLICY.getBytes(StandardCharsets.UTF_8)));
    return body;
  }

  private static String text(JsonNode answer) {
    return answer.at("/choices/0/message/content").asText("").strip().replace('\n', '/');
  }

  private static String trace(JsonNode answer) {
    return answer.at("/openledger/trace").asText();
  }

  private static String job(JsonNode answer) {
    return answer.at("/openledger/job").asText();
  }

  private static int agreeing(JsonNode answer) {
    return answer.at("/openledger/agreeing").asInt();
  }

  private static <T> T got(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException disk
          ? new UncheckedIOException(disk)
          : new IllegalStateException(failed.getCause());
    }
  }
}
