package xyz.openledger.protocol.api;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.json.DecimalText;

/**
 * How an adapter is trained. Fractions are decimal texts, so that everybody reads the same number.
 *
 * @param steps of the optimiser; 1 to {@value #STEPS_MAX}
 * @param batch samples a step; 8 if it is left out
 * @param rate by how much weights move at most; 0.005 if it is left out
 * @param warmUp steps in which the rate rises; 10, or all of them, if it is left out
 * @param decay by which matrices shrink, times the rate; 0.01 if it is left out
 * @param clip the longest gradient; 1 if it is left out
 * @param seed of first weights and of the order of samples; 7 if it is left out
 * @param rank how much the adapter can hold; 8 if it is left out
 * @param alpha how strongly it speaks, times its rank; 16 if it is left out
 * @param targets the matrices that are adapted; the usual five if it is left out
 */
public record TuningRecipe(
    int steps,
    @Nullable Integer batch,
    @Nullable String rate,
    @Nullable Integer warmUp,
    @Nullable String decay,
    @Nullable String clip,
    @DecimalText @Nullable Long seed,
    @Nullable Integer rank,
    @Nullable String alpha,
    @Nullable List<String> targets) {
  /** The most steps of a training on the network. */
  public static final int STEPS_MAX = 10_000;

  /** The matrices that are adapted where nothing is said. */
  public static final List<String> TARGETS =
      List.of("q_proj", "v_proj", "o_proj", "gate_proj", "down_proj");

  private static final Pattern DECIMAL = Pattern.compile("\\d{1,6}(\\.\\d{1,9})?");

  /** Fills in what was left out. */
  public TuningRecipe(
      int steps,
      @Nullable Integer batch,
      @Nullable String rate,
      @Nullable Integer warmUp,
      @Nullable String decay,
      @Nullable String clip,
      @DecimalText @Nullable Long seed,
      @Nullable Integer rank,
      @Nullable String alpha,
      @Nullable List<String> targets) {
    this.steps = Check.range("steps", steps, 1, STEPS_MAX);
    this.batch = Check.range("batch", batch == null ? 8 : batch, 1, 256);
    this.rate = decimal("rate", rate, "0.005");
    this.warmUp = Check.range("warmUp", warmUp == null ? Math.min(10, steps) : warmUp, 0, steps);
    this.decay = decimal("decay", decay, "0.01");
    this.clip = decimal("clip", clip, "1");
    this.seed = seed == null ? (Long) 7L : seed;
    this.rank = Check.range("rank", rank == null ? 8 : rank, 1, 256);
    this.alpha = decimal("alpha", alpha, "16");
    this.targets = targets == null ? TARGETS : List.copyOf(Check.size("targets", targets, 1, 7));
  }

  /** The usual recipe with so many steps. */
  public static TuningRecipe of(int steps) {
    return new TuningRecipe(steps, null, null, null, null, null, null, null, null, null);
  }

  private static String decimal(String field, @Nullable String text, String usual) {
    if (text == null) {
      return usual;
    }
    if (!DECIMAL.matcher(text).matches()) {
      throw Check.refusal(field, "must be a decimal number such as \"0.005\"");
    }
    return text;
  }
}
