package xyz.openledger.models.engine;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.files.Refused;

/**
 * What somebody wants answered.
 *
 * @param tenant who shares the engine fairly with others
 * @param adapter its name or digest; absent for the base alone
 * @param maxTokens of the answer
 * @param stop texts before which the answer ends
 * @param patience how long it may take, waiting included; absent for as long as it takes
 */
public record InferenceRequest(
    String tenant,
    @Nullable String adapter,
    Prompt prompt,
    int maxTokens,
    Sampling sampling,
    List<String> stop,
    @Nullable Duration patience) {
  private static final int STOPS_MAX = 16;
  private static final int STOP_LENGTH_MAX = 256;

  /** What is to be continued. */
  public sealed interface Prompt {
    /** As text; the model's tokenizer takes it apart and puts its first token before it. */
    record Text(String text) implements Prompt {}

    /** As tokens, taken as they are. */
    record Tokens(List<Integer> tokens) implements Prompt {
      /** Copies the list. */
      public Tokens {
        tokens = List.copyOf(tokens);
      }
    }
  }

  /**
   * How tokens are chosen.
   *
   * @param temperature 0 takes the likeliest
   * @param topK of so many likeliest; 0 for all
   * @param topP of the fewest that reach this probability; 1 for all
   * @param seed names every draw: the same seed draws the same
   */
  public record Sampling(float temperature, int topK, float topP, long seed) {
    /** The likeliest, always. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0);

    /** Refuses what is out of range. */
    public Sampling {
      if (!(temperature >= 0 && temperature <= 100)) {
        throw Refused.because("temperature", "is " + temperature + ", not between 0 and 100");
      }
      if (topK < 0) {
        throw Refused.because("top_k", "is " + topK + ", below 0");
      }
      if (!(topP > 0 && topP <= 1)) {
        throw Refused.because("top_p", "is " + topP + ", not above 0 and at most 1");
      }
    }
  }

  /** Copies the list and refuses what has no bound. */
  public InferenceRequest {
    stop = List.copyOf(stop);
    if (maxTokens < 1) {
      throw Refused.because("max_tokens", "is " + maxTokens + ", below 1");
    }
    if (stop.size() > STOPS_MAX
        || stop.stream().anyMatch(one -> one.isEmpty() || one.length() > STOP_LENGTH_MAX)) {
      throw Refused.because(
          "stop", "at most %d texts of 1 to %d characters".formatted(STOPS_MAX, STOP_LENGTH_MAX));
    }
    if (patience != null && !patience.isPositive()) {
      throw Refused.because("patience", "is not positive");
    }
  }

  /** A text to be continued greedily by the base. */
  public static InferenceRequest of(String tenant, String prompt, int maxTokens) {
    return new InferenceRequest(
        tenant, null, new Prompt.Text(prompt), maxTokens, Sampling.GREEDY, List.of(), null);
  }

  /** The same with an adapter. */
  public InferenceRequest withAdapter(@Nullable String other) {
    return new InferenceRequest(tenant, other, prompt, maxTokens, sampling, stop, patience);
  }

  /** The same with another way of choosing. */
  public InferenceRequest withSampling(Sampling other) {
    return new InferenceRequest(tenant, adapter, prompt, maxTokens, other, stop, patience);
  }

  /** The same, ending before any of these. */
  public InferenceRequest withStop(String... texts) {
    return new InferenceRequest(
        tenant, adapter, prompt, maxTokens, sampling, List.of(texts), patience);
  }

  /** The same with a time. */
  public InferenceRequest withPatience(Duration other) {
    return new InferenceRequest(tenant, adapter, prompt, maxTokens, sampling, stop, other);
  }
}
