package xyz.openledger.actors.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The gallery of ready policies, {@code examples/policies}, as requesters of simulated jobs take
 * them. What wants evidence that no simulated machine makes (a chip's, activations), words that
 * nobody reads along, or slots that were bought ahead, is left out.
 */
enum ReadyPolicy {
  CHEAPEST(22),
  ADAPTIVE(18),
  GREENEST(14),
  TRADING(12),
  EU_ONLY(10),
  LOWEST_LATENCY(10),
  MOST_RELIABLE(8),
  PRIVATE_DATA(6);

  /** What stands in the examples for addresses that nobody else can have. */
  private static final List<String> PLACES =
      List.of(
          "0x1111111111111111111111111111111111111111",
          "0x2222222222222222222222222222222222222222");

  /** A fast machine in the examples, and here, where the reference machine burns a tenth of it. */
  private static final String FAST = "100000000";

  private static final String FAST_HERE = Long.toString(2 * Scenario.REFERENCE_FUEL_PER_SECOND);

  final int percent;

  ReadyPolicy(int percent) {
    this.percent = percent;
  }

  /** One node's word is enough, so a gang can have it on few slots. */
  boolean isTrusted() {
    return this == CHEAPEST || this == TRADING;
  }

  /** Whether its requesters often name a region beside. */
  boolean goesAnywhere() {
    return this == CHEAPEST || this == TRADING || this == LOWEST_LATENCY;
  }

  /** Its document, with the addresses of two owners where it leaves a place for them. */
  String text(String oneOwner, String otherOwner) {
    String name = "policies/" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    try (InputStream file = ReadyPolicy.class.getResourceAsStream(name + ".yaml")) {
      if (file == null) {
        throw new IllegalStateException("the gallery lacks " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .replace(PLACES.getFirst(), oneOwner)
          .replace(PLACES.getLast(), otherOwner)
          .replace(FAST, FAST_HERE);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
