package xyz.openledger.cluster.openai;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client writes as {@code model}: {@code base}, {@code base:adapter} or either followed by
 * {@code @policy}, so that a policy rides on a client that knows nothing of policies.
 *
 * @param served the name in the catalogue, with the adapter
 * @param policy the name of a policy; absent if none was said
 */
public record ModelName(String served, @Nullable String policy) {
  /** The longest name. */
  public static final int LENGTH_MAX = 160;

  private static final Pattern SERVED =
      Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}(:[a-z0-9][a-z0-9._-]{0,62})?");

  /** Reads a name; refuses what cannot be one, with the code {@code model_not_found}. */
  public static ModelName parse(String text) {
    int at = text.indexOf('@');
    String served = at < 0 ? text : text.substring(0, at);
    String policy = at < 0 ? null : text.substring(at + 1);
    if (text.length() > LENGTH_MAX || !SERVED.matcher(served).matches()) {
      throw OpenAiRefusal.noModel(text.substring(0, Math.min(LENGTH_MAX, text.length())));
    }
    if (policy != null && policy.isEmpty()) {
      throw OpenAiRefusal.of("model", "names no policy after the @");
    }
    return new ModelName(served, policy);
  }

  /** Whether a name may stand in the catalogue. */
  public static boolean isServable(String name) {
    return SERVED.matcher(name).matches();
  }
}
