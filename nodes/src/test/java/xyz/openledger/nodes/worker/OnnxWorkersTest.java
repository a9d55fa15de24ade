package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static xyz.openledger.models.onnx.OnnxBytes.floats;
import static xyz.openledger.models.onnx.OnnxBytes.model;
import static xyz.openledger.models.onnx.OnnxBytes.node;
import static xyz.openledger.models.onnx.OnnxBytes.of;
import static xyz.openledger.models.onnx.OnnxBytes.port;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xyz.openledger.models.onnx.OnnxBytes;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.Bubblewrapped;
import xyz.openledger.nodes.sandbox.OwnedFolder;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.tensors.Tensor;
import xyz.openledger.protocol.tensors.Tensors;

/** Real workers with the real runtime, in the sandbox that this machine gives. */
@Tag("sandbox")
class OnnxWorkersTest {
  private static final OnnxRuntime RUNTIME =
      Objects.requireNonNull(OnnxRuntime.find().runtime(), "the runtime is a dependency here");
  private static final WorkerSettings SETTINGS = WorkerSettings.of(1).withMemoryMaxBytes(256 << 20);

  private static OnnxWorkers ada;
  private static OnnxWorkers bob;

  @BeforeAll
  static void start() {
    ada = new OnnxWorkers(RUNTIME, SETTINGS, Bubblewrapped.orWhatThereIs());
    bob = new OnnxWorkers(RUNTIME, SETTINGS, Bubblewrapped.orWhatThereIs());
  }

  @AfterAll
  static void stop() {
    ada.close();
    bob.close();
  }

  @Test
  void twoMachinesOfOneProfileAgreeAndAreAsNearToExactAsFloatsAre() throws Exception {
    var random = new SplittableRandom(20261123);
    for (int round = 0; round < 20; round++) {
      Mlp mlp = Mlp.draw(random, 1 + random.nextInt(40), 1 + random.nextInt(40));
      int rows = 1 + random.nextInt(9);
      float[] x = Mlp.numbers(random, rows * mlp.width());
      byte[] input = Tensors.write(List.of(Tensor.floats("x", shape(rows, mlp.width()), x)));

      Execution one = completed(ada, mlp.onnx(), input);
      Execution other = completed(bob, mlp.onnx(), input);

      assertThat(other.outcome()).isEqualTo(one.outcome());
      assertThat(one.outcome().succeeded()).as(one.detail()).isTrue();
      float[] y = Tensors.read(one.output()).getFirst().floats();
      double[] expected = mlp.apply(x);
      assertThat(y).hasSize(expected.length);
      for (int i = 0; i < y.length; i++) {
        assertThat((double) y[i]).isCloseTo(expected[i], within(1e-5));
      }
    }
  }

  @Test
  void theExampleAnswersWhatItsGeneratorReckonedInDoubles() throws Exception {
    Path example = Path.of("../examples/onnx");
    byte[] model = Files.readAllBytes(example.resolve("model.onnx"));
    byte[] rows = Files.readAllBytes(example.resolve("rows.safetensors"));

    float[] y = Tensors.read(completed(ada, model, rows).output()).getFirst().floats();

    List<Float> expected =
        Files.readAllLines(example.resolve("expected.txt")).stream()
            .flatMap(line -> Arrays.stream(line.split(" ")))
            .map(Float::valueOf)
            .toList();
    assertThat(y).hasSize(expected.size()).hasSize(32);
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isCloseTo(expected.get(i), within(2e-5f));
    }
  }

  @Test
  void aRowIsTheSameBitsAloneAndAmongOthers() throws Exception {
    var random = new SplittableRandom(7);
    Mlp mlp = Mlp.draw(random, 24, 33);
    float[] x = Mlp.numbers(random, 8 * 24);
    byte[] all = Tensors.write(List.of(Tensor.floats("x", shape(8, 24), x)));
    byte[] first = Tensors.write(List.of(Tensor.floats("x", shape(1, 24), Arrays.copyOf(x, 24))));

    float[] together = Tensors.read(completed(ada, mlp.onnx(), all).output()).getFirst().floats();
    float[] alone = Tensors.read(completed(ada, mlp.onnx(), first).output()).getFirst().floats();

    assertThat(Arrays.copyOf(together, alone.length)).isEqualTo(alone);
  }

  @Test
  void whatIsNoNumberComesOutAsTheOneNaN() throws Exception {
    byte[] input =
        Tensors.write(
            List.of(
                Tensor.floats(
                    "x",
                    shape(1, 3),
                    Float.intBitsToFloat(0xffc12345),
                    1,
                    Float.NEGATIVE_INFINITY)));

    Execution run = completed(ada, model(sum()).toBytes(), input);

    assertThat(run.outcome().succeeded()).as(run.detail()).isTrue();
    int bits = Tensors.read(run.output()).getFirst().bytes().getInt(0);
    assertThat(bits).isEqualTo(Float.floatToRawIntBits(Float.NaN));
  }

  @Test
  void anInputThatTheModelDoesNotTakeIsAnOutcomeWhichNamesIt() throws Exception {
    byte[] small = model(sum()).toBytes();

    assertThat(detail(small, Tensor.floats("z", shape(1, 3), 1, 2, 3))).contains("x is missing");
    assertThat(detail(small, Tensor.floats("x", shape(1, 2), 1, 2))).contains("x.shape");
    assertThat(completed(ada, small, new byte[20]).detail()).contains("header");
    assertThat(completed(ada, small, new byte[20]).outcome().exitCode()).isEqualTo(2);
  }

  private static String detail(byte[] model, Tensor input) throws Exception {
    Execution run = completed(ada, model, Tensors.write(List.of(input)));
    assertThat(run.outcome().succeeded()).isFalse();
    return run.detail();
  }

  @Test
  void aModelThatMustNotRunIsRefusedBeforeTheRuntimeSeesIt() throws Exception {
    OnnxBytes drawing =
        sum().message(1, node("RandomNormalLike", "r", "x")).message(12, port("r", 3));
    OnnxBytes lying = sum().message(5, floats("v", 3, 2, 1));
    OnnxBytes elsewhere =
        sum()
            .message(
                5,
                of().number(1, 1)
                    .number(2, 1)
                    .text(8, "far")
                    .message(13, of().text(1, "location").text(2, "/etc/passwd")));
    byte[] input = Tensors.write(List.of(Tensor.floats("x", shape(1, 3), 1, 2, 3)));

    assertThat(refusal(model(drawing).toBytes(), input)).contains("RandomNormalLike");
    assertThat(refusal(model(lying).toBytes(), input)).contains("has 6 numbers");
    assertThat(refusal(model(elsewhere).toBytes(), input)).contains("another file");
    // Ours takes it, the runtime does not: the shapes do not fit one another.
    OnnxBytes unfit = sum().message(1, node("MatMul", "m", "x", "x")).message(12, port("m", 3));
    assertThat(ran(ada, model(unfit).toBytes(), input, Duration.ofSeconds(60)))
        .isInstanceOfAny(TaskResult.Refused.class, TaskResult.Completed.class);
  }

  private static String refusal(byte[] model, byte[] input) throws Exception {
    TaskResult result = ran(ada, model, input, Duration.ofSeconds(60));
    assertThat(result).isInstanceOf(TaskResult.Refused.class);
    return ((TaskResult.Refused) result).sentence();
  }

  @Test
  void limitsEndARunAlikeEverywhere() throws Exception {
    byte[] small = model(sum()).toBytes();
    byte[] input = Tensors.write(List.of(Tensor.floats("x", shape(2, 3), 1, 2, 3, 4, 5, 6)));

    // Two rows, no parameters, one operator.
    assertThat(completed(ada, small, input).fuelUsed()).isEqualTo(2 * 64);
    assertThat(limited(small, input, new ExecutionLimits(127, 1 << 20, 1 << 20)).status())
        .isEqualTo(Outcome.Status.FUEL_EXHAUSTED);
    assertThat(limited(small, input, new ExecutionLimits(1_000, 1 << 20, 16)).status())
        .isEqualTo(Outcome.Status.OUTPUT_EXCEEDED);
  }

  /** The output does not fit into the worker's heap twice, nor into what is left of it. */
  @Test
  void anOutputFarBeyondItsLimitIsAnOutcomeAndNoFault() throws Exception {
    OnnxBytes shape =
        of().text(1, "value_ints").number(8, 32 << 20).number(8, 1).number(8, 3).number(20, 7);
    OnnxBytes graph =
        of().message(1, node("Constant", "s").message(5, shape))
            .message(1, node("Expand", "y", "x", "s"))
            .text(2, "large")
            .message(11, port("x", 3))
            .message(12, single("y"));
    byte[] input = Tensors.write(List.of(Tensor.floats("x", shape(1, 3), 1, 2, 3)));

    Execution large =
        limited(model(graph).toBytes(), input, new ExecutionLimits(10_000, 1 << 20, 1 << 20));

    assertThat(large.status()).as(large.detail()).isEqualTo(Outcome.Status.OUTPUT_EXCEEDED);
  }

  private static Execution limited(byte[] model, byte[] input, ExecutionLimits limits)
      throws Exception {
    var request = new ExecutionRequest(Digest.of(input), List.of(), input, limits);
    var task = new WorkerTask(WorkerModule.of(model), request, Duration.ofSeconds(60));
    var result = ada.run(task).toCompletableFuture().get(90, TimeUnit.SECONDS);
    assertThat(result).isInstanceOf(TaskResult.Completed.class);
    return ((TaskResult.Completed) result).execution();
  }

  @Test
  void aRunBeyondItsTimeEndsAndTheNextOneRuns() throws Exception {
    TaskResult late = ran(bob, slow(), slowInput(), Duration.ofMillis(50));

    assertThat(late)
        .isInstanceOfSatisfying(
            TaskResult.Faulted.class,
            fault -> assertThat(fault.problem()).isEqualTo(Problem.DEADLINE_PASSED));
    assertThat(
            completed(
                    bob,
                    model(sum()).toBytes(),
                    Tensors.write(List.of(Tensor.floats("x", shape(1, 3), 1, 2, 3))))
                .outcome()
                .succeeded())
        .isTrue();
  }

  @Test
  void aWorkerThatIsKilledInTheMiddleIsThisMachinesFaultAndNeverAnAnswer() throws Exception {
    byte[] quick = Tensors.write(List.of(Tensor.floats("x", shape(1, 3), 1, 2, 3)));
    completed(bob, model(sum()).toBytes(), quick);
    WorkerPool pool = Objects.requireNonNull(bob.started());
    var request =
        new ExecutionRequest(
            Digest.of(slowInput()),
            List.of(),
            slowInput(),
            new ExecutionLimits(1_000_000_000_000L, 1 << 20, 1 << 20));
    var running =
        bob.run(new WorkerTask(WorkerModule.of(slow()), request, Duration.ofSeconds(60)))
            .toCompletableFuture();
    while (pool.statistics().tasksRunning() == 0 && !running.isDone()) {
      Thread.sleep(2);
    }
    Thread.sleep(200);

    pool.processIds().forEach(id -> ProcessHandle.of(id).ifPresent(ProcessHandle::destroyForcibly));

    assertThat(running.get(60, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            TaskResult.Faulted.class,
            fault -> assertThat(fault.problem()).isEqualTo(Problem.SANDBOX_FAILED));
    assertThat(completed(bob, model(sum()).toBytes(), quick).outcome().succeeded()).isTrue();
  }

  @Test
  void anotherTenantsModelRunsInAnotherProcess() throws Exception {
    byte[] input = Tensors.write(List.of(Tensor.floats("x", shape(1, 3), 1, 2, 3)));
    List<Long> first = idsAfter(1, input);

    assertThat(idsAfter(1, input)).isEqualTo(first);
    assertThat(idsAfter(2, input)).doesNotContainAnyElementsOf(first);
  }

  private static List<Long> idsAfter(long tenant, byte[] input) throws Exception {
    var request =
        new ExecutionRequest(
            Digest.of(input), List.of(), input, new ExecutionLimits(1_000, 1 << 20, 1 << 20));
    var task =
        new WorkerTask(
            WorkerModule.of(model(sum()).toBytes()),
            request,
            Duration.ofSeconds(60),
            WorkerTask.Files.NONE,
            null,
            tenant,
            null,
            new CompletableFuture<>());
    assertThat(bob.run(task).toCompletableFuture().get(90, TimeUnit.SECONDS))
        .isInstanceOf(TaskResult.Completed.class);
    return Objects.requireNonNull(bob.started()).processIds();
  }

  @Test
  void aTaskOfAnotherProfileIsLeftToOthers() throws Exception {
    var request =
        new ExecutionRequest(
            Digest.of(new byte[0]),
            List.of("ort1.0.0-elsewhere"),
            new byte[0],
            new ExecutionLimits(1, 1 << 16, 1));
    var task =
        new WorkerTask(WorkerModule.of(model(sum()).toBytes()), request, Duration.ofSeconds(1));

    assertThat(ada.run(task).toCompletableFuture().get(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            TaskResult.Faulted.class,
            fault -> {
              assertThat(fault.problem()).isEqualTo(Problem.CODE_MISMATCH);
              assertThat(fault.detail()).contains(RUNTIME.profile());
            });
  }

  @Test
  void aMachineWithoutTheRuntimeSaysSo() throws Exception {
    try (var none = new OnnxWorkers(null, SETTINGS, Bubblewrapped.orWhatThereIs())) {
      assertThat(ran(none, model(sum()).toBytes(), new byte[0], Duration.ofSeconds(1)))
          .isInstanceOfSatisfying(
              TaskResult.Faulted.class,
              fault -> assertThat(fault.detail()).contains("no ONNX Runtime"));
    }
  }

  @Test
  void aStartThatFailsLeavesNothingInTheTemporaryFolder() throws Exception {
    var broken = new OnnxRuntime(RUNTIME.profile(), "/ai/onnxruntime/native/nowhere/");
    try (var workers = new OnnxWorkers(broken, SETTINGS, Bubblewrapped.orWhatThereIs())) {
      List<String> before = ownFolders();

      for (int task = 0; task < 2; task++) {
        assertThat(ran(workers, model(sum()).toBytes(), new byte[0], Duration.ofSeconds(1)))
            .isInstanceOfSatisfying(
                TaskResult.Faulted.class,
                fault -> assertThat(fault.problem()).isEqualTo(Problem.SANDBOX_FAILED));
      }

      assertThat(ownFolders()).isEqualTo(before);
    }
  }

  private static List<String> ownFolders() throws IOException {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(OwnedFolder.prefix()))
          .sorted()
          .toList();
    }
  }

  private static Execution completed(OnnxWorkers workers, byte[] model, byte[] input)
      throws Exception {
    TaskResult result = ran(workers, model, input, Duration.ofSeconds(60));
    assertThat(result).isInstanceOf(TaskResult.Completed.class);
    assertThat(((TaskResult.Completed) result).code()).isEqualTo(Digest.of(model));
    return ((TaskResult.Completed) result).execution();
  }

  private static TaskResult ran(OnnxWorkers workers, byte[] model, byte[] input, Duration budget)
      throws Exception {
    var request =
        new ExecutionRequest(
            Digest.of(input),
            List.of(),
            input,
            new ExecutionLimits(1_000_000_000_000L, 1 << 20, 1 << 20));
    return workers
        .run(new WorkerTask(WorkerModule.of(model), request, budget))
        .toCompletableFuture()
        .get(90, TimeUnit.SECONDS);
  }

  private static List<Long> shape(long... sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }

  /** {@code y = x + x}. */
  private static OnnxBytes sum() {
    return of().message(1, node("Add", "y", "x", "x"))
        .text(2, "sum")
        .message(11, port("x", 3))
        .message(12, port("y", 3));
  }

  /** A chain of products that takes many seconds on one thread. */
  private static byte[] slow() {
    OnnxBytes graph = of();
    String last = "x";
    for (int i = 0; i < 2_000; i++) {
      graph.message(1, node("MatMul", "h" + i, last, "x"));
      last = "h" + i;
    }
    graph.message(1, node("ReduceSum", "y", last)).text(2, "slow");
    return model(graph.message(11, port("x", 512)).message(12, single("y"))).toBytes();
  }

  /** An output of one number, in whatever shape. */
  private static OnnxBytes single(String name) {
    return of().text(1, name).message(2, of().message(1, of().number(1, 1)));
  }

  private static byte[] slowInput() {
    return Tensors.write(List.of(Tensor.floats("x", shape(512, 512), new float[512 * 512])));
  }
}
