package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.engine.Answer;
import xyz.openledger.models.engine.EngineFigures;
import xyz.openledger.models.engine.InferenceRequest;
import xyz.openledger.models.engine.InferenceResult;
import xyz.openledger.models.engine.NoTokenException;
import xyz.openledger.models.engine.TokenListener;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.toploc.ActivationProof;

/**
 * One question of the network in the engine's words, and its result in the network's. Whatever is
 * decided here depends on the task alone, so that every machine decides the same.
 *
 * @param answer under way; null if the question cannot be answered by any machine
 * @param state takes the model's state after the prompt, where that is wanted
 * @param committed takes all states, where the answer is to commit to them
 */
record InferenceTask(
    Prompt prompt,
    @Nullable Answer answer,
    @Nullable PromptState state,
    @Nullable CommittedStates committed,
    EngineFigures before,
    long cpuNanosBefore) {

  /**
   * A question as a model takes it.
   *
   * @param adapter as the store has it; null for the base alone
   * @param affordable the most tokens that context, fuel and memory leave for an answer
   * @param error why no machine can answer it; null if it can be answered
   */
  @SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
  record Prompt(
      ServedModels.Open model,
      ServedModels.@Nullable LoadedManifest adapter,
      int[] tokens,
      long fuelPerToken,
      long affordable,
      @Nullable String error) {
    static Prompt of(
        ServedModels models,
        Frame.Run run,
        InferenceQuestion question,
        List<String> arguments,
        boolean commits)
        throws IOException {
      ExecutionRequest task = run.request();
      ServedModels.Open model = models.model(run.module());
      Digest named = Workload.Inference.adapter(arguments);
      ServedModels.LoadedManifest adapter = null;
      long fuelPerToken = model.model().config().parameters();
      if (named != null) {
        adapter = models.adapter(model, named);
        fuelPerToken += adapter.weights();
      }
      boolean readable = question.messages() == null || model.template().isKnown();
      int[] prompt =
          readable ? model.model().tokenizer().encode(text(model, question), true) : new int[0];
      int context = model.model().config().contextMax();
      long held = task.limits().memoryMaxBytes() / KvCache.tokenBytes(model.model().config());
      long fuelled = task.limits().fuelMax() / fuelPerToken;
      long affordable = Math.min(context, Math.min(held, fuelled)) - prompt.length;
      int hidden = model.model().config().hiddenSize();
      String error;
      if (!readable) {
        error = InferenceAnswer.NO_CONVERSATIONS;
      } else if (commits && hidden < ActivationProof.LARGEST) {
        error = "a state of this model has %d activations, too few to commit to".formatted(hidden);
      } else {
        error = InferenceTask.refusal(prompt.length, context, affordable);
      }
      return new Prompt(model, adapter, prompt, fuelPerToken, affordable, error);
    }

    /** Keeps model and adapter where they are, until {@link #release}. */
    void hold() {
      model.underWay().incrementAndGet();
      if (adapter != null) {
        adapter.underWay().incrementAndGet();
      }
    }

    /** Lets them go. */
    void release() {
      model.underWay().decrementAndGet();
      if (adapter != null) {
        adapter.underWay().decrementAndGet();
      }
    }

    /** What every machine says of a question that none can answer. */
    Execution refusal() {
      var answer =
          new InferenceAnswer(
              "", List.of(), null, tokens.length, Digest.of(new byte[0]), String.valueOf(error));
      return new Execution(Outcome.Status.FINISHED, 1, 0, answer.canonical(), "", 0);
    }
  }

  /**
   * Puts a task to the engine.
   *
   * @throws xyz.openledger.protocol.ProblemException if model, adapter or question are refused
   * @throws xyz.openledger.models.engine.OverloadedException if this machine has too many
   */
  static InferenceTask begin(ServedModels models, Frame.Run run, TokenListener listener)
      throws IOException {
    InferenceQuestion question = Json.read(run.request().input(), InferenceQuestion.class);
    List<String> arguments = run.request().arguments();
    boolean commits = Workload.Inference.commits(arguments);
    Prompt prompt = Prompt.of(models, run, question, arguments, commits);
    PromptState state = question.embeds() ? new PromptState() : null;
    TokenListener hears = state == null ? listener : state;
    CommittedStates committed = commits ? new CommittedStates(hears) : null;
    ServedModels.Open model = prompt.model();
    return new InferenceTask(
        prompt,
        prompt.error() == null
            ? submitted(
                prompt, request(question, prompt, run), committed == null ? hears : committed)
            : null,
        state,
        committed,
        model.engine().figures(),
        cpuNanos());
  }

  /** What the engine refuses, this machine has no room for; another one may. */
  private static Answer submitted(Prompt prompt, InferenceRequest request, TokenListener listener) {
    try {
      Answer answer = prompt.model().engine().submit(request, listener);
      prompt.hold();
      var _ = answer.result().whenComplete((_, _) -> prompt.release());
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
        : InferenceAnswer.TOO_LONG
            + ": it has %d tokens; the model's context of %d, fuel or memory leaves none to answer"
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
                    .map(
                        message ->
                            List.of(
                                message.role(),
                                model.model().tokenizer().harmless(message.content())))
                    .toList());
  }

  private static InferenceRequest request(
      InferenceQuestion question, Prompt prompt, Frame.Run run) {
    ServedModels.LoadedManifest adapter = prompt.adapter();
    return new InferenceRequest(
        Long.toHexString(run.share()),
        adapter == null ? null : adapter.content().toString(),
        new InferenceRequest.Prompt.Tokens(Arrays.stream(prompt.tokens()).boxed().toList()),
        (int) Math.min(question.tokensMax(), prompt.affordable()),
        sampling(question),
        question.stop(),
        Duration.ofMillis(run.budgetMillis()));
  }

  /** How a question wants tokens chosen. */
  static InferenceRequest.Sampling sampling(InferenceQuestion question) {
    return new InferenceRequest.Sampling(
        question.temperatureThousandths() / 1_000f,
        question.topK(),
        question.topPThousandths() / 1_000f,
        question.seed());
  }

  /** What came of a question that no machine can answer. */
  Execution refusal() {
    return prompt.refusal();
  }

  /** What came of one that was answered. */
  Execution execution(InferenceResult result) {
    var answer =
        new InferenceAnswer(
            result.text(),
            result.tokens(),
            result.finishReason().name().toLowerCase(Locale.ROOT),
            prompt.tokens().length,
            result.digest(),
            null,
            state == null ? null : state.base64(),
            committed == null ? null : committed.proofs());
    long tokens = (long) prompt.tokens().length + result.usage().completionTokens();
    return new Execution(
        Outcome.Status.FINISHED,
        0,
        tokens * prompt.fuelPerToken(),
        answer.canonical(),
        "",
        cpuMicros(tokens));
  }

  /**
   * What every machine says where the model's numbers run out; null where the answer is to commit
   * to states, and another machine could not tell.
   */
  @Nullable Execution undefined(NoTokenException none) {
    if (committed != null) {
      return null;
    }
    var answer =
        new InferenceAnswer(
            "",
            List.of(),
            null,
            prompt.tokens().length,
            Digest.of(new byte[0]),
            String.valueOf(none.getMessage()));
    long tokens = (long) prompt.tokens().length + none.chosen();
    return new Execution(
        Outcome.Status.FINISHED,
        1,
        tokens * prompt.fuelPerToken(),
        answer.canonical(),
        "",
        cpuMicros(tokens));
  }

  /** Its share of what the process computed meanwhile, by tokens. */
  private long cpuMicros(long tokens) {
    long computed = prompt.model().engine().figures().computedTokens() - before.computedTokens();
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
