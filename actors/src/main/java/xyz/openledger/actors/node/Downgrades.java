package xyz.openledger.actors.node;

import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * In what a node was found to do half of its claim, or less.
 *
 * @param memory absent where its claim is believed
 * @param fuel likewise
 */
record Downgrades(@Nullable Downgrade memory, @Nullable Downgrade fuel) {
  static final Downgrades NONE = new Downgrades(null, null);

  boolean has(Measure measure) {
    return switch (measure) {
      case MEMORY -> memory != null;
      case FUEL -> fuel != null;
    };
  }

  Downgrades with(Downgrade found) {
    return switch (found.measure()) {
      case MEMORY -> new Downgrades(found, fuel);
      case FUEL -> new Downgrades(memory, found);
    };
  }

  Downgrades without(Measure measure) {
    return switch (measure) {
      case MEMORY -> new Downgrades(null, fuel);
      case FUEL -> new Downgrades(memory, null);
    };
  }

  /** In what it does the least part of its claim; absent where it is believed. */
  @Nullable Downgrade worst() {
    return Stream.of(memory, fuel)
        .filter(Objects::nonNull)
        .min(Comparator.comparingDouble(Downgrade::part))
        .orElse(null);
  }

  /** What its claimed speed is worth. */
  long believed(long claimedFuelPerSecond) {
    Downgrade worst = worst();
    return worst == null ? claimedFuelPerSecond : worst.believed(claimedFuelPerSecond);
  }
}
