package xyz.openledger.pools.energy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The average of a year for each of some forty countries, shipped with the program; what the
 * figures are and whose is in the head of {@code grid-yearly-averages.csv}.
 */
public final class YearlyAverages implements GridIntensity {
  private static final String TABLE = "grid-yearly-averages.csv";

  private final Map<String, Reading> zones = new TreeMap<>();

  /** Reads the table that is shipped. */
  public YearlyAverages() {
    try (InputStream in = YearlyAverages.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException(TABLE + " is not in the program");
      }
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .map(line -> line.split(",", -1))
          .forEach(
              row ->
                  zones.put(
                      row[0],
                      new Reading(
                          Integer.parseInt(row[2]),
                          Basis.YEARLY_AVERAGE,
                          "average of %s, Our World in Data from Ember and Energy Institute, CC BY 4.0"
                              .formatted(row[1]))));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public Optional<Reading> at(String zone, long epochHour) {
    return Optional.ofNullable(zones.get(zone));
  }

  /** All of them by zone. */
  public Map<String, Reading> zones() {
    return new TreeMap<>(zones);
  }
}
