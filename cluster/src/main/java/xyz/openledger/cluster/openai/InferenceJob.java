package xyz.openledger.cluster.openai;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import xyz.openledger.cluster.http.api.ModelApi.Needs;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;

/**
 * The job that answers a question. What it may cost is bounded before anything runs, since no token
 * of a prompt has less than a byte: what it does not use is released with its receipt.
 */
public final class InferenceJob {
  private static final int TEXT_BYTES_PER_TOKEN_MAX = 256;

  /** Room for an embedding of some sixteen thousand numbers. */
  private static final int ANSWER_BYTES_MIN = 96 << 10;

  private static final int OUTPUT_BYTES_MAX = 16 << 20;
  private static final long MEMORY_BYTES_MAX = 1L << 30;
  private static final int PAGE_BYTES = Workload.Wasm.PAGE_BYTES;

  private InferenceJob() {}

  /**
   * The job.
   *
   * @param input where the question lies
   * @throws OpenAiRefusal {@code context_length_exceeded} if the answer alone is longer than the
   *     model's context, {@code model_cannot_answer} if it takes no conversations
   */
  public static JobSpec of(
      ModelView model, Needs needs, InferenceQuestion ask, Digest input, Policy policy) {
    if (ask.messages() != null && !needs.conversations()) {
      throw new OpenAiRefusal(
          400,
          "invalid_request_error",
          "messages",
          "model_cannot_answer",
          InferenceAnswer.NO_CONVERSATIONS);
    }
    if (ask.tokensMax() >= model.contextTokens()) {
      throw new OpenAiRefusal(
          400,
          "invalid_request_error",
          "max_tokens",
          "context_length_exceeded",
          "max_tokens is %d; %s holds %d tokens of prompt and answer together"
              .formatted(ask.tokensMax(), model.name(), model.contextTokens()));
    }
    long tokens =
        Math.min((long) model.contextTokens(), (long) ask.promptTokensMax() + ask.tokensMax());
    var workload =
        new Workload.Inference(
            model.base(),
            Math.max(1, tokens * model.fuelPerToken()),
            Math.min(
                MEMORY_BYTES_MAX,
                pages(Math.max(needs.memoryBytes(), tokens * model.cacheBytesPerToken()))),
            Math.min(
                OUTPUT_BYTES_MAX,
                ANSWER_BYTES_MIN + (long) ask.tokensMax() * TEXT_BYTES_PER_TOKEN_MAX));
    var arguments = new ArrayList<String>();
    if (model.adapted()) {
      arguments.add(model.manifest().toString());
    }
    if (policy.verification().method() == Policy.Method.TOPLOC) {
      arguments.add(Workload.Inference.ACTIVATIONS);
    }
    return new JobSpec(
        "chat " + model.name(),
        Map.of("model", label(model.name())),
        workload,
        List.of(new JobSpec.Task(arguments, input)),
        policy);
  }

  /**
   * The job that embeds texts, a task each.
   *
   * @param inputs where the questions lie, in their order
   */
  public static JobSpec embedding(
      ModelView model,
      Needs needs,
      List<InferenceQuestion> asks,
      List<Digest> inputs,
      Policy policy) {
    InferenceQuestion longest =
        asks.stream()
            .max(Comparator.comparingInt(InferenceQuestion::promptTokensMax))
            .orElseThrow();
    JobSpec one = of(model, needs, longest, inputs.getFirst(), policy);
    List<String> arguments = one.tasks().getFirst().arguments();
    return new JobSpec(
        "embed " + model.name(),
        one.labels(),
        one.workload(),
        inputs.stream().map(input -> new JobSpec.Task(arguments, input)).toList(),
        policy);
  }

  private static String label(String name) {
    return name.substring(0, Math.min(63, name.length()));
  }

  private static long pages(long bytes) {
    return Math.max(1, (bytes + PAGE_BYTES - 1) / PAGE_BYTES) * PAGE_BYTES;
  }
}
