package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.engine.TokenListener;
import xyz.openledger.models.files.Safetensors;
import xyz.openledger.models.files.Tensor;
import xyz.openledger.models.files.TensorFiles;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;

/** Answers of the tiny model that ships, and of what a cheat might run in its place. */
class RecomputeTaskTest {
  private static final ExecutionLimits LIMITS =
      new ExecutionLimits(1_000_000_000_000L, 1 << 30, 1 << 20);
  private static final Path TINY = Path.of("../examples/models/tiny");
  private static final List<String> PROMPTS =
      List.of(
          "Hello",
          "What is the opposite of hot?",
          "Say something about rain",
          "A",
          "one two three",
          "the cat");
  private static final InferenceQuestion GREEDY = asks("Hello", 40, 0, 0);
  private static final InferenceQuestion DRAWN =
      asks("<|user|>Tell me a story about a cat.<|end|><|assistant|>", 90, 1_000, 12);

  @TempDir private static Path folder;

  private static ServedModels models;
  private static Digest honest;
  private static Digest coarser;
  private static Digest another;
  private static Digest noise;
  private static Digest moreNoise;
  private static Digest narrow;
  private static Digest haiku;
  private static Digest pirate;

  @BeforeAll
  static void open() throws IOException {
    models = new ServedModels(folder, folder, new ServedModels.Shape(64, 5, 5 * (16L << 20), 1));
    honest = changed("honest", values -> values);
    coarser = changed("int8", RecomputeTaskTest::int8);
    var random = new Random(5);
    another =
        changed(
            "another",
            values -> {
              for (int i = 0; i < values.length; i++) {
                values[i] += 0.02f * (float) random.nextGaussian();
              }
              return values;
            });
    noise = changed("noise", noise(1e-6f));
    moreNoise = changed("more-noise", noise(1e-4f));
    haiku = adapter("haiku");
    pirate = adapter("pirate");
    narrow = Digest.of(new byte[] {9});
    TinyModel.of("llama", 1).write(folder.resolve(narrow.hex()), TensorType.F32);
  }

  @AfterAll
  static void close() {
    models.close();
  }

  private static InferenceQuestion asks(String prompt, int tokens, int temperature, long seed) {
    return new InferenceQuestion(null, prompt, tokens, temperature, 1_000, 0, seed, List.of());
  }

  /** The tiny model with other weights, under a name of its own. */
  private static Digest changed(String name, UnaryOperator<float[]> change) throws IOException {
    Digest digest = Digest.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Path to = Files.createDirectories(folder.resolve(digest.hex()));
    for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(TINY.resolve(file), to.resolve(file));
    }
    Map<String, TensorFiles.Weights> weights = new LinkedHashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      for (Tensor tensor :
          Safetensors.read(TINY.resolve("model.safetensors"), arena).tensors().values()) {
        float[] values = new float[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
          values[i] = tensor.at(i);
        }
        float[] other = tensor.shape().size() == 1 ? values : change.apply(values);
        weights.put(tensor.name(), new TensorFiles.Weights(tensor.shape(), other));
      }
    }
    Files.write(to.resolve("model.safetensors"), TensorFiles.safetensors(weights, TensorType.F32));
    return digest;
  }

  /** An adapter that ships, under a name of its own. */
  private static Digest adapter(String name) throws IOException {
    Digest digest = Digest.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Path to = Files.createDirectories(folder.resolve(digest.hex()));
    for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
      Files.copy(TINY.resolveSibling("adapters").resolve(name).resolve(file), to.resolve(file));
    }
    return digest;
  }

  private static List<String> arguments(@Nullable Digest adapter) {
    return adapter == null
        ? List.of(Workload.Inference.ACTIVATIONS)
        : List.of(adapter.toString(), Workload.Inference.ACTIVATIONS);
  }

  private static UnaryOperator<float[]> noise(float part) {
    var random = new Random(9);
    return values -> {
      for (int i = 0; i < values.length; i++) {
        values[i] *= 1 + part * (float) random.nextGaussian();
      }
      return values;
    };
  }

  /** One scale a matrix, as the cheapest do. */
  private static float[] int8(float[] values) {
    float most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(values[i] / most * 127) * most / 127;
    }
    return values;
  }

  private static Execution answer(Digest model, InferenceQuestion question) throws IOException {
    return answer(model, null, question);
  }

  private static Execution answer(
      Digest model, @Nullable Digest adapter, InferenceQuestion question) throws IOException {
    var request =
        new ExecutionRequest(
            Digest.of(new byte[1]), arguments(adapter), question.canonical(), LIMITS);
    var run = new Frame.Run(1, model, 60_000, 0, request);
    InferenceTask task = InferenceTask.begin(models, run, TokenListener.NONE);
    return task.answer() == null ? task.refusal() : task.execution(task.answer().result().join());
  }

  private static ProductCheck check(InferenceQuestion question, InferenceAnswer said, long fuel)
      throws IOException {
    byte[] output = said.canonical();
    int exit = said.error() == null ? 0 : 1;
    var outcome =
        new Outcome(Outcome.Status.FINISHED, exit, fuel, Digest.of(output), output.length);
    return check(honest, new GivenAnswer(question, said, outcome));
  }

  private static ProductCheck check(Digest model, GivenAnswer given) throws IOException {
    return check(model, null, given);
  }

  private static ProductCheck check(Digest model, @Nullable Digest adapter, GivenAnswer given)
      throws IOException {
    var asked =
        new ExecutionRequest(Digest.of(new byte[1]), arguments(adapter), new byte[0], LIMITS);
    var run = new Frame.Run(2, model, 60_000, 0, given.request(asked));
    return GivenAnswer.found(computed(run).output());
  }

  private static Execution computed(Frame.Run run) throws IOException {
    try (var task = RecomputeTask.begin(models, run)) {
      return task.run(() -> {});
    }
  }

  @Test
  void stopsWhereItIsNotToGoOn() throws IOException {
    Execution ran = answer(honest, GREEDY);
    var given = new GivenAnswer(GREEDY, InferenceAnswer.read(ran.output()), ran.outcome());
    var asked = new ExecutionRequest(Digest.of(new byte[1]), arguments(null), new byte[0], LIMITS);
    var run = new Frame.Run(2, honest, 60_000, 0, given.request(asked));
    try (var task = RecomputeTask.begin(models, run)) {
      assertThatThrownBy(
              () ->
                  task.run(
                      () -> {
                        throw new CancellationException();
                      }))
          .isInstanceOf(CancellationException.class);
    }
  }

  private static ProductCheck check(InferenceQuestion question, Execution ran) throws IOException {
    return check(
        honest, new GivenAnswer(question, InferenceAnswer.read(ran.output()), ran.outcome()));
  }

  @Test
  void findsAnHonestAnswerNearWhetherTokensAreDrawnOrTheLikeliest() throws IOException {
    for (InferenceQuestion question : List.of(GREEDY, DRAWN)) {
      ProductCheck found = check(question, answer(honest, question));
      assertThat(found.holds()).as(found.detail()).isTrue();
      assertThat(found.detail())
          .contains("statistical, not a proof", "128 of 128 exponents", "0 of");
      assertThat(found.errorLog2()).isZero();
    }
    assertThat(check(DRAWN, answer(honest, DRAWN)).products()).isGreaterThan(1);
  }

  /** With an adapter, the adapter's states are what is committed to and computed again. */
  @Test
  void tellsAnAdaptersAnswersFromThoseOfTheBaseAndOfAnotherAdapter() throws IOException {
    for (String prompt : PROMPTS) {
      InferenceQuestion question = asks(prompt, 60, 0, 3);
      for (Digest near : List.of(honest, noise, moreNoise)) {
        ProductCheck found = adapted(question, answer(near, haiku, question));
        assertThat(found.holds()).as(found.detail()).isTrue();
      }
      Execution base = answer(honest, question);
      Execution other = answer(honest, pirate, question);
      Execution coarse = answer(coarser, haiku, question);
      for (Execution wrong : List.of(base, other, coarse)) {
        ProductCheck found = adapted(question, paying(wrong, answer(honest, haiku, question)));
        assertThat(found.holds()).as(found.detail()).isFalse();
      }
    }
  }

  private static ProductCheck adapted(InferenceQuestion question, Execution ran)
      throws IOException {
    return check(
        honest,
        haiku,
        new GivenAnswer(question, InferenceAnswer.read(ran.output()), ran.outcome()));
  }

  /** The same answer with the fuel that the adapter's would have burnt, which a cheat would say. */
  private static Execution paying(Execution wrong, Execution right) {
    var answer = InferenceAnswer.read(wrong.output());
    var honestly = InferenceAnswer.read(right.output());
    long perToken = right.fuelUsed() / (honestly.promptTokens() + honestly.tokens().size());
    return new Execution(
        wrong.status(),
        wrong.exitCode(),
        perToken * (answer.promptTokens() + answer.tokens().size()),
        wrong.output(),
        wrong.detail(),
        wrong.cpuMicros());
  }

  /** No false accusation, and none that gets away, over twelve answers each. */
  @Test
  void tellsNoiseInTheLastBitsFromEightBitsAndFromAnotherModel() throws IOException {
    for (Digest near : List.of(noise, moreNoise)) {
      assertThat(refuted(near)).isZero();
    }
    for (Digest cheap : List.of(coarser, another)) {
      assertThat(refuted(cheap)).isEqualTo(2 * PROMPTS.size());
    }
  }

  private static int refuted(Digest model) throws IOException {
    int refuted = 0;
    for (String prompt : PROMPTS) {
      for (int temperature : new int[] {0, 1_500}) {
        InferenceQuestion question = asks(prompt, 90, temperature, 3);
        refuted += check(question, answer(model, question)).holds() ? 0 : 1;
      }
    }
    return refuted;
  }

  @Test
  void refutesWhatIsWrongOnEveryMachineWithItsReason() throws IOException {
    Execution ran = answer(honest, GREEDY);
    InferenceAnswer right = InferenceAnswer.read(ran.output());
    long fuel = ran.fuelUsed();
    List<Integer> fewer = right.tokens().subList(0, 1);
    assertThat(
            check(
                GREEDY, with(right, right.text() + "!", right.tokens(), right.activations()), fuel))
        .matches(it -> !it.holds() && it.detail().contains("text"));
    assertThat(check(GREEDY, right, fuel + 1)).matches(it -> it.detail().contains("burnt"));
    long less = fuel / (right.promptTokens() + right.tokens().size()) * (right.promptTokens() + 1);
    String first = spelled(fewer);
    assertThat(check(GREEDY, with(right, first, fewer, right.activations()), less))
        .matches(it -> !it.holds() && it.detail().contains("ends"));
    assertThat(check(GREEDY, with(right, right.text(), List.of(-1), null), fuel))
        .matches(it -> it.detail().contains("cannot stand"));
    var refuses =
        new InferenceAnswer("", List.of(), null, 1, Digest.of(new byte[0]), "I am too tired");
    assertThat(check(GREEDY, refuses, 0)).matches(it -> it.detail().contains("honest machine"));
  }

  @Test
  void refutesCommitmentsThatAreMissingReplayedOrMalformed() throws IOException {
    Execution ran = answer(honest, DRAWN);
    InferenceAnswer right = InferenceAnswer.read(ran.output());
    List<String> proofs = Objects.requireNonNull(right.activations());
    assertThat(proofs).hasSizeGreaterThan(1);
    List<String> replayed =
        new ArrayList<>(
            Objects.requireNonNull(
                InferenceAnswer.read(answer(honest, asks("Hello", 90, 2_000, 7)).output())
                    .activations()));
    while (replayed.size() < proofs.size()) {
      replayed.add(replayed.getFirst());
    }
    var none = check(DRAWN, with(right, right.text(), right.tokens(), null), ran.fuelUsed());
    assertThat(none.holds()).isFalse();
    assertThat(none.detail()).contains("commits to 0 chunks");
    for (List<String> other :
        Arrays.asList(
            replayed.subList(0, proofs.size()),
            proofs.reversed(),
            proofs.subList(1, proofs.size()),
            new ArrayList<>(java.util.Collections.nCopies(proofs.size(), "AAAA")),
            new ArrayList<>(java.util.Collections.nCopies(proofs.size(), "no base64 ?")))) {
      var found = check(DRAWN, with(right, right.text(), right.tokens(), other), ran.fuelUsed());
      assertThat(found.holds()).as(found.detail()).isFalse();
    }
  }

  @Test
  void refutesWordsThatTheSeedDoesNotDraw() throws IOException {
    InferenceQuestion likelier =
        asks("<|user|>Tell me a story about a cat.<|end|><|assistant|>", 90, 0, 12);
    Execution ran = answer(honest, likelier);
    ProductCheck found = check(DRAWN, ran);
    assertThat(found.holds()).as(found.detail()).isFalse();
  }

  /** A short answer has no room for tokens of the node's own choice either. */
  @Test
  void refutesEveryOtherTokenThatDoesNotNearlyTieHoweverShortTheAnswer() throws IOException {
    for (int temperature : new int[] {0, 1_000}) {
      InferenceQuestion question = asks(String.valueOf(DRAWN.prompt()), 1, temperature, 4);
      Execution ran = answer(honest, question);
      InferenceAnswer right = InferenceAnswer.read(ran.output());
      assertThat(right.tokens()).hasSize(1);
      assertThat(check(question, ran)).matches(ProductCheck::holds);
      int accepted = 0;
      var config = models.model(honest).model().config();
      for (int token = 0; token < config.vocabularySize(); token++) {
        if (right.tokens().contains(token) || config.endTokens().contains(token)) {
          continue;
        }
        List<Integer> other = List.of(token);
        ProductCheck found =
            check(
                question, with(right, spelled(other), other, right.activations()), ran.fuelUsed());
        accepted += found.holds() ? 1 : 0;
      }
      assertThat(accepted).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void refutesAnErrorBesideAnAnswer() throws IOException {
    Execution ran = answer(honest, GREEDY);
    InferenceAnswer right = InferenceAnswer.read(ran.output());
    var said =
        new InferenceAnswer(
            right.text(),
            right.tokens(),
            right.finishReason(),
            right.promptTokens(),
            right.trace(),
            "I am too tired",
            null,
            right.activations());
    byte[] output = said.canonical();
    var outcome =
        new Outcome(Outcome.Status.FINISHED, 0, ran.fuelUsed(), Digest.of(output), output.length);
    assertThat(check(honest, new GivenAnswer(GREEDY, said, outcome)))
        .matches(it -> !it.holds() && it.detail().contains("no answer"));
  }

  @Test
  void refutesEmbeddingsThatAreMissingUnwantedMalformedOrOfAnotherModel() throws IOException {
    InferenceQuestion question = InferenceQuestion.embedding("What is the opposite of hot?");
    Execution ran = answer(honest, question);
    InferenceAnswer right = InferenceAnswer.read(ran.output());
    assertThat(check(question, ran)).matches(ProductCheck::holds);
    for (Digest near : List.of(noise, moreNoise)) {
      assertThat(check(question, embedded(right, embedding(near, question)), ran.fuelUsed()))
          .matches(ProductCheck::holds);
    }
    String not = Base64.getEncoder().encodeToString(new byte[] {0, 0, -64, 127});
    for (String other :
        Arrays.asList(
            null, "no base64 ?", not, embedding(another, question), embedding(coarser, question))) {
      assertThat(check(question, embedded(right, other), ran.fuelUsed()))
          .matches(it -> !it.holds() && it.detail().contains("embedding"));
    }
    Execution words = answer(honest, GREEDY);
    InferenceAnswer unwanted = embedded(InferenceAnswer.read(words.output()), right.embedding());
    assertThat(check(GREEDY, unwanted, words.fuelUsed()))
        .matches(it -> !it.holds() && it.detail().contains("wanted"));
  }

  private static String embedding(Digest model, InferenceQuestion question) throws IOException {
    return Objects.requireNonNull(
        InferenceAnswer.read(answer(model, question).output()).embedding());
  }

  private static InferenceAnswer embedded(InferenceAnswer one, @Nullable String embedding) {
    return new InferenceAnswer(
        one.text(),
        one.tokens(),
        one.finishReason(),
        one.promptTokens(),
        one.trace(),
        null,
        embedding,
        one.activations());
  }

  @Test
  void agreesThatAModelWithTooFewActivationsCannotAnswer() throws IOException {
    Execution refusal = answer(narrow, GREEDY);
    assertThat(refusal.exitCode()).isEqualTo(1);
    var given = new GivenAnswer(GREEDY, InferenceAnswer.read(refusal.output()), refusal.outcome());
    assertThat(check(narrow, given)).matches(ProductCheck::holds);
  }

  private static String spelled(List<Integer> tokens) throws IOException {
    var model = models.model(honest).model();
    return xyz.openledger.models.engine.Prefill.spell(model, tokens, List.of()).text();
  }

  private static InferenceAnswer with(
      InferenceAnswer one, String text, List<Integer> tokens, List<String> activations) {
    return new InferenceAnswer(
        text,
        tokens,
        tokens.size() < one.tokens().size() ? InferenceAnswer.STOP : one.finishReason(),
        one.promptTokens(),
        one.trace(),
        null,
        null,
        activations);
  }
}
