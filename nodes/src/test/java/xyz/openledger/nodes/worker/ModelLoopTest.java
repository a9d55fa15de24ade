package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nodes.execution.ExecutionFault.Reason;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;

/** A model server's loop in this process, with models of random weights. */
@Timeout(120)
class ModelLoopTest {
  private static final int BUDGET_MILLIS = 600_000;
  private static final int PIPE_BYTES = 1 << 20;
  private static final ExecutionLimits LIMITS =
      new ExecutionLimits(Long.MAX_VALUE, 1 << 30, 16 << 20);
  private static final Digest QUICK = Digest.of(new byte[] {1});
  private static final Digest SLOW = Digest.of(new byte[] {2});

  @TempDir private Path folder;

  private final CountDownLatch opens = new CountDownLatch(1);
  private FrameWriter orders;
  private FrameReader answers;
  private PipedOutputStream end;

  @BeforeEach
  void start() throws IOException {
    for (Digest manifest : List.of(QUICK, SLOW)) {
      TinyModel.of("llama", 3).write(folder.resolve(manifest.hex()), TensorType.F32);
    }
    var models =
        new ServedModels(
            folder, folder, new ServedModels.Shape(16, 2, 8 << 20, 1), this::opened, 1 << 20);
    end = new PipedOutputStream();
    var in = new PipedInputStream(end, PIPE_BYTES);
    var out = new PipedOutputStream();
    answers = new FrameReader(new PipedInputStream(out, PIPE_BYTES));
    orders = new FrameWriter(end);
    var loop = new ModelLoop(in, out, models, new TuningTask(folder, folder, 1));
    Thread.ofPlatform().daemon().name("loop").start(() -> run(loop));
    assertThat(answers.read()).isInstanceOf(Frame.Ready.class);
  }

  @AfterEach
  void stop() throws IOException {
    opens.countDown();
    end.close();
  }

  private static void run(ModelLoop loop) {
    try {
      loop.run();
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
  }

  /** One model is opened only when the test lets it. */
  private Model opened(Path files, StrictKernels kernels) throws IOException {
    if (files.endsWith(SLOW.hex())) {
      try {
        opens.await();
      } catch (InterruptedException stop) {
        throw new IllegalStateException(stop);
      }
    }
    return Model.open(files, kernels, true);
  }

  private void send(Frame... frames) throws IOException {
    List.of(frames).forEach(orders::add);
    orders.flush();
  }

  @Test
  void aTrainingThatWaitsIsCancelledAtOnceWhileAnotherGoesOn() throws IOException {
    send(training(1), training(2), new Frame.Cancel(2), new Frame.Ping(3), new Frame.Cancel(1));

    assertInterrupted(answers.read(), 2);
    assertThat(answers.read()).isEqualTo(new Frame.Pong(3));
    assertInterrupted(answers.read(), 1);
  }

  @Test
  void trainingsThatWereCancelledTakeUpNoPlaceAmongThoseThatWait() throws IOException {
    send(training(1));
    for (int id = 2; id < 60; id++) {
      send(training(id), new Frame.Cancel(id));
      assertInterrupted(answers.read(), id);
    }
    send(new Frame.Cancel(1));
    assertInterrupted(answers.read(), 1);
  }

  @Test
  void aModelThatIsBeingOpenedHoldsUpNobody() throws IOException {
    send(question(1, SLOW), question(2, SLOW), new Frame.Ping(3));
    assertThat(answers.read()).isEqualTo(new Frame.Pong(3));
    send(question(4, QUICK));
    assertThat(answers.read())
        .isInstanceOfSatisfying(Frame.Ran.class, ran -> assertThat(ran.id()).isEqualTo(4));
    send(new Frame.Cancel(2));
    assertInterrupted(answers.read(), 2);

    opens.countDown();
    assertThat(answers.read())
        .isInstanceOfSatisfying(Frame.Ran.class, ran -> assertThat(ran.id()).isEqualTo(1));
  }

  @Test
  void aTrainingThatDivergesIsTheAnswerOfEveryMachineAndPaid() throws IOException {
    send(training(1, 3e38f, 0.9f));

    assertThat(answers.read())
        .isInstanceOfSatisfying(
            Frame.Ran.class,
            ran -> {
              assertThat(ran.execution().exitCode()).isEqualTo(1);
              assertThat(ran.execution().fuelUsed()).isPositive();
              assertThat(ran.execution().detail()).contains("the rate is too high");
            });
  }

  @Test
  void aModelWhoseNumbersRunOutIsTheAnswerOfEveryMachineAndPaid() throws IOException {
    send(question(1, 1.3e39));

    assertThat(answers.read())
        .isInstanceOfSatisfying(
            Frame.Ran.class,
            ran -> {
              assertThat(ran.execution().exitCode()).isEqualTo(1);
              assertThat(ran.execution().fuelUsed()).isPositive();
              assertThat(InferenceAnswer.read(ran.execution().output()).error())
                  .contains("no logit is a number");
            });
  }

  @Test
  void aConversationIsNotPutToAModelByATemplateThatNobodyKnows() throws IOException {
    Files.writeString(
        folder.resolve(QUICK.hex()).resolve("chat_template.jinja"), "{{ messages[0].content }}");
    var hello = new InferenceQuestion.Message("user", "Hello");
    byte[] input =
        new InferenceQuestion(List.of(hello), null, 4, 0, 1_000, 0, 0, List.of()).canonical();
    var request = new ExecutionRequest(Digest.of(input), List.of(), input, LIMITS);
    send(new Frame.Run(1, QUICK, BUDGET_MILLIS, 1, request));

    assertThat(answers.read())
        .isInstanceOfSatisfying(
            Frame.Ran.class,
            ran ->
                assertThat(InferenceAnswer.read(ran.execution().output()).error())
                    .contains("/v1/completions"));
    send(question(2, QUICK));
    assertThat(answers.read())
        .isInstanceOfSatisfying(
            Frame.Ran.class,
            ran -> assertThat(InferenceAnswer.read(ran.execution().output()).error()).isNull());
  }

  @Test
  void anAdapterWithAScaleBeyondAllNumbersIsRefused() throws IOException {
    send(question(1, 1e308));

    assertThat(answers.read())
        .isInstanceOfSatisfying(
            Frame.Refused.class, refused -> assertThat(refused.sentence()).contains("lora_alpha"));
  }

  private static void assertInterrupted(Frame answer, int id) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Frame.Faulted.class,
            faulted -> {
              assertThat(faulted.id()).isEqualTo(id);
              assertThat(faulted.reason()).isEqualTo(Reason.INTERRUPTED.name());
            });
  }

  private static Frame.Run question(int id, Digest model) {
    byte[] input = InferenceQuestion.greedy("Hello", 4).canonical();
    var request = new ExecutionRequest(Digest.of(input), List.of(), input, LIMITS);
    return new Frame.Run(id, model, BUDGET_MILLIS, 1, request);
  }

  /** With an adapter whose product is multiplied by so much. */
  private Frame.Run question(int id, double alpha) throws IOException {
    Digest adapter = Digest.of(new byte[] {(byte) id, 7});
    var targets = List.of("q_proj", "v_proj");
    new TinyAdapter(TinyModel.of("llama", 3), 4, alpha, targets, 1)
        .write(folder.resolve(adapter.hex()));
    byte[] input = InferenceQuestion.greedy("Hello", 4).canonical();
    List<String> arguments = List.of(adapter.toString());
    var request = new ExecutionRequest(Digest.of(input), arguments, input, LIMITS);
    return new Frame.Run(id, QUICK, BUDGET_MILLIS, 1, request);
  }

  /** One of many hours. */
  private Frame.Run training(int id) throws IOException {
    return training(id, 4, 0.01f);
  }

  private Frame.Run training(int id, float alpha, float rate) throws IOException {
    byte[] samples =
        "{\"prompt\": \"A node is\", \"completion\": \" a machine.\"}"
            .getBytes(StandardCharsets.UTF_8);
    Digest data = Digest.of(samples);
    Path file = folder.resolve(ModelFolder.fileName(data));
    if (!Files.exists(file)) {
      // Never written twice: a training that runs reads it.
      Files.write(file, samples);
    }
    var shape = new AdapterShape(1, alpha, EnumSet.of(Projection.DOWN));
    var settings = new Settings(1_000_000, 2, rate, 0, 0.01f, 1, 5);
    byte[] input;
    try (var tune =
        new FineTune(
            StrictKernels.best(), 1, folder.resolve(QUICK.hex()), file, shape, settings, false)) {
      input = new TrainingSegment(tune.job(), Optional.empty(), 1_000_000).toBytes();
    }
    List<String> arguments = List.of(Workload.Finetune.TUNE, data.toString());
    var request = new ExecutionRequest(Digest.of(input), arguments, input, LIMITS);
    return new Frame.Run(id, QUICK, BUDGET_MILLIS, 1, request);
  }
}
