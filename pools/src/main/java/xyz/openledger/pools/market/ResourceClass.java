package xyz.openledger.pools.market;

import java.util.regex.Pattern;
import xyz.openledger.protocol.Check;

/**
 * What is traded as one good, such as {@code wasm}: a unit of one machine is as good as of another.
 * A unit of {@code wasm} is one gigafuel.
 */
public record ResourceClass(String name) implements Comparable<ResourceClass> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /** WebAssembly work, by the gigafuel. */
  public static final ResourceClass WASM = new ResourceClass("wasm");

  /** Checks the form. */
  public ResourceClass {
    if (!FORM.matcher(name).matches()) {
      throw Check.refusal(
          "resourceClass", "must be 1 to 32 of a-z, 0-9 and -, is " + Check.text("", name, 80));
    }
  }

  @Override
  public int compareTo(ResourceClass other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
