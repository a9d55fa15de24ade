package xyz.openledger.pools;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import xyz.openledger.pools.energy.Footprint;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.pools.energy.StartHour;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.protocol.Policy;

/**
 * Whether a task should wait for an hour with a cleaner grid, if its policy lets it. Never so long
 * that it could miss its deadline: twice the time it may take on the slowest machine that might get
 * it, and {@link #MARGIN_MILLIS}, are left.
 *
 * <pre>
 *   g/kWh  ▆▆▅▂▁▁▃▆        it saves the grams between starting now and in the clean hours,
 *          │   │   │       on the cleanest machine of either
 *         now  └ starts    └ the latest start
 * </pre>
 *
 * <p>Only grids that are known by the hour are waited for, and only machines whose watts are
 * declared: without them nobody can say what would be saved. All that is saved is told for one
 * replica that burns all its fuel.
 */
public final class TimeShift {
  /** What is left beside the work itself. */
  static final long MARGIN_MILLIS = 600_000;

  /** The work may take this many times as long as it should, and still be in time. */
  static final int SLACK = 2;

  private static final long HOUR_MILLIS = 3_600_000;

  private final GridIntensity grid;

  /** Shifts by what that source foresees. */
  public TimeShift(GridIntensity grid) {
    this.grid = grid;
  }

  /**
   * What a task waits for.
   *
   * @param untilMillis the beginning of the clean hour
   * @param zone where
   * @param nowMicrograms what one replica would emit if it started now, CO2 equivalent
   * @param thenMicrograms what it would emit then
   * @param source whose figures these are
   */
  public record Wait(
      long untilMillis, String zone, long nowMicrograms, long thenMicrograms, String source) {
    /** What one replica saves. */
    public long savesMicrograms() {
      return nowMicrograms - thenMicrograms;
    }

    /** {@code waits until 2026-11-23T03:00:00Z for a cleaner grid in FR: saves 1.250 g ...}. */
    public String words() {
      return "waits until %s for a cleaner grid in %s: saves %s g CO2e a replica (%s instead of %s; %s)"
          .formatted(
              Instant.ofEpochMilli(untilMillis),
              zone,
              grams(savesMicrograms()),
              grams(thenMicrograms),
              grams(nowMicrograms),
              source);
    }

    /** Grams with three digits behind the point. */
    public static String grams(long micrograms) {
      return "%d.%03d".formatted(micrograms / 1_000_000, micrograms % 1_000_000 / 1_000);
    }
  }

  /** Machines of one grid, of which that one needs the least energy. */
  private record Site(String zone, Node node, long millis, List<Integer> grams, String source) {
    long micrograms(int start) {
      int hours = hours();
      long sum = 0;
      for (int hour = start; hour < start + hours; hour++) {
        sum += grams.get(hour);
      }
      return sum;
    }

    int hours() {
      return (int) Math.max(1, Math.ceilDiv(millis, HOUR_MILLIS));
    }
  }

  /**
   * What a task that could start now should rather wait for; nothing if it should start.
   *
   * @param deadlineMillis when its job must be done
   */
  public Optional<Wait> of(
      Request request, Collection<Node> nodes, long deadlineMillis, long nowMillis) {
    Policy.Shift shift = request.policy().shift();
    if (shift == null) {
      return Optional.empty();
    }
    Policy.Weights weights = request.policy().objective().weights();
    long atOnce = Long.MAX_VALUE;
    long least = Long.MAX_VALUE;
    int start = 0;
    Site best = null;
    for (Site site : sites(request, nodes, deadlineMillis, nowMillis)) {
      long now = emitted(request, site, 0);
      atOnce = Math.min(atOnce, now);
      int chosen =
          StartHour.choose(
              site.grams(), site.hours(), site.grams().size(), weights.carbon(), weights.latency());
      long then = emitted(request, site, chosen);
      if (then < least || (then == least && chosen < start)) {
        least = then;
        start = chosen;
        best = site;
      }
    }
    long savesMin = Math.max(1_000, shift.savesMilligramsMin() * 1_000L);
    if (best == null || start == 0 || atOnce - least < savesMin) {
      return Optional.empty();
    }
    long until = (Math.floorDiv(nowMillis, HOUR_MILLIS) + start) * HOUR_MILLIS;
    return Optional.of(new Wait(until, best.zone(), atOnce, least, best.source()));
  }

  /** The mean over the hours that the work takes, on the site's machine. */
  private static long emitted(Request request, Site site, int start) {
    int mean = (int) Math.ceilDiv(site.micrograms(start), site.hours());
    return Footprint.of(
            request.fuelMax(),
            new Footprint.Machine(
                site.node().fuelPerCpuSecond(),
                site.node().traits().watts(),
                Math.max(1, site.node().slots()),
                mean,
                0,
                1))
        .operationalMicrograms();
  }

  private List<Site> sites(
      Request request, Collection<Node> nodes, long deadlineMillis, long nowMillis) {
    Map<String, Node> frugal = new TreeMap<>();
    long slowest = 0;
    for (Node node : nodes) {
      if (!couldRun(request, node)) {
        continue;
      }
      // Once it starts, any of them may get it.
      slowest = Math.max(slowest, node.durationMicros(request.fuelMax()));
      if (node.traits().watts() > 0 && node.carbonGramsPerKwh() > 0) {
        String zone = Zones.of(node.traits().labels());
        // Of a grid without a name nothing is foreseen; its declared figure tells it apart.
        String key = zone.isEmpty() ? " " + node.carbonGramsPerKwh() : zone;
        frugal.merge(key, node, (one, other) -> energy(one) <= energy(other) ? one : other);
      }
    }
    long latest = latest(request, Math.ceilDiv(slowest, 1_000L), deadlineMillis);
    var sites = new ArrayList<Site>();
    frugal.forEach((zone, node) -> sites.add(site(request, zone, node, latest, nowMillis)));
    return sites;
  }

  private Site site(Request request, String zone, Node node, long latest, long nowMillis) {
    long millis = Math.max(1, Math.ceilDiv(node.durationMicros(request.fuelMax()), 1_000L));
    int hours = (int) Math.max(1, Math.ceilDiv(millis, HOUR_MILLIS));
    long hour = Math.floorDiv(nowMillis, HOUR_MILLIS);
    long starts = Math.max(0, Math.floorDiv(latest, HOUR_MILLIS) - hour);
    var grams = new ArrayList<Integer>();
    String source = "";
    for (int ahead = 0; ahead < starts + hours; ahead++) {
      var reading =
          grid.at(zone, hour + ahead)
              .filter(it -> it.basis() == GridIntensity.Basis.HOURLY)
              .orElse(null);
      if (reading == null) {
        break;
      }
      grams.add(Math.max(1, reading.gramsPerKwh()));
      source = reading.source();
    }
    while (grams.size() < hours) {
      // What is not foreseen to its end is taken to stay as it is: it can start now, or not at all.
      grams.add(grams.isEmpty() ? node.carbonGramsPerKwh() : grams.getLast());
    }
    return new Site(zone.strip(), node, millis, grams, source);
  }

  private static long latest(Request request, long millis, long deadlineMillis) {
    long latest = deadlineMillis - SLACK * millis - MARGIN_MILLIS;
    Policy.Shift shift = request.policy().shift();
    Long within = shift == null ? null : shift.withinMillis();
    long submitted = deadlineMillis - request.policy().limits().deadlineMillis();
    return within == null ? latest : Math.min(latest, submitted + within);
  }

  private static boolean couldRun(Request request, Node node) {
    for (Filter filter : Filters.of(request.policy())) {
      boolean moves =
          filter.clause() == Clause.ACCEPTING
              || filter.clause() == Clause.SLOT
              || filter.clause() == Clause.CARBON;
      if (!moves && !(filter.test(request, node) instanceof Filter.Verdict.Feasible)) {
        return false;
      }
    }
    return true;
  }

  /** Of one unit of work: watts of a slot by its speed, in proportion. */
  private static double energy(Node node) {
    return (double) node.traits().watts() / Math.max(1, node.slots()) / node.fuelPerCpuSecond();
  }
}
