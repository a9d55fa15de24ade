package xyz.openledger.actors.simulation;

import java.util.Optional;
import java.util.TreeMap;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.pools.energy.Zones;

/**
 * Grids of plausible shape, drawn from a seed: cleanest about midday, dirtiest in the evening, in
 * each region at another hour, and no day like the other. What is foreseen is what comes.
 */
record HourlyGrid(long seed) implements GridIntensity {
  static final long HOUR_MILLIS = 3_600_000;
  private static final double SWING = 0.35;
  private static final int HOURS_APART = 7;
  private static final int DIRTIEST_HOUR = 20;

  @Override
  public Optional<Reading> at(String zone, long epochHour) {
    int region = Fleet.REGIONS.indexOf(zone);
    if (region < 0) {
      return Optional.empty();
    }
    long local = epochHour + (long) HOURS_APART * region;
    double turn = 2 * StrictMath.PI * (Math.floorMod(local, 24) - DIRTIEST_HOUR) / 24;
    double day = new Dice(seed ^ (Math.floorDiv(local, 24) * 31 + region)).between(0.85, 1.15);
    int grams =
        (int) StrictMath.rint(Fleet.carbon(region) * day * (1 + SWING * StrictMath.cos(turn)));
    return Optional.of(new Reading(Math.max(1, grams), Basis.HOURLY, "simulated"));
  }

  /** A machine that tells its zone and its watts, which waiting for clean hours needs. */
  static Node declared(Machine machine) {
    Node node = machine.node();
    var labels = new TreeMap<>(node.traits().labels());
    labels.put(Zones.LABEL, node.region());
    return node.with(node.traits().labelled(labels));
  }

  /** What a slot emitted in that time, hour by hour. */
  double grams(Machine machine, long fromMillis, long toMillis) {
    double grams = 0;
    for (long at = fromMillis; at < toMillis; ) {
      long hour = Math.floorDiv(at, HOUR_MILLIS);
      long until = Math.min(toMillis, (hour + 1) * HOUR_MILLIS);
      int intensity = at(machine.node().region(), hour).orElseThrow().gramsPerKwh();
      grams += Outcomes.grams(until - at, machine.wattsPerSlot(), intensity);
      at = until;
    }
    return grams;
  }
}
