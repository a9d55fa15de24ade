package xyz.openledger.protocol.session;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Price;

/**
 * What a machine asks for other work than WebAssembly, for each resource class by itself. They are
 * labels, so that every release carries them, and one that does not know them sees a machine with
 * one price.
 *
 * <pre>
 *   openledger.price.inference = 2000000      nano-OPEN for 10^9 units of fuel
 * </pre>
 */
public final class ClassPrices {
  /** Before the name of a class in a label. */
  public static final String LABEL = "openledger.price.";

  /** The classes that may have a price of their own. */
  public static final Set<String> CLASSES =
      Set.of("matmul", "private-model", "inference", "finetune", "onnx", "tee");

  private ClassPrices() {}

  /** The label of a class. */
  public static String label(String resourceClass) {
    if (!CLASSES.contains(resourceClass)) {
      throw Check.refusal(
          "resourceClass",
          "must be one of %s, is '%s'; the price of wasm is that of the machine"
              .formatted(String.join(", ", CLASSES.stream().sorted().toList()), resourceClass));
    }
    return LABEL + resourceClass;
  }

  /** What labels say of a class; null if nothing, or nothing that can be understood. */
  public static @Nullable Long of(Map<String, String> labels, String resourceClass) {
    String said = labels.get(LABEL + resourceClass);
    return said == null || !CLASSES.contains(resourceClass) ? null : read(said);
  }

  /** All that labels say, by class. */
  public static Map<String, Long> of(Map<String, String> labels) {
    var prices = new TreeMap<String, Long>();
    for (String each : CLASSES) {
      Long price = labels.isEmpty() ? null : of(labels, each);
      if (price != null) {
        prices.put(each, price);
      }
    }
    return prices;
  }

  /** Refuses labels that look like prices and are none. */
  static void check(Map<String, String> labels) {
    labels.forEach(
        (key, value) -> {
          if (key.startsWith(LABEL)) {
            label(key.substring(LABEL.length()));
            if (read(value) == null) {
              throw Check.refusal(
                  "labels." + key,
                  "must be a price, 0 to %d nano-OPEN for 10^9 fuel, is '%s'"
                      .formatted(Price.NANO_OPEN_PER_GIGAFUEL_MAX, value));
            }
          }
        });
  }

  private static @Nullable Long read(String said) {
    if (!said.matches("[0-9]{1,18}")) {
      return null;
    }
    long price = Long.parseLong(said);
    return price <= Price.NANO_OPEN_PER_GIGAFUEL_MAX ? (Long) price : null;
  }
}
