package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarningsForecastTest {
  private static final int NODES = 400;
  private static final int AHEAD = 30;

  @Test
  void saysNothingFromLessThanTwoWeeks() {
    assertThat(EarningsForecast.of(Collections.nCopies(13, 5L), AHEAD, 1)).isEmpty();
    assertThat(EarningsForecast.of(Collections.nCopies(14, 5L), AHEAD, 1))
        .contains(new EarningsForecast(AHEAD, 150, 150, 150, 14, 1));
  }

  @Test
  void theSameSeedGivesTheSameForecast() {
    var history = LongStream.range(0, 40).map(day -> day * day % 17).boxed().toList();

    assertThat(EarningsForecast.of(history, AHEAD, 3))
        .isEqualTo(EarningsForecast.of(history, AHEAD, 3))
        .isNotEqualTo(EarningsForecast.of(history, AHEAD, 4));
  }

  /**
   * How often thirty simulated days fall between P10 and P90, which is to be eight of ten times.
   * The figures are in docs/performance.md. 400 nodes give a standard error of 2 points; a rhythm
   * of the week is held for chance (too wide a band), days that resemble one another for
   * independent weeks (too narrow a one).
   */
  @ParameterizedTest(name = "{0}, {1} days of history")
  @CsvSource({
    "STEADY, 28, 74, 88",
    "STEADY, 60, 74, 88",
    "WEEKLY, 28, 74, 95",
    "WEEKLY, 60, 74, 95",
    "OUTAGES, 28, 70, 90",
    "OUTAGES, 60, 70, 88",
    "STICKY, 28, 67, 88",
    "STICKY, 60, 67, 88"
  })
  void theBandHoldsWhatItPromises(Kind kind, int historyDays, int percentMin, int percentMax) {
    int inside = 0;
    int below = 0;
    for (int node = 0; node < NODES; node++) {
      var days =
          kind.days(new SplittableRandom(1_000L * kind.ordinal() + node), historyDays + AHEAD);
      var forecast = EarningsForecast.of(days.subList(0, historyDays), AHEAD, node).orElseThrow();
      long came = days.subList(historyDays, days.size()).stream().mapToLong(Long::longValue).sum();
      below += came < forecast.p10NanoOpen() ? 1 : 0;
      inside += came >= forecast.p10NanoOpen() && came <= forecast.p90NanoOpen() ? 1 : 0;
    }
    assertThat(100.0 * inside / NODES)
        .as("per cent inside; %.1f below P10", 100.0 * below / NODES)
        .isBetween((double) percentMin, (double) percentMax);
  }

  /** How a node's days may look. */
  enum Kind {
    /** Every day for itself. */
    STEADY,
    /** Busy weekdays, quiet weekends. */
    WEEKLY,
    /** Off for some days now and then. */
    OUTAGES,
    /** A good day makes the next one likely good. */
    STICKY;

    List<Long> days(SplittableRandom random, int count) {
      var days = new ArrayList<Long>();
      double level = 0;
      int off = 0;
      for (int day = 0; day < count; day++) {
        level = (this == STICKY ? 0.6 * level : 0) + random.nextGaussian(0, 0.3);
        double nanoOpen = 1e9 * Math.exp(level);
        if (this == WEEKLY && day % 7 >= 5) {
          nanoOpen *= 0.4;
        }
        if (this == OUTAGES && off == 0 && random.nextInt(12) == 0) {
          off = random.nextInt(1, 4);
        }
        days.add(off > 0 ? 0 : (long) nanoOpen);
        off = Math.max(0, off - 1);
      }
      return days;
    }
  }
}
