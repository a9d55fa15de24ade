package xyz.openledger.pools.energy;

import java.util.Map;
import java.util.Optional;

/** Which grid a node is on, and how dirty that is in an hour. */
public final class Zones {
  /** The label of a node that names the zone of its grid, such as {@code FR}. */
  public static final String LABEL = "openledger.zone";

  private static final long HOUR_MILLIS = 3_600_000;

  private Zones() {}

  /** The zone that labels name; empty for none. */
  public static String of(Map<String, String> labels) {
    return labels.getOrDefault(LABEL, "");
  }

  /** What is known of that zone at that time. */
  public static Optional<GridIntensity.Reading> at(
      GridIntensity grid, Map<String, String> labels, long nowMillis) {
    String zone = of(labels);
    return zone.isEmpty() ? Optional.empty() : grid.at(zone, Math.floorDiv(nowMillis, HOUR_MILLIS));
  }

  /**
   * The intensity that counts for a node: what its zone has in that hour; else what its contributor
   * declared; else its zone's average of a year; else 0, unknown. A grid without any emission
   * counts as 1, since 0 means unknown.
   */
  public static int gramsPerKwh(
      GridIntensity grid, Map<String, String> labels, int declared, long nowMillis) {
    GridIntensity.Reading reading = at(grid, labels, nowMillis).orElse(null);
    boolean counts =
        reading != null && (reading.basis() == GridIntensity.Basis.HOURLY || declared == 0);
    return reading != null && counts ? Math.max(1, reading.gramsPerKwh()) : declared;
  }
}
