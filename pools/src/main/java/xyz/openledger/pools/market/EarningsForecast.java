package xyz.openledger.pools.market;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import xyz.openledger.protocol.Check;

/**
 * What a node may earn in the next days, from its own past ones: a bootstrap in blocks of a week,
 * so that weekends and bad weeks stay together. Each draw first draws another history that might
 * have been (we know the node only by its sample) and then the days to come out of that one.
 *
 * <p>It foresees more of the same. It knows nothing of a trend, a new machine or a fallen price.
 *
 * @param days how many are foreseen
 * @param p10NanoOpen less than this in one of ten draws
 * @param p90NanoOpen more than this in one of ten draws
 * @param historyDays how many past days it rests on
 * @param seed the same seed and history give the same forecast
 */
public record EarningsForecast(
    int days, long p10NanoOpen, long p50NanoOpen, long p90NanoOpen, int historyDays, long seed) {
  /** With fewer whole days nothing is foreseen. */
  public static final int HISTORY_DAYS_MIN = 14;

  private static final int HISTORY_DAYS_MAX = 3_660;
  private static final int DAYS_MAX = 366;
  private static final int BLOCK_DAYS = 7;
  private static final int DRAWS = 2_000;

  /** t(df; 0.9) / z(0.9) in thousandths, from one degree of freedom on; later 1000 + 700/df. */
  private static final int[] STUDENT = {2402, 1472, 1278, 1196, 1152, 1124, 1104, 1090, 1079, 1071};

  /**
   * Foresees; nothing if the history is too short.
   *
   * @param dailyNanoOpen what each past day brought, oldest first, days without earnings included
   */
  public static Optional<EarningsForecast> of(List<Long> dailyNanoOpen, int days, long seed) {
    Check.range("days", days, 1, DAYS_MAX);
    Check.range("history", dailyNanoOpen.size(), 0, HISTORY_DAYS_MAX);
    if (dailyNanoOpen.size() < HISTORY_DAYS_MIN) {
      return Optional.empty();
    }
    long[] history = dailyNanoOpen.stream().mapToLong(Long::longValue).toArray();
    var random = new SplittableRandom(seed);
    long[] other = new long[history.length];
    long[] ahead = new long[days];
    long[] sums = new long[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      blocks(history, other, random);
      blocks(other, ahead, random);
      for (long day : ahead) {
        sums[draw] = Math.addExact(sums[draw], day);
      }
    }
    Arrays.sort(sums);
    long middle = PriceHistory.percentile(sums, 50);
    long below = wider(middle - PriceHistory.percentile(sums, 10), history.length);
    long above = wider(PriceHistory.percentile(sums, 90) - middle, history.length);
    return Optional.of(
        new EarningsForecast(
            days,
            Math.max(0, middle - below),
            middle,
            Math.addExact(middle, above),
            history.length,
            seed));
  }

  private static long wider(long distance, int historyDays) {
    int freedom = historyDays / BLOCK_DAYS - 1;
    int student = freedom <= STUDENT.length ? STUDENT[freedom - 1] : 1_000 + 700 / freedom;
    double factor = student / 1_000.0 * StrictMath.sqrt(historyDays / (historyDays - 7.0));
    return (long) (distance * factor);
  }

  /** Fills {@code to} with weeks out of {@code from}, which begins again at its end. */
  private static void blocks(long[] from, long[] to, SplittableRandom random) {
    for (int filled = 0; filled < to.length; filled += BLOCK_DAYS) {
      int start = random.nextInt(from.length);
      for (int day = 0; day < BLOCK_DAYS && filled + day < to.length; day++) {
        to[filled + day] = from[(start + day) % from.length];
      }
    }
  }
}
