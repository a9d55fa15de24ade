package xyz.openledger.pools.energy;

import java.util.List;
import xyz.openledger.protocol.Check;

/**
 * Which hour to start in: cleaner grid against longer wait, by the policy's weights. Never so late
 * that the work would not be done by the deadline, and never dirtier than starting at once.
 */
public final class StartHour {
  private static final int HOURS_MAX = 24 * 366;

  private StartHour() {}

  /**
   * The best start, in hours from now.
   *
   * <p>Of the starts that are no dirtier than now it takes the one with the least {@code
   * carbonWeight × grams/gramsNow + waitWeight × wait/waitMax}; of equals the earliest.
   *
   * @param gramsPerKwh what is foreseen for this hour and the next ones
   * @param hours how long the work takes, at least 1
   * @param deadlineHours by when it must be done; the work fits at least when it starts at once
   * @param carbonWeight of the policy, 0 to 100
   * @param waitWeight what waiting counts, 0 to 100
   */
  public static int choose(
      List<Integer> gramsPerKwh, int hours, int deadlineHours, int carbonWeight, int waitWeight) {
    Check.range("hours", hours, 1, HOURS_MAX);
    Check.range("deadlineHours", deadlineHours, hours, HOURS_MAX);
    Check.range("hours foreseen", gramsPerKwh.size(), hours, HOURS_MAX);
    Check.range("carbonWeight", carbonWeight, 0, 100);
    Check.range("waitWeight", waitWeight, 0, 100);
    int last = Math.min(deadlineHours, gramsPerKwh.size()) - hours;
    long[] until = new long[gramsPerKwh.size() + 1];
    for (int hour = 0; hour < gramsPerKwh.size(); hour++) {
      until[hour + 1] =
          until[hour]
              + Check.range(
                  "gramsPerKwh[" + hour + "]",
                  gramsPerKwh.get(hour),
                  0,
                  GridIntensity.GRAMS_PER_KWH_MAX);
    }
    long now = until[hours];
    int best = 0;
    long bestCost = cost(now, now, 0, last, carbonWeight, waitWeight);
    for (int start = 1; start <= last; start++) {
      long grams = until[start + hours] - until[start];
      long cost = cost(grams, now, start, last, carbonWeight, waitWeight);
      if (grams <= now && cost < bestCost) {
        best = start;
        bestCost = cost;
      }
    }
    return best;
  }

  /** Both shares over the common denominator {@code now × last}; at most 10^18. */
  private static long cost(
      long grams, long now, int start, int last, int carbonWeight, int waitWeight) {
    return carbonWeight * grams * Math.max(1, last) + waitWeight * now * start;
  }
}
