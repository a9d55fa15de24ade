package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;

/**
 * What is simulated: machines, and the jobs that come. Drawn from a seed with the parameters of
 * published traces (docs/scheduling.md), or the jobs of a trace file.
 */
record Scenario(long seed, List<Machine> machines, List<Arrival> arrivals) {
  /** Fuel that the machine which durations are told for burns in a second. */
  static final long REFERENCE_FUEL_PER_SECOND = 10_000_000;

  /**
   * Longer drawn tasks are cut: a single one of days would be most of the time that is simulated.
   */
  private static final double DRAWN_SECONDS_MAX = 21_600;

  /** The longest task of a trace: with its over-asked fuel it fits what a job may ask for. */
  static final double SECONDS_MAX = 172_800;

  /** Philly's run times in seconds: the logarithm has this mean and this deviation. */
  private static final double PHILLY_MU = 6.85;

  private static final double PHILLY_SIGMA = 2.18;

  /** Tenants, what part of the jobs is theirs, and how irregularly they come: trace by trace. */
  private enum Stream {
    CHAT("azure-chat", 45, 1.09),
    CODE("azure-code", 25, 13),
    IMAGES("gentd-images", 30, 12);

    @SuppressWarnings("ImmutableEnumChecker") // a record of a text
    final TenantId tenant;

    final int percent;
    final double deviation;

    Stream(String tenant, int percent, double deviation) {
      this.tenant = new TenantId(tenant);
      this.percent = percent;
      this.deviation = deviation;
    }
  }

  /**
   * What to draw.
   *
   * @param loadPercent the work that comes, of what the machines can do while it comes
   * @param trace jobs to submit instead of drawn ones
   */
  public record Size(int nodes, int jobs, int loadPercent, @Nullable List<Trace.Row> trace) {
    /** Checks the ranges. */
    public Size {
      Check.range("nodes", nodes, Fleet.STEADY, 2_000);
      Check.range("jobs", jobs, 1, 20_000);
      Check.range("load", loadPercent, 1, 1_000);
    }
  }

  static Scenario draw(long seed, Size size) {
    var dice = new Dice(seed);
    List<Machine> machines = Fleet.draw(dice.split(), size.nodes());
    List<Trace.Row> trace = size.trace();
    List<Arrival> arrivals =
        trace == null
            ? arrivals(dice.split(), machines, size)
            : Trace.arrivals(trace, dice.split());
    return new Scenario(seed, machines, arrivals);
  }

  private static List<Arrival> arrivals(Dice dice, List<Machine> machines, Size size) {
    var jobs = new ArrayList<Arrival>();
    double work = 0;
    int number = 0;
    for (Stream stream : Stream.values()) {
      int count =
          stream == Stream.IMAGES
              ? size.jobs() - jobs.size()
              : Math.max(1, size.jobs() * stream.percent / 100);
      for (int i = 0; i < count; i++) {
        Arrival job = job(dice, number++, stream.tenant);
        jobs.add(job);
        work += (double) job.workFuel() * job.tasks() * job.agreement();
      }
    }
    double burned = 0;
    for (Machine machine : machines) {
      burned += (double) machine.node().slots() * machine.node().fuelPerCpuSecond();
    }
    double horizonMillis = 1_000 * work / burned * 100 / size.loadPercent();
    var timed = new ArrayList<Arrival>();
    for (Stream stream : Stream.values()) {
      List<Arrival> own = jobs.stream().filter(job -> job.tenant().equals(stream.tenant)).toList();
      timed.addAll(timed(dice, own, stream.deviation, horizonMillis));
    }
    timed.sort(Comparator.comparingLong(Arrival::atMillis).thenComparingInt(Arrival::number));
    return timed;
  }

  /** Gaps with the stream's deviation, stretched to the time in which all of them come. */
  private static List<Arrival> timed(
      Dice dice, List<Arrival> jobs, double deviation, double horizonMillis) {
    double[] gaps = new double[jobs.size()];
    double sum = 0;
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = dice.lognormalOfMeanOne(deviation);
      sum += gaps[i];
    }
    var timed = new ArrayList<Arrival>();
    double at = 0;
    for (int i = 0; i < gaps.length; i++) {
      at += gaps[i] / sum * horizonMillis;
      timed.add(at(jobs.get(i), (long) at));
    }
    return timed;
  }

  private static Arrival at(Arrival job, long atMillis) {
    return new Arrival(
        job.number(),
        atMillis,
        job.tenant(),
        job.tasks(),
        job.gang(),
        job.workFuel(),
        job.fuelMax(),
        job.memoryMaxBytes(),
        job.priority(),
        job.agreement(),
        job.regions(),
        job.weights());
  }

  /** Sizes as openb has them: 86 of 100 take one card, 13 none, the rest several at once. */
  private static Arrival job(Dice dice, int number, TenantId tenant) {
    int kind = dice.weighted(860, 130, 5, 5);
    int tasks =
        switch (kind) {
          case 2 -> 8;
          case 3 -> 2 + 2 * dice.below(2);
          default -> 1;
        };
    double seconds = Math.clamp(dice.lognormal(PHILLY_MU, PHILLY_SIGMA), 1, DRAWN_SECONDS_MAX);
    boolean sharesItsCard = dice.chance(0.44);
    long mebibytes = kind == 1 ? 64 : sharesItsCard ? 128 + dice.below(128) : 256 + dice.below(640);
    return job(
        dice,
        number,
        0,
        tenant,
        tasks,
        tasks > 1,
        seconds,
        mebibytes,
        dice.chance(0.57) ? 6 : 3,
        dice.chance(0.33) ? List.of(Fleet.REGIONS.get(dice.below(Fleet.REGIONS.size()))) : null);
  }

  /**
   * A job with what traces do not tell: over-asked fuel, agreement, and what its policy prefers.
   */
  static Arrival job(
      Dice dice,
      int number,
      long atMillis,
      TenantId tenant,
      int tasks,
      boolean gang,
      double seconds,
      long mebibytes,
      int priority,
      @Nullable List<String> regions) {
    long fuel = Math.max(1, (long) (seconds * REFERENCE_FUEL_PER_SECOND));
    long max = (long) (fuel * dice.between(1.05, 3));
    int agreement = !gang && dice.chance(0.3) ? 2 : 1;
    Policy.Weights weights =
        switch (dice.below(5)) {
          case 0 -> new Policy.Weights(100, 0, 0, 0);
          case 1 -> new Policy.Weights(0, 100, 0, 0);
          case 2 -> new Policy.Weights(0, 0, 100, 0);
          case 3 -> new Policy.Weights(0, 0, 0, 100);
          default -> new Policy.Weights(50, 50, 50, 50);
        };
    return new Arrival(
        number,
        atMillis,
        tenant,
        tasks,
        gang,
        fuel,
        max,
        mebibytes << 20,
        priority,
        agreement,
        regions == null ? List.of() : regions,
        weights);
  }
}
