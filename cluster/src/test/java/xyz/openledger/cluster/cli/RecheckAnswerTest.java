package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.nodes.worker.ModelServer;
import xyz.openledger.nodes.worker.ModelServerSettings;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerModule;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.json.Json;

/** An answer that a model server gave, rechecked from receipt, job, output and model alone. */
class RecheckAnswerTest {
  private static final Path TINY = Path.of("../examples/models/tiny").toAbsolutePath();
  private static final Path ADAPTERS = Path.of("../examples/models/adapters").toAbsolutePath();
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxya";
  private static final Workload.Inference WORKLOAD =
      new Workload.Inference(
          ModelFolder.read(TINY, null).manifest().digest(), 1_000_000_000_000L, 64 << 20, 1 << 20);

  @TempDir private static Path folder;
  private static Execution plain;
  private static Execution haiku;
  private static Execution pirate;

  @BeforeAll
  static void answer() throws IOException {
    var question =
        new InferenceQuestion(
            null,
            "<|user|>Tell me a story about a cat.<|end|><|assistant|>",
            60,
            0,
            1_000,
            0,
            3,
            List.of());
    Files.write(folder.resolve("question.json"), question.canonical());
    plain = answer(question, null);
    haiku = answer(question, "haiku");
    pirate = answer(question, "pirate");
  }

  @Test
  void holdsForWhatTheModelAndItsAdapterAnswer() throws IOException {
    var base = recheck(null, plain, plain, null);
    var adapted = recheck("haiku", haiku, haiku, null);

    assertThat(base.out()).startsWith("holds, computed again from the model: statistical");
    assertThat(base.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(adapted.out()).startsWith("holds");
  }

  @Test
  void doesNotHoldForAnotherAdaptersAnswerNorForAnOutputThatWasExchanged() throws IOException {
    var other = recheck("haiku", pirate, pirate, null);
    var exchanged = recheck("haiku", haiku, pirate, null);

    assertThat(other.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(other.out()).startsWith("does NOT hold");
    assertThat(exchanged.out()).contains("another digest");
  }

  /** What {@code receipt verify} cannot see: near activations, but of another answer. */
  @Test
  void doesNotHoldWhereTheReceiptShowsActivationsOfAnotherAnswer() throws IOException {
    var own = found(recheckJson("haiku", haiku));
    var foreign = found(recheckJson(null, plain));

    assertThat(recheck("haiku", haiku, haiku, own).exitCode()).isEqualTo(ExitCode.OK);
    var shown = recheck("haiku", haiku, haiku, foreign);
    assertThat(shown.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(shown.out()).contains("is not that of the answer");
  }

  @Test
  void namesTheFolderThatIsMissing() throws IOException {
    write("haiku", haiku, haiku, null);

    var without = run(List.of("--model", TINY.toString()));

    assertThat(without.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(without.err()).contains("the adapter");
  }

  private static Receipt.ProductCheck found(String json) {
    return Json.read(
        json.getBytes(java.nio.charset.StandardCharsets.UTF_8), Receipt.ProductCheck.class);
  }

  /** What a member would have found, by the same computation. */
  private static String recheckJson(@Nullable String adapter, Execution ran) throws IOException {
    JobFile job = JobFile.read(job(adapter));
    var again =
        new RecheckedAnswer(
            job.spec().tasks().getFirst(),
            WORKLOAD,
            Files.readAllBytes(folder.resolve("question.json")),
            folders(adapter));
    return new String(
        Json.canonical(again.check(ran.outcome(), ran.output(), null)),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<Path> folders(@Nullable String adapter) {
    return adapter == null ? List.of(TINY) : List.of(TINY, ADAPTERS.resolve(adapter));
  }

  private static TestShell.Result recheck(
      @Nullable String adapter,
      Execution inReceipt,
      Execution shown,
      Receipt.@Nullable ProductCheck check)
      throws IOException {
    write(adapter, inReceipt, shown, check);
    return run(
        folders(adapter).stream().flatMap(path -> List.of("--model", "" + path).stream()).toList());
  }

  private static TestShell.Result run(List<String> models) {
    var arguments =
        new java.util.ArrayList<>(
            List.of("receipt", "recheck", "receipt.json", "--job", "job.json"));
    arguments.addAll(List.of("--result", "output.bin"));
    arguments.addAll(models);
    return new TestShell(folder).run(arguments.toArray(String[]::new));
  }

  private static void write(
      @Nullable String adapter,
      Execution inReceipt,
      Execution shown,
      Receipt.@Nullable ProductCheck check)
      throws IOException {
    JobSpec spec = JobFile.read(job(adapter)).spec();
    Files.write(folder.resolve("output.bin"), shown.output());
    Files.write(
        folder.resolve("receipt.json"), receipt(spec, inReceipt.outcome(), check).canonical());
  }

  private static Path job(@Nullable String adapter) throws IOException {
    ObjectNode workload = Json.read(Json.canonical(WORKLOAD), ObjectNode.class);
    var job = workload.objectNode();
    job.set("workload", workload.put("kind", "inference"));
    var task = job.putArray("tasks").addObject().put("input", "question.json");
    arguments(adapter).forEach(task.withArray("arguments")::add);
    job.putObject("policy").set("verification", workload.objectNode().put("method", "toploc"));
    job.withObject("/policy/limits").put("priceMax", "1 OPEN").put("deadline", "PT2M");
    return Files.write(folder.resolve("job.json"), Json.canonical(job));
  }

  private static List<String> arguments(@Nullable String adapter) {
    return adapter == null
        ? List.of(Workload.Inference.ACTIVATIONS)
        : List.of(manifest(adapter).manifest().digest() + "", Workload.Inference.ACTIVATIONS);
  }

  private static ModelFolder manifest(String adapter) {
    return ModelFolder.read(ADAPTERS.resolve(adapter), WORKLOAD.model());
  }

  private static Execution answer(InferenceQuestion question, @Nullable String adapter) {
    var settings = new ModelServerSettings(1, 1, 16 << 20, 1L << 30, 1);
    Map<Digest, byte[]> files = new HashMap<>();
    for (Path path : folders(adapter)) {
      var model = ModelFolder.read(path, path.equals(TINY) ? null : WORKLOAD.model());
      files.put(model.manifest().digest(), model.manifest().canonical());
      model.manifest().files().forEach(file -> files.put(file.digest(), bytes(path, file.name())));
    }
    var limits =
        new ExecutionLimits(
            WORKLOAD.fuelMax(), WORKLOAD.memoryMaxBytes(), WORKLOAD.outputMaxBytes());
    var request =
        new ExecutionRequest(
            Digest.of(new byte[1]), arguments(adapter), question.canonical(), limits);
    var module = new WorkerModule(WORKLOAD.model(), files.get(WORKLOAD.model()));
    try (var server = ModelServer.open(settings, Sandbox.strongest())) {
      var task =
          new WorkerTask(
              module,
              request,
              Duration.ofMinutes(2),
              (digest, _, name) -> write(name, files.get(digest)));
      return ((TaskResult.Completed) server.run(task).toCompletableFuture().join()).execution();
    }
  }

  private static byte[] bytes(Path folder, String name) {
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path name, byte[] bytes) {
    try {
      Files.write(name, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Receipt receipt(
      JobSpec spec, Outcome outcome, Receipt.@Nullable ProductCheck check) {
    JobId job = JobId.parse("job-" + LETTERS);
    var replica =
        new Receipt.ReplicaReceipt(
            new ReplicaId(new TaskId(job, 0), 0),
            NodeId.parse("node-" + LETTERS),
            Address.parse("0x" + "ab".repeat(20)),
            PoolId.parse("pool-" + LETTERS),
            1,
            Receipt.Standing.ACCEPTED,
            outcome,
            null,
            1,
            1,
            "",
            0,
            check);
    Digest identity = TaskIdentity.of(WORKLOAD.model(), spec.tasks().getFirst(), WORKLOAD);
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        job,
        0,
        TenantId.parse("tenant"),
        spec.digest(),
        0,
        Receipt.NO_RULES,
        spec.policy().verification(),
        null,
        List.of(new Receipt.TaskReceipt(0, identity, outcome, List.of(replica))),
        1,
        0,
        1);
  }
}
