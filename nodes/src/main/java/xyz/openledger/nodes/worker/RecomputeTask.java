package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.engine.Prefill;
import xyz.openledger.nativekernels.strict.NearDraw;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.ActivationFindings;
import xyz.openledger.verification.toploc.ActivationProof;
import xyz.openledger.verification.toploc.Activations;

/**
 * Checks an answer that a node gave: what every machine decides alike by equality, the activations
 * by a pass over the answer's tokens, and how near they are.
 */
final class RecomputeTask implements AutoCloseable {
  /** What a logit may be off by, as it is where sums are taken in another order. */
  private static final double LOGIT_OFF = 0.01;

  /** How far apart two embeddings of length 1 may lie. */
  private static final double EMBEDDING_APART_MAX = 1e-3;

  private final InferenceTask.Prompt prompt;
  private final GivenAnswer given;
  private final long memoryMaxBytes;
  private final StrictKernels kernels = StrictKernels.best();

  private RecomputeTask(InferenceTask.Prompt prompt, GivenAnswer given, long memoryMaxBytes) {
    this.prompt = prompt;
    this.given = given;
    this.memoryMaxBytes = memoryMaxBytes;
  }

  /** Opens the model; it stays open until {@link #close}. */
  static RecomputeTask begin(ServedModels models, Frame.Run run) throws IOException {
    GivenAnswer given = GivenAnswer.read(run.request().input());
    var prompt =
        InferenceTask.Prompt.of(
            models, run, given.question(), GivenAnswer.arguments(run.request()), true);
    prompt.hold();
    return new RecomputeTask(prompt, given, models.cacheMaxBytes());
  }

  /**
   * Computes.
   *
   * @param check asked between pieces of the work; what it throws ends it
   */
  Execution run(Runnable check) throws IOException {
    byte[] found = Json.canonical(found(check));
    return new Execution(Outcome.Status.FINISHED, 0, 0, found, "", 0);
  }

  @Override
  public void close() {
    prompt.release();
  }

  private ProductCheck found(Runnable check) throws IOException {
    Outcome said = given.outcome();
    String refusal = prompt.error();
    if (refusal != null) {
      return said.equals(prompt.refusal().outcome())
          ? ActivationFindings.sameRefusal(refusal)
          : ActivationFindings.refused("every machine says of this question: " + refusal);
    }
    String fault = said.succeeded() ? fault(given.answer()) : "it ended as no honest machine ends";
    return fault != null ? ActivationFindings.refused(fault) : compared(check);
  }

  /** What is wrong with it on every machine, whatever its floating point. */
  private @Nullable String fault(InferenceAnswer answer) {
    var config = prompt.model().model().config();
    List<Integer> tokens = answer.tokens();
    if (answer.error() != null) {
      return "it says that there is no answer";
    }
    if ((answer.embedding() != null) != given.question().embeds()) {
      return answer.embedding() == null ? "it has no embedding" : "nobody wanted an embedding";
    }
    long most = Math.min(given.question().tokensMax(), prompt.affordable());
    if (answer.promptTokens() != prompt.tokens().length) {
      return "it counts %d tokens of the prompt, which has %d"
          .formatted(answer.promptTokens(), prompt.tokens().length);
    }
    if (tokens.size() > most) {
      return "it has %d tokens, %d at most".formatted(tokens.size(), most);
    }
    for (int token : tokens) {
      if (token < 0 || token >= config.vocabularySize() || config.endTokens().contains(token)) {
        return "its token " + token + " cannot stand in an answer";
      }
    }
    Prefill.Spelled spelled =
        Prefill.spell(prompt.model().model(), tokens, given.question().stop());
    if (!spelled.text().equals(answer.text())) {
      return "its text is not that of its tokens";
    }
    boolean full = tokens.size() == most && !spelled.stopped();
    if (!(full ? InferenceAnswer.LENGTH : InferenceAnswer.STOP).equals(answer.finishReason())) {
      return "it does not end as it says";
    }
    long fuel = ((long) prompt.tokens().length + tokens.size()) * prompt.fuelPerToken();
    return given.outcome().fuelUsed() == fuel
        ? null
        : "it burnt %d units, not the %d that it says".formatted(fuel, given.outcome().fuelUsed());
  }

  private ProductCheck compared(Runnable check) throws IOException {
    var model = prompt.model();
    List<Integer> tokens = given.answer().tokens();
    long held = (long) prompt.tokens().length + tokens.size();
    if (held * KvCache.tokenBytes(model.model().config()) > memoryMaxBytes) {
      throw new IllegalStateException("the answer is too long to be computed again here");
    }
    boolean byEnd =
        InferenceAnswer.STOP.equals(given.answer().finishReason())
            && !Prefill.spell(model.model(), tokens, given.question().stop()).stopped();
    int places = tokens.size() + (byEnd ? 1 : 0);
    var again = new ArrayList<List<Activations.Large>>();
    var chunks =
        new StateChunks(chunk -> again.add(Activations.largest(chunk, ActivationProof.LARGEST)));
    int[] differing = new int[1];
    @Nullable String[] fault = new @Nullable String[1];
    boolean[] ends = new boolean[1];
    try (AdapterStore.Lease lease = lease()) {
      MemorySegment slab = lease == null ? null : model.adapters().memory();
      Prefill.read(
          model.model(),
          kernels,
          slab,
          lease == null ? null : lease.adapter(),
          prompt.tokens(),
          tokens,
          InferenceTask.sampling(given.question()),
          check,
          (index, state, drawn, logits) -> {
            if (index < places) {
              chunks.add(Prefill.floats(state));
            }
            if (index == 0 && fault[0] == null) {
              fault[0] = embeddingFault(Prefill.floats(state));
            }
            if (index >= tokens.size()) {
              ends[0] =
                  model.model().config().endTokens().stream()
                      .anyMatch(end -> end == drawn || mayBe(end, logits, index));
            } else if (tokens.get(index) != drawn) {
              differing[0]++;
              if (fault[0] == null && !mayBe(tokens.get(index), logits, index)) {
                fault[0] =
                    "token %d of it is %d; the seed draws %d, and no other nearly"
                        .formatted(index, tokens.get(index), drawn);
              }
            }
          });
    }
    chunks.end();
    if (byEnd && !ends[0]) {
      return ActivationFindings.refused("it ends where the model goes on");
    }
    ProductCheck found =
        ActivationFindings.of(given.answer().activations(), again, tokens.size(), differing[0]);
    return found.holds() && fault[0] != null ? ActivationFindings.refused(fault[0]) : found;
  }

  /** Whether a token would be drawn were the logits a little otherwise. */
  private boolean mayBe(int token, MemorySegment logits, int index) {
    var sampling = InferenceTask.sampling(given.question());
    return new NearDraw(
            logits.toArray(ValueLayout.JAVA_FLOAT),
            sampling.temperature(),
            sampling.topK(),
            sampling.topP(),
            sampling.seed(),
            index,
            LOGIT_OFF)
        .mayBe(token);
  }

  /** What is wrong with the embedding, if one was wanted, where the prompt leads to this state. */
  private @Nullable String embeddingFault(float[] state) {
    String said = given.answer().embedding();
    return said == null || PromptState.apart(said, state) <= EMBEDDING_APART_MAX
        ? null
        : "its embedding is not near the one computed again";
  }

  private AdapterStore.@Nullable Lease lease() throws IOException {
    ServedModels.LoadedManifest adapter = prompt.adapter();
    return adapter == null
        ? null
        : prompt
            .model()
            .adapters()
            .acquire(adapter.content())
            .orElseThrow(() -> new IllegalStateException("no room for the adapter just now"));
  }
}
