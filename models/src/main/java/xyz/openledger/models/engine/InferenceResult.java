package xyz.openledger.models.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * What was answered.
 *
 * @param tokens of the answer; one that ended it is not among them
 * @param digest over prompt, tokens and the logits they were chosen from: equal on every machine
 *     that computed the same, see docs/inference.md
 * @param model whose weights answered
 * @param adapter that answered with it, or none
 */
public record InferenceResult(
    List<Integer> tokens,
    String text,
    FinishReason finishReason,
    Usage usage,
    Digest digest,
    Digest model,
    @Nullable Digest adapter) {
  /** Copies the list. */
  public InferenceResult {
    tokens = List.copyOf(tokens);
  }

  /** Why it ended. */
  public enum FinishReason {
    /** The model ended it, or a stop text did. */
    STOP,
    /** It has as many tokens as were asked for. */
    LENGTH,
    /** Its requester did not want it any more. */
    CANCELLED,
    /** Its time was over. */
    DEADLINE,
    /** It could not be computed. */
    FAILED
  }

  /**
   * What it took, in tokens.
   *
   * @param sharedTokens of the prompt that another request had computed before
   */
  public record Usage(int promptTokens, int completionTokens, int sharedTokens) {}
}
