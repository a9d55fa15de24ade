package xyz.openledger.cluster.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.cluster.http.api.ModelApi.Needs;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.inference.InferenceQuestion;

class InferenceJobTest {
  private static final Digest BASE = Digest.of("base".getBytes(StandardCharsets.UTF_8));
  private static final Digest ADAPTER = Digest.of("adapter".getBytes(StandardCharsets.UTF_8));
  private static final Policy POLICY =
      NamedPolicies.gallery().choose(null, null, null, NamedPolicies.USUAL);
  private static final ModelView TINY = view("tiny", BASE);
  private static final ModelView PIRATE = view("tiny:pirate", ADAPTER);

  private static final Needs NEEDS = new Needs(true, 0);

  private static ModelView view(String name, Digest manifest) {
    return new ModelView(name, manifest, BASE, 1_000, 512, 4_096, "ada", 0);
  }

  private static JobSpec job(ModelView model, InferenceQuestion question) {
    return InferenceJob.of(model, NEEDS, question, Digest.of(question.canonical()), POLICY);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noQuestionCanBurnMoreThanIsHeld(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000; i++) {
      // A tokenizer of bytes is the worst there is.
      String prompt = "ä".repeat(1 + random.nextInt(400));
      int tokensMax = 1 + random.nextInt(511);
      long promptTokens = prompt.getBytes(StandardCharsets.UTF_8).length;
      long burnt = Math.min(512, promptTokens + tokensMax) * TINY.fuelPerToken();

      var job = job(TINY, InferenceQuestion.greedy(prompt, tokensMax));

      assertThat(job.workload().fuelMax()).isGreaterThanOrEqualTo(burnt);
      assertThat(job.workload().fuelMax()).isLessThanOrEqualTo(512 * TINY.fuelPerToken());
    }
  }

  @Test
  void aJobAsksForTheMemoryThatItsAdapterNeedsAndRefusesConversationsThatNobodyReads() {
    var prompt = InferenceQuestion.greedy("Ahoy", 5);
    var chat = List.of(new InferenceQuestion.Message("user", "Ahoy"));
    var asked = new InferenceQuestion(chat, null, 5, 0, 1_000, 0, 0, List.of());
    var needs = new Needs(false, 40 << 20);

    var job = InferenceJob.of(PIRATE, needs, prompt, ADAPTER, POLICY);

    assertThat(job.workload().memoryMaxBytes()).isEqualTo(40 << 20);
    assertThatThrownBy(() -> InferenceJob.of(PIRATE, needs, asked, ADAPTER, POLICY))
        .isInstanceOf(OpenAiRefusal.class)
        .hasMessageContaining("/v1/completions");
  }

  @Test
  void anAdapterIsTheTasksArgumentAndTheBaseTheJobsModel() {
    var job = job(PIRATE, InferenceQuestion.greedy("Ahoy", 5));

    assertThat(job.workload()).isInstanceOf(Workload.Inference.class);
    assertThat(job.workload().program()).isEqualTo(BASE);
    assertThat(job.tasks().getFirst().arguments()).containsExactly(ADAPTER.toString());
    assertThat(job(TINY, InferenceQuestion.greedy("Ahoy", 5)).tasks().getFirst().arguments())
        .isEmpty();
  }

  @Test
  void anAnswerLongerThanTheContextIsRefusedBeforeAnythingIsHeld() {
    assertThatThrownBy(() -> job(TINY, InferenceQuestion.greedy("x", 512)))
        .isInstanceOf(OpenAiRefusal.class)
        .hasMessageContaining("512 tokens");
  }

  @Test
  void aPolicyThatIsNotThereIsRefusedWithThoseThatAre() {
    assertThatThrownBy(
            () -> NamedPolicies.gallery().choose(null, "nonsense", null, NamedPolicies.USUAL))
        .isInstanceOf(OpenAiRefusal.class)
        .hasMessageContaining("lowest-latency");
  }

  @Test
  void aNameIsReadWithItsAdapterAndPolicy() {
    assertThat(ModelName.parse("tiny:pirate@cheapest"))
        .isEqualTo(new ModelName("tiny:pirate", "cheapest"));
    for (String wrong : List.of("", "Tiny", "a:b:c", "tiny@", "../x", "a b", "x".repeat(200))) {
      assertThatThrownBy(() -> ModelName.parse(wrong)).isInstanceOf(OpenAiRefusal.class);
    }
  }
}
