package xyz.openledger.pools.energy;

import java.util.Optional;
import xyz.openledger.protocol.Check;

/** How dirty the electricity of a zone is. */
public interface GridIntensity {
  /** The most that is believed of any grid. */
  int GRAMS_PER_KWH_MAX = 100_000;

  /**
   * The intensity of a zone in an hour.
   *
   * @param zone such as {@code FR}; a source says which it knows
   * @param epochHour hours since 1970 in UTC
   * @return nothing if the source does not know
   */
  Optional<Reading> at(String zone, long epochHour);

  /** What a reading rests on. */
  enum Basis {
    /** The average of a past year. */
    YEARLY_AVERAGE,
    /** Measured or forecast for the hour. */
    HOURLY
  }

  /**
   * An intensity.
   *
   * @param gramsPerKwh CO2 equivalent
   * @param source where the figure is from, with its year or hour, for people
   */
  record Reading(int gramsPerKwh, Basis basis, String source) {
    /** Checks the range. */
    public Reading {
      Check.range("gramsPerKwh", gramsPerKwh, 0, GRAMS_PER_KWH_MAX);
    }
  }
}
