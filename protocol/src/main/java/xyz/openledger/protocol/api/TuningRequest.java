package xyz.openledger.protocol.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.json.ZeroIfAbsent;

/**
 * An adapter that is to be trained by the network.
 *
 * @param model the name of a base that is served
 * @param data the samples, a blob with a line of JSON each
 * @param adapter the name, after the base's, under which it is served in the end; absent if it is
 *     to be kept as blobs only
 * @param pieceSteps after so many steps a checkpoint is committed to, and the next piece may be
 *     another machine's
 * @param holdBack whether every tenth sample is not learnt from, but tells the loss
 * @param checks how many pieces another owner makes again, drawn once all are committed to; only
 *     where the policy trusts one machine
 * @param policy of every piece; its price limit is that of the whole training, its deadline that of
 *     each piece
 * @param labels what its owner wants to find with it again, at most {@value #LABELS_MAX}; absent if
 *     nothing
 */
public record TuningRequest(
    String model,
    Digest data,
    @Nullable String adapter,
    TuningRecipe recipe,
    int pieceSteps,
    @Nullable Boolean holdBack,
    @ZeroIfAbsent int checks,
    Policy policy,
    @Nullable Map<String, String> labels) {
  /** The most pieces of one training. */
  public static final int PIECES_MAX = 256;

  /** The most labels. */
  public static final int LABELS_MAX = 24;

  private static final int NAME_LETTERS_MAX = 63;
  private static final int LABEL_KEY_LETTERS_MAX = 80;
  private static final int LABEL_LETTERS_MAX = 512;

  /** Checks the ranges. */
  public TuningRequest {
    Check.text("model", model, NAME_LETTERS_MAX);
    Check.present("data", data);
    if (adapter != null) {
      Check.text("adapter", adapter, NAME_LETTERS_MAX);
    }
    Check.present("recipe", recipe);
    Check.range("pieceSteps", pieceSteps, 1, recipe.steps());
    Check.present("policy", policy);
    int pieces = pieces(recipe.steps(), pieceSteps);
    if (pieces > PIECES_MAX) {
      throw Check.refusal(
          "pieceSteps", "makes %d pieces; there may be %d".formatted(pieces, PIECES_MAX));
    }
    Check.range("checks", checks, 0, pieces);
    if (checks > 0 && policy.verification().method() != Policy.Method.TRUSTED) {
      throw Check.refusal(
          "checks", "are for pieces that one machine makes: say the method trusted");
    }
    if (labels != null) {
      labels = Map.copyOf(labels);
      Check.size("labels", labels.keySet(), 0, LABELS_MAX);
      labels.forEach(
          (key, value) -> {
            Check.text("labels", key, LABEL_KEY_LETTERS_MAX);
            Check.text("labels." + key, value, LABEL_LETTERS_MAX);
          });
    }
  }

  /** A training without labels. */
  public TuningRequest(
      String model,
      Digest data,
      @Nullable String adapter,
      TuningRecipe recipe,
      int pieceSteps,
      @Nullable Boolean holdBack,
      int checks,
      Policy policy) {
    this(model, data, adapter, recipe, pieceSteps, holdBack, checks, policy, null);
  }

  /** Whether samples are held back. */
  public boolean holdsBack() {
    return Boolean.TRUE.equals(holdBack);
  }

  /** How many pieces it has. */
  public int pieces() {
    return pieces(recipe.steps(), pieceSteps);
  }

  /** The last step of a piece, the first piece being 0. */
  public int until(int piece) {
    return Math.min(recipe.steps(), (piece + 1) * pieceSteps);
  }

  private static int pieces(int steps, int each) {
    return (steps + each - 1) / each;
  }
}
