package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.engine.Answer;
import xyz.openledger.models.engine.EngineFigures;
import xyz.openledger.models.engine.InferenceRequest;
import xyz.openledger.models.engine.InferenceResult;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.json.Json;

/**
 * One question of the network in the engine's words, and its result in the network's. Whatever is
 * decided here depends on the task alone, so that every machine decides the same.
 *
 * @param answer under way; null if the question cannot be answered by any machine
 * @param error why it cannot be answered
 */
record InferenceTask(
    ServedModels.Open model,
    @Nullable Answer answer,
    int promptTokens,
    long fuelPerToken,
    @Nullable String error,
    EngineFigures before,
    long cpuNanosBefore) {

  /**
   * Puts a task to the engine.
   *
   * @throws xyz.openledger.protocol.ProblemException if model, adapter or question are refused
   * @throws xyz.openledger.models.engine.OverloadedException if this machine has too many
   */
  static InferenceTask begin(
      ServedModels models, Digest manifest, int budgetMillis, ExecutionRequest task)
      throws IOException {
    ServedModels.Open model = models.model(manifest);
    InferenceQuestion question = Json.read(task.input(), InferenceQuestion.class);
    String adapter = null;
    long fuelPerToken = model.model().config().parameters();
    if (!task.arguments().isEmpty()) {
      var loaded = models.adapter(model, Digest.parse(task.arguments().getFirst()));
      adapter = loaded.content().toString();
      fuelPerToken += loaded.weights();
    }
    int[] prompt = model.model().tokenizer().encode(text(model, question), true);
    int context = model.model().config().contextMax();
    long affordable = Math.min(context, task.limits().fuelMax() / fuelPerToken) - prompt.length;
    String error = refusal(prompt.length, context, affordable);
    return new InferenceTask(
        model,
        error == null
            ? submitted(model, request(question, adapter, prompt, (int) affordable, budgetMillis))
            : null,
        prompt.length,
        fuelPerToken,
        error,
        model.engine().figures(),
        cpuNanos());
  }

  /** What the engine refuses, this machine has no room for; another one may. */
  private static Answer submitted(ServedModels.Open model, InferenceRequest request) {
    try {
      Answer answer = model.engine().submit(request);
      model.underWay().incrementAndGet();
      var _ = answer.result().whenComplete((_, _) -> model.underWay().decrementAndGet());
      return answer;
    } catch (ProblemException room) {
      throw new IllegalStateException(room.field() + " " + room.detail(), room);
    }
  }

  private static @Nullable String refusal(int promptTokens, int context, long affordable) {
    if (promptTokens == 0) {
      return "the prompt has no token";
    }
    return affordable >= 1
        ? null
        : "the prompt has %d tokens; the model's context of %d, or the fuel, leaves none to answer"
            .formatted(promptTokens, context);
  }

  private static String text(ServedModels.Open model, InferenceQuestion question) {
    String prompt = question.prompt();
    List<InferenceQuestion.Message> messages = question.messages();
    return prompt != null || messages == null
        ? String.valueOf(prompt)
        : model
            .template()
            .render(
                messages.stream()
                    .map(message -> List.of(message.role(), message.content()))
                    .toList());
  }

  private static InferenceRequest request(
      InferenceQuestion question,
      @Nullable String adapter,
      int[] prompt,
      int affordable,
      int budgetMillis) {
    return new InferenceRequest(
        "network",
        adapter,
        new InferenceRequest.Prompt.Tokens(Arrays.stream(prompt).boxed().toList()),
        Math.min(question.tokensMax(), affordable),
        new InferenceRequest.Sampling(
            question.temperatureThousandths() / 1_000f,
            question.topK(),
            question.topPThousandths() / 1_000f,
            question.seed()),
        question.stop(),
        Duration.ofMillis(budgetMillis));
  }

  /** What came of a question that no machine can answer. */
  Execution refusal() {
    var answer =
        new InferenceAnswer(
            "", List.of(), null, promptTokens, Digest.of(new byte[0]), String.valueOf(error));
    return execution(answer.canonical(), 1, 0);
  }

  /** What came of one that was answered. */
  Execution execution(InferenceResult result) {
    var answer =
        new InferenceAnswer(
            result.text(),
            result.tokens(),
            result.finishReason().name().toLowerCase(Locale.ROOT),
            promptTokens,
            result.digest(),
            null);
    long tokens = (long) promptTokens + result.usage().completionTokens();
    return execution(answer.canonical(), 0, tokens);
  }

  private Execution execution(byte[] output, int exitCode, long tokens) {
    return new Execution(
        Outcome.Status.FINISHED, exitCode, tokens * fuelPerToken, output, "", cpuMicros(tokens));
  }

  /** Its share of what the process computed meanwhile, by tokens. */
  private long cpuMicros(long tokens) {
    long computed = model.engine().figures().computedTokens() - before.computedTokens();
    double share = computed <= 0 ? 1 : Math.min(1, (double) tokens / computed);
    return Math.round(share * (cpuNanos() - cpuNanosBefore) / 1_000);
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}
