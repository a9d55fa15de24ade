package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
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

  /** What a task of an adaptive job comes to in replicas, about: measured, for the load alone. */
  private static final int ADAPTIVE_REPLICAS = 2;

  /** Twice what the dearest machine asks: most jobs do not wait for a cheaper one. */
  private static final long PRICE_MAX = 6_000_000;

  static final long DEADLINE_MILLIS = 7 * 86_400_000L;

  /** What a trading order, which is of no use later, takes beside its run. */
  private static final long HURRY_MILLIS = 1_800_000;

  /** What is drawn for jobs, each thing by dice of its own. */
  record Draws(Dice jobs, Dice asks, PolicyMixture policies, List<Machine> machines) {}

  static Scenario draw(long seed, Size size) {
    var dice = new Dice(seed);
    Dice fleet = dice.split();
    Dice jobs = dice.split();
    List<Machine> machines = Fleet.draw(fleet, dice.split(), size.nodes());
    var draws = new Draws(jobs, dice.split(), new PolicyMixture(dice.split(), machines), machines);
    List<Trace.Row> trace = size.trace();
    List<Arrival> arrivals = trace == null ? arrivals(draws, size) : Trace.arrivals(trace, draws);
    return new Scenario(seed, machines, arrivals);
  }

  private static List<Arrival> arrivals(Draws draws, Size size) {
    var jobs = new ArrayList<Arrival>();
    double work = 0;
    int number = 0;
    for (Stream stream : Stream.values()) {
      int count =
          stream == Stream.IMAGES
              ? size.jobs() - jobs.size()
              : Math.max(1, size.jobs() * stream.percent / 100);
      for (int i = 0; i < count; i++) {
        Arrival job = job(draws, number++, stream.tenant);
        jobs.add(job);
        work += (double) job.workFuel() * job.tasks() * replicas(job.verification());
      }
    }
    double burned = 0;
    for (Machine machine : draws.machines) {
      burned += (double) machine.node().slots() * machine.node().fuelPerCpuSecond();
    }
    double horizonMillis = 1_000 * work / burned * 100 / size.loadPercent();
    var timed = new ArrayList<Arrival>();
    for (Stream stream : Stream.values()) {
      List<Arrival> own = jobs.stream().filter(job -> job.tenant().equals(stream.tenant)).toList();
      timed.addAll(timed(draws.jobs, own, stream.deviation, horizonMillis));
    }
    timed.sort(Comparator.comparingLong(Arrival::atMillis).thenComparingInt(Arrival::number));
    return timed;
  }

  private static int replicas(Policy.Verification verification) {
    return verification.method() == Policy.Method.ADAPTIVE
        ? ADAPTIVE_REPLICAS
        : verification.parameters().agreement();
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
      timed.add(jobs.get(i).at((long) at));
    }
    return timed;
  }

  /**
   * Sizes as openb has them: 86 of 100 take one card, 13 none, the rest several at once. One in
   * twenty-five of the others is an array: the same work in several tasks.
   */
  private static Arrival job(Draws draws, int number, TenantId tenant) {
    Dice dice = draws.jobs;
    int kind = dice.weighted(860, 130, 5, 5);
    int gang =
        switch (kind) {
          case 2 -> 8;
          case 3 -> 2 + 2 * dice.below(2);
          default -> 1;
        };
    int tasks = gang > 1 ? gang : draws.asks.chance(0.04) ? 4 + 4 * draws.asks.below(4) : 1;
    double seconds = Math.clamp(dice.lognormal(PHILLY_MU, PHILLY_SIGMA), 1, DRAWN_SECONDS_MAX);
    boolean sharesItsCard = dice.chance(0.44);
    long mebibytes = kind == 1 ? 64 : sharesItsCard ? 128 + dice.below(128) : 256 + dice.below(640);
    return job(
        draws,
        number,
        0,
        tenant,
        tasks,
        gang > 1,
        gang > 1 ? seconds : seconds / tasks,
        mebibytes,
        dice.chance(0.57) ? 6 : 3,
        null);
  }

  /** A job with what traces do not tell: over-asked fuel, its policy, its price and deadline. */
  static Arrival job(
      Draws draws,
      int number,
      long atMillis,
      TenantId tenant,
      int tasks,
      boolean gang,
      double seconds,
      long mebibytes,
      int priority,
      @Nullable String region) {
    long fuel = Math.max(1, (long) (seconds * REFERENCE_FUEL_PER_SECOND));
    long max = (long) (fuel * draws.jobs.between(1.05, 3));
    PolicyMixture.Drawn drawn = draws.policies.next(gang, region);
    long hurried = HURRY_MILLIS + 8 * (max / (REFERENCE_FUEL_PER_SECOND / 1_000));
    var job =
        new Arrival(
            number,
            atMillis,
            tenant,
            tasks,
            gang,
            fuel,
            max,
            mebibytes << 20,
            priority,
            drawn.policy(),
            PRICE_MAX,
            drawn.ready() == ReadyPolicy.TRADING
                ? Math.min(DEADLINE_MILLIS, hurried)
                : DEADLINE_MILLIS);
    boolean thrifty = drawn.ready() == ReadyPolicy.CHEAPEST && draws.asks.chance(0.3);
    return thrifty ? job.paying(lowest(job, draws)) : job;
  }

  /** A limit that two machines that neither lie nor leave still meet, and not many others. */
  private static long lowest(Arrival job, Draws draws) {
    List<Long> prices =
        draws.machines.stream()
            .limit(Fleet.STEADY)
            .map(Machine::node)
            .filter(node -> Clauses.may(job, node))
            .map(Node::priceNanoOpenPerGigafuel)
            .sorted()
            .toList();
    return (long) (prices.get(1) * draws.asks.between(1, 1.2)) + 1;
  }
}
