package xyz.openledger.protocol.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/**
 * A pool to open.
 *
 * @param name how its operator calls it: 1 to 63 of {@code a-z 0-9 -}, starting with a letter
 * @param terms how it places work; defaults where they are left out
 */
public record PoolRequest(String name, PoolChange terms) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  /** Checks the name. */
  public PoolRequest(@Nullable String name, @Nullable PoolChange terms) {
    this.name = Check.text("name", name, 63);
    if (!NAME.matcher(this.name).matches()) {
      throw Check.refusal(
          "name", "must be 1 to 63 of a-z, 0-9 and -, starting with a letter: eu-hearth");
    }
    this.terms = terms == null ? PoolChange.NONE : terms;
  }
}
