package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.Bubblewrapped;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.inference.ModelManifest;

/** A real model server in the strongest sandbox of this machine, with a model of random weights. */
@Tag("sandbox")
class ModelServerTest {
  private static final Duration BUDGET = Duration.ofSeconds(60);
  private static final ExecutionLimits LIMITS =
      new ExecutionLimits(1_000_000_000_000L, 1 << 30, 1 << 20);
  private static final TinyModel TINY = TinyModel.of("llama", 3);

  @TempDir private static Path folder;

  private static final Map<Digest, Path> BLOBS = new ConcurrentHashMap<>();
  private static ModelServer server;
  private static ModelManifest base;
  private static List<ModelManifest> adapters;

  @BeforeAll
  static void start() throws IOException {
    base = ModelManifest.base(files(TINY.write(folder.resolve("base"), TensorType.F32)));
    keep(base);
    adapters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Path written = TinyAdapter.of(TINY, 4, i).write(folder.resolve("adapter-" + i));
      adapters.add(ModelManifest.adapter(base.digest(), files(written)));
      keep(adapters.getLast());
    }
    server = open();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ModelServer open() {
    return ModelServer.open(
        new ModelServerSettings(64, 2, 64 << 20, 1L << 30, 2), Bubblewrapped.orWhatThereIs());
  }

  private static List<ModelManifest.File> files(Path written) throws IOException {
    var files = new ArrayList<ModelManifest.File>();
    try (var listed = Files.list(written)) {
      for (Path file : listed.sorted().toList()) {
        Digest digest = Digest.of(Files.readAllBytes(file));
        BLOBS.put(digest, file);
        files.add(new ModelManifest.File(file.getFileName().toString(), digest, Files.size(file)));
      }
    }
    return files;
  }

  private static void keep(ModelManifest manifest) throws IOException {
    Path file = folder.resolve(manifest.digest().hex());
    BLOBS.put(manifest.digest(), Files.write(file, manifest.canonical()));
  }

  private static void place(Digest digest, long bytesMax, Path name) {
    try {
      Files.copy(BLOBS.get(digest), name);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private static CompletableFuture<TaskResult> ask(
      ModelServer where, InferenceQuestion question, ModelManifest... adapter) {
    List<String> arguments =
        adapter.length == 0 ? List.of() : List.of(adapter[0].digest().toString());
    byte[] input = question.canonical();
    var request = new ExecutionRequest(Digest.of(input), arguments, input, LIMITS);
    var module = new WorkerModule(base.digest(), base.canonical());
    return where
        .run(new WorkerTask(module, request, BUDGET, ModelServerTest::place))
        .toCompletableFuture();
  }

  private static InferenceAnswer answer(CompletableFuture<TaskResult> result) {
    TaskResult ended = result.join();
    assertThat(ended).isInstanceOf(TaskResult.Completed.class);
    var execution = ((TaskResult.Completed) ended).execution();
    assertThat(execution.status()).isEqualTo(Outcome.Status.FINISHED);
    return InferenceAnswer.read(execution.output());
  }

  @Test
  void anAnswerIsTheSameAloneAndAmongOthersAndInAnotherProcess() {
    var question = InferenceQuestion.greedy("The quick brown fox", 24);
    byte[] alone = answer(ask(server, question, adapters.get(1))).canonical();

    var together =
        IntStream.range(0, 32)
            .mapToObj(
                i ->
                    i == 17
                        ? ask(server, question, adapters.get(1))
                        : ask(
                            server,
                            InferenceQuestion.greedy("Another question " + i, 5 + i),
                            adapters.get(i % 4)))
            .toList();
    together.forEach(CompletableFuture::join);
    assertThat(answer(together.get(17)).canonical()).isEqualTo(alone);
    try (ModelServer other = open()) {
      assertThat(answer(ask(other, question, adapters.get(1))).canonical()).isEqualTo(alone);
    }
  }

  @Test
  void theWordsOfAnAnswerComeWhileItIsMadeAndAreThoseOfItsText() {
    byte[] input = InferenceQuestion.greedy("Tell me a story", 40).canonical();
    var words = new StringBuffer();
    var partsBefore = new AtomicInteger();
    var result =
        server
            .run(
                new WorkerTask(
                    new WorkerModule(base.digest(), base.canonical()),
                    new ExecutionRequest(Digest.of(input), List.of(), input, LIMITS),
                    BUDGET,
                    ModelServerTest::place,
                    text -> {
                      words.append(text);
                      partsBefore.incrementAndGet();
                    }))
            .toCompletableFuture();
    String text = answer(result).text();

    assertThat(text).startsWith(words.toString()).isNotEmpty();
    assertThat(partsBefore).as("parts that came before the answer").hasPositiveValue();
  }

  @Test
  void anEmbeddingIsTheSameAloneAndAmongOthersAndAnotherOfAnotherText() {
    var question = InferenceQuestion.embedding("A pool is where machines meet");
    String alone = answer(ask(server, question)).embedding();
    var together =
        IntStream.range(0, 16)
            .mapToObj(
                i ->
                    i % 2 == 0
                        ? ask(server, InferenceQuestion.greedy("Question " + i, 8))
                        : ask(server, InferenceQuestion.embedding("Another text, number " + i)))
            .toList();
    String among = answer(ask(server, question)).embedding();
    together.forEach(CompletableFuture::join);

    assertThat(alone).isNotNull().isEqualTo(among);
    assertThat(answer(together.get(1)).embedding()).isNotNull().isNotEqualTo(alone);
    assertThat(answer(together.get(0)).embedding()).isNull();
  }

  @Test
  void anAdapterChangesTheAnswerAndItsFuel() {
    var question = InferenceQuestion.greedy("Once upon a time", 16);
    var plain = (TaskResult.Completed) ask(server, question).join();
    var adapted = (TaskResult.Completed) ask(server, question, adapters.get(2)).join();

    assertThat(InferenceAnswer.read(adapted.execution().output()).trace())
        .isNotEqualTo(InferenceAnswer.read(plain.execution().output()).trace());
    var first = InferenceAnswer.read(plain.execution().output());
    long tokens = first.promptTokens() + first.tokens().size();
    assertThat(plain.execution().fuelUsed() % tokens).isZero();
    assertThat(plain.execution().fuelUsed()).isLessThan(LIMITS.fuelMax());
  }

  @Test
  void aPromptLongerThanTheContextIsAnAnswerThatSaysSo() {
    var answer = answer(ask(server, InferenceQuestion.greedy("x".repeat(5_000), 4)));

    assertThat(answer.error()).contains("context of 256");
    assertThat(answer.tokens()).isEmpty();
  }

  @Test
  void aModelThatLiesIsRefusedAndNeverAnswered() throws IOException {
    Path broken = TINY.write(folder.resolve("broken"), TensorType.F32);
    Path weights = broken.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[0] ^= 0x7f;
    Files.write(weights, bytes);
    ModelManifest lying = ModelManifest.base(files(broken));
    keep(lying);
    byte[] input = InferenceQuestion.greedy("x", 1).canonical();
    var request = new ExecutionRequest(Digest.of(input), List.of(), input, LIMITS);
    TaskResult result =
        server
            .run(
                new WorkerTask(
                    new WorkerModule(lying.digest(), lying.canonical()),
                    request,
                    BUDGET,
                    ModelServerTest::place))
            .toCompletableFuture()
            .join();

    assertThat(result).isInstanceOf(TaskResult.Refused.class);
  }

  @Test
  void whatAKilledProcessHadIsThisMachinesFaultAndTheNextQuestionIsAnswered() {
    try (ModelServer mortal = open()) {
      answer(ask(mortal, InferenceQuestion.greedy("warm", 2)));
      var asked =
          IntStream.range(0, 60)
              .mapToObj(i -> ask(mortal, InferenceQuestion.greedy("The end is near " + i, 200)))
              .toList();
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> mortal.underWay() > 0 || asked.stream().allMatch(CompletableFuture::isDone));
      mortal.processId().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);

      for (var one : asked) {
        if (one.join() instanceof TaskResult.Faulted faulted) {
          assertThat(faulted.problem()).isEqualTo(Problem.SANDBOX_FAILED);
        }
      }
      assertThat(answer(ask(mortal, InferenceQuestion.greedy("again", 2))).tokens()).hasSize(2);
    }
  }

  @Test
  void aTrainingGivesTheCheckpointThatItGivesAnywhere() throws IOException {
    Path samples = folder.resolve("samples.jsonl");
    Files.writeString(
        samples,
        """
        {"prompt": "Once there was", "completion": " a ship."}
        {"prompt": "A node is", "completion": " a machine."}
        """);
    Digest data = Digest.of(Files.readAllBytes(samples));
    BLOBS.put(data, samples);
    Path model = folder.resolve("base");
    var shape = new AdapterShape(2, 4, EnumSet.of(Projection.QUERY, Projection.DOWN));
    var settings = new Settings(4, 2, 0.01f, 1, 0.01f, 1, 5);
    byte[] input;
    Digest expected;
    try (var tune = new FineTune(StrictKernels.best(), 1, model, samples, shape, settings, false)) {
      var segment = new TrainingSegment(tune.job(), Optional.empty(), 4);
      input = segment.toBytes();
      expected =
          segment
              .run(
                  StrictKernels.best(),
                  1,
                  TrainingSegment.inPlace(model, samples, folder),
                  folder.resolve("here"))
              .digest();
    }
    var request =
        new ExecutionRequest(
            Digest.of(input),
            List.of(Workload.Finetune.TUNE, data.toString()),
            input,
            new ExecutionLimits(1_000_000_000_000L, 1 << 30, 16 << 20));
    var module = new WorkerModule(base.digest(), base.canonical());
    var ended =
        (TaskResult.Completed)
            server
                .run(new WorkerTask(module, request, BUDGET, ModelServerTest::place))
                .toCompletableFuture()
                .join();

    assertThat(ended.execution().exitCode()).isZero();
    assertThat(Digest.of(ended.execution().output())).isEqualTo(expected);
    assertThat(ended.execution().fuelUsed()).isPositive();
  }

  @Test
  void aTrainingThatMakesRoomIsGoneOnWithByAnotherMachineToTheSameBitsAndFuel() throws IOException {
    Training training = training(200);
    var whole = (TaskResult.Completed) train(server, training, null, new CompletableFuture<>());
    var stopped = new CompletableFuture<Long>();
    stopped.complete(System.nanoTime());

    var saved = (TaskResult.Saved) train(server, training, null, stopped);
    Path file = Files.write(folder.resolve("saved-state"), saved.state());
    Digest blob = Digest.of(saved.state());
    BLOBS.put(blob, file);
    var state = new SavedState(blob, saved.step(), saved.fuel());
    assertThat(saved.step()).isBetween(1, 199);
    assertThat(saved.fuel()).isPositive().isLessThan(whole.execution().fuelUsed());

    try (ModelServer other = open()) {
      var rest = (TaskResult.Completed) train(other, training, state, new CompletableFuture<>());
      assertThat(Digest.of(rest.execution().output()))
          .isEqualTo(Digest.of(whole.execution().output()));
      assertThat(rest.execution().outcome()).isEqualTo(whole.execution().outcome());

      var greedy = new SavedState(blob, saved.step(), saved.fuel() + 1);
      assertThat(train(other, training, greedy, new CompletableFuture<>()))
          .isInstanceOfSatisfying(
              TaskResult.Faulted.class,
              it -> assertThat(it.problem()).isEqualTo(Problem.SAVED_STATE_REFUSED));
      Path broken = folder.resolve("broken-state");
      byte[] bytes = saved.state().clone();
      bytes[bytes.length / 3] ^= 0x55;
      Files.write(broken, bytes);
      BLOBS.put(Digest.of(bytes), broken);
      var junk = new SavedState(Digest.of("junk".getBytes(StandardCharsets.UTF_8)), 5, 5);
      BLOBS.put(junk.blob(), Files.writeString(folder.resolve("junk"), "no state at all"));
      assertThat(train(other, training, junk, new CompletableFuture<>()))
          .isInstanceOf(TaskResult.Faulted.class);
      // Bits that were changed and carry their own digest are a state like any other: they lead
      // elsewhere, which a second replica shows.
      var lying = new SavedState(Digest.of(bytes), saved.step(), saved.fuel());
      if (train(other, training, lying, new CompletableFuture<>())
          instanceof TaskResult.Completed(_, var execution)) {
        assertThat(execution.outcome()).isNotEqualTo(whole.execution().outcome());
      }
    }
  }

  @Test
  void cancellingATrainingThatWaitsTakesNothingFromTheOneThatRuns() throws IOException {
    try (ModelServer shared = open()) {
      var first = beginning(shared, training(1_000_000));
      await().until(() -> shared.underWay() == 1);
      long process = shared.processId().orElseThrow();
      var second = beginning(shared, training(1_000_000));
      await().until(() -> shared.underWay() == 2);

      second.cancel(true);

      await().until(() -> shared.underWay() == 1);
      assertThat(first).isNotDone();
      first.cancel(true);
      await().until(() -> shared.underWay() == 0);
      assertThat(shared.processId()).hasValue(process);
    }
  }

  @Test
  void aProcessThatDoesNotEvenAnswerAPingIsEndedAndTheNextQuestionStartsAnother()
      throws IOException, InterruptedException {
    try (ModelServer mortal =
        ModelServer.open(
            new ModelServerSettings(64, 2, 64 << 20, 1L << 30, 2),
            Bubblewrapped.orWhatThereIs(),
            100)) {
      var training = beginning(mortal, training(1_000_000));
      await().until(() -> mortal.underWay() == 1);
      long process = mortal.processId().orElseThrow();
      ProcessHandle handle = ProcessHandle.of(process).orElseThrow();
      var frozen = new ArrayList<>(handle.descendants().toList());
      frozen.add(handle);
      for (ProcessHandle one : frozen) {
        new ProcessBuilder("kill", "-STOP", Long.toString(one.pid())).start().waitFor();
      }

      training.cancel(true);

      await().until(() -> mortal.processId().isEmpty());
      assertThat(answer(ask(mortal, InferenceQuestion.greedy("again", 2))).tokens()).hasSize(2);
    }
  }

  private record Training(byte[] input, Digest data) {}

  private static Training training(int steps) throws IOException {
    Path samples = folder.resolve("two-samples.jsonl");
    Files.writeString(
        samples,
        """
        {"prompt": "Once there was", "completion": " a ship."}
        {"prompt": "A node is", "completion": " a machine."}
        """);
    Digest data = Digest.of(Files.readAllBytes(samples));
    BLOBS.put(data, samples);
    var shape = new AdapterShape(2, 4, EnumSet.of(Projection.QUERY, Projection.DOWN));
    var settings = new Settings(steps, 2, 0.01f, 1, 0.01f, 1, 5);
    Path model = folder.resolve("base");
    try (var tune = new FineTune(StrictKernels.best(), 1, model, samples, shape, settings, false)) {
      return new Training(new TrainingSegment(tune.job(), Optional.empty(), steps).toBytes(), data);
    }
  }

  private static TaskResult train(
      ModelServer where,
      Training training,
      @Nullable SavedState saved,
      CompletableFuture<Long> stopped) {
    return beginning(where, training, saved, stopped).join();
  }

  private static CompletableFuture<TaskResult> beginning(ModelServer where, Training training) {
    return beginning(where, training, null, new CompletableFuture<>());
  }

  private static CompletableFuture<TaskResult> beginning(
      ModelServer where,
      Training training,
      @Nullable SavedState saved,
      CompletableFuture<Long> stopped) {
    var request =
        new ExecutionRequest(
            Digest.of(training.input()),
            List.of(Workload.Finetune.TUNE, training.data().toString()),
            training.input(),
            new ExecutionLimits(Long.MAX_VALUE, 1 << 30, 16 << 20));
    var module = new WorkerModule(base.digest(), base.canonical());
    return where
        .run(
            new WorkerTask(
                module, request, BUDGET, ModelServerTest::place, null, 0, saved, stopped))
        .toCompletableFuture();
  }

  @Test
  void aQuestionThatTakesMoreMemoryThanItsJobAllowsIsRefusedAlikeEverywhere() {
    var small = new ExecutionLimits(1_000_000_000_000L, 1 << 12, 1 << 20);
    byte[] input = InferenceQuestion.greedy("one two three four five six", 40).canonical();
    var request = new ExecutionRequest(Digest.of(input), List.of(), input, small);
    var module = new WorkerModule(base.digest(), base.canonical());

    var ended =
        server
            .run(new WorkerTask(module, request, BUDGET, ModelServerTest::place))
            .toCompletableFuture()
            .join();

    assertThat(ended)
        .isInstanceOfSatisfying(
            TaskResult.Completed.class,
            completed ->
                assertThat(InferenceAnswer.read(completed.execution().output()).error())
                    .contains("memory leaves none to answer"));
  }

  @Test
  void moreQuestionsThanThereIsRoomForAreFaultsOfThisMachine() {
    try (ModelServer small =
        ModelServer.open(
            new ModelServerSettings(1, 1, 64 << 20, 1L << 30, 1), Bubblewrapped.orWhatThereIs())) {
      var first = ask(small, InferenceQuestion.greedy("one", 60));
      var second = ask(small, InferenceQuestion.greedy("two", 60)).join();

      assertThat(second)
          .isInstanceOfSatisfying(
              TaskResult.Faulted.class,
              faulted -> assertThat(faulted.problem()).isEqualTo(Problem.NO_CREDIT));
      answer(first);
    }
  }
}
