package xyz.openledger.verification.challenge;

import java.util.ArrayList;
import java.util.List;

/**
 * What speed a node is believed to have, from what it claims and what challenges measured since.
 *
 * <pre>
 *   believed    the claim, while the median of the last {@value #WINDOW} measured is above half of it
 *               else that median: the node is <em>downgraded</em>
 *   the way up  the same median, once it is above half of the claim again
 * </pre>
 *
 * <p>A median, so that one challenge that met a busy machine downgrades nobody.
 *
 * @param claimedFuelPerSecond what the node's benchmark said; of a {@link MemoryWalk}, steps
 * @param measuredFuelPerSecond by challenges, the latest last; at most {@value #WINDOW}
 */
public record Capacity(long claimedFuelPerSecond, List<Long> measuredFuelPerSecond) {
  /** How many challenges are looked at. */
  public static final int WINDOW = 5;

  /** Fewer say nothing yet. */
  public static final int LEAST = 3;

  /** Of a node's time that challenges may take, in basis points: one in a hundred. */
  public static final int SHARE_BASIS_POINTS = 100;

  private static final int BASIS_POINTS = 10_000;

  /** Checks the ranges; keeps its own copy. */
  public Capacity {
    measuredFuelPerSecond = List.copyOf(measuredFuelPerSecond);
    if (claimedFuelPerSecond < 1 || measuredFuelPerSecond.size() > WINDOW) {
      throw new IllegalArgumentException("a claim, and at most " + WINDOW + " measurements");
    }
  }

  /** A node that nothing was measured of yet. */
  public static Capacity claimed(long fuelPerSecond) {
    return new Capacity(fuelPerSecond, List.of());
  }

  /** After a challenge that burned so much fuel in so long; a wrong or late answer burned none. */
  public Capacity measured(long fuel, long millis) {
    var next = new ArrayList<>(measuredFuelPerSecond);
    next.add(fuel * 1_000 / Math.max(1, millis));
    return new Capacity(
        claimedFuelPerSecond, next.subList(Math.max(0, next.size() - WINDOW), next.size()));
  }

  /** Whether it performs at half of what it claims, or less. */
  public boolean downgraded() {
    return measuredFuelPerSecond.size() >= LEAST && median() <= claimedFuelPerSecond / 2;
  }

  /** What matching may count on. */
  public long believedFuelPerSecond() {
    return downgraded() ? Math.max(1, median()) : claimedFuelPerSecond;
  }

  /**
   * When the next challenge begins: at a random time that nobody can foresee who does not know the
   * draw, and so far off that challenges take no more than their share of the node's time, whatever
   * is drawn.
   *
   * @param endedAtMillis when the last one ended
   * @param tookMillis how long it took, or may take at the most
   * @param draw any number, evenly drawn
   */
  public static long nextAtMillis(long endedAtMillis, long tookMillis, long draw) {
    long least = Math.max(1, tookMillis) * BASIS_POINTS / SHARE_BASIS_POINTS;
    return endedAtMillis + least + Math.floorMod(draw, 2 * least);
  }

  /** What a measurement changes in what is believed of a node. */
  public enum Change {
    NONE,
    /** It performs at half of its claim, or less, and is believed what it does. */
    DOWNGRADED,
    /** It keeps up with its claim again. */
    RESTORED
  }

  /**
   * Whether what is believed has to change.
   *
   * @param before whether it is downgraded so far
   */
  public Change change(boolean before) {
    if (measuredFuelPerSecond.size() < LEAST || downgraded() == before) {
      return Change.NONE;
    }
    return before ? Change.RESTORED : Change.DOWNGRADED;
  }

  private long median() {
    return measuredFuelPerSecond.stream().sorted().toList().get(measuredFuelPerSecond.size() / 2);
  }
}
