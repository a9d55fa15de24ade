package xyz.openledger.protocol.inference;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.Json;

/**
 * What an inference task put out. Its canonical JSON is the task's output, so two nodes agree if
 * and only if text, tokens and every logit that led to them are the same.
 *
 * @param tokens of the answer
 * @param finishReason {@value #STOP} or {@value #LENGTH}; absent with {@code error}
 * @param trace SHA-256 over the tokens and the bits of the logits of each step
 * @param error why there is no answer, such as a prompt longer than the context; absent if there is
 * @param embedding the state of the model after the prompt, of length 1: float32, little-endian, in
 *     Base64; absent if it was not wanted
 * @param activations a commitment to the largest activations of each chunk of 32 chosen tokens, in
 *     Base64; absent if it was not wanted
 */
public record InferenceAnswer(
    String text,
    List<Integer> tokens,
    @Nullable String finishReason,
    int promptTokens,
    Digest trace,
    @Nullable String error,
    @Nullable String embedding,
    @Nullable List<String> activations) {
  /** The model ended it, or a stop text did. */
  public static final String STOP = "stop";

  /** What {@code error} begins with where a shorter prompt would have been answered. */
  public static final String TOO_LONG = "the prompt is too long";

  /** What {@code error} is where a whole prompt would have been answered. */
  public static final String NO_CONVERSATIONS =
      "the model's chat template is none that is known: send the whole prompt to"
          + " /v1/completions";

  /** As many tokens as were allowed. */
  public static final String LENGTH = "length";

  private static final int CHUNKS_MAX = InferenceQuestion.TOKENS_MAX / 32 + 1;

  /** Checks that all is there. */
  public InferenceAnswer {
    Check.present("text", text);
    tokens = List.copyOf(Check.present("tokens", tokens));
    Check.present("trace", trace);
    if (activations != null) {
      activations = List.copyOf(Check.size("activations", activations, 0, CHUNKS_MAX));
    }
  }

  /** An answer that commits to no activations. */
  public InferenceAnswer(
      String text,
      List<Integer> tokens,
      @Nullable String finishReason,
      int promptTokens,
      Digest trace,
      @Nullable String error,
      @Nullable String embedding) {
    this(text, tokens, finishReason, promptTokens, trace, error, embedding, null);
  }

  /** An answer in words alone. */
  public InferenceAnswer(
      String text,
      List<Integer> tokens,
      @Nullable String finishReason,
      int promptTokens,
      Digest trace,
      @Nullable String error) {
    this(text, tokens, finishReason, promptTokens, trace, error, null);
  }

  /** Reads a task's output. */
  public static InferenceAnswer read(byte[] json) {
    return Json.read(json, InferenceAnswer.class);
  }

  /** A task's output. */
  public byte[] canonical() {
    return Json.canonical(this);
  }
}
