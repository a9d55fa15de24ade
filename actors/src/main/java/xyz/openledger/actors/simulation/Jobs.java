package xyz.openledger.actors.simulation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.Preemptions;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.pools.governance.Ruling;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.Workload;

/** Arrivals in the words of the product. */
final class Jobs {
  private static final Digest CODE = Digest.of("simulated".getBytes(StandardCharsets.UTF_8));

  /** What an honest replica comes to. */
  static final Digest TRUTH = Digest.of(LiveJob.TRUTH.getBytes(StandardCharsets.UTF_8));

  private static final long LEASE_MILLIS = 7 * 86_400_000L;

  /** The latest start of most of those that wait for a clean hour. */
  private static final long WITHIN_MILLIS = 86_400_000;

  private Jobs() {}

  /**
   * The job of an arrival.
   *
   * @param wishes what it asks for beside; it has money for as many replicas more
   */
  static JobEvent.Submitted submitted(Arrival arrival, Wishes wishes, long nowMillis) {
    Policy policy = policy(arrival, wishes);
    var spec =
        new JobSpec(
            "simulated",
            Map.of(
                Scheduling.PRIORITY_LABEL,
                String.valueOf(arrival.priority()),
                Scheduling.GANG_LABEL,
                String.valueOf(arrival.gang())),
            wishes.trains(arrival)
                ? new Workload.Finetune(CODE, arrival.fuelMax(), arrival.memoryMaxBytes(), 4_096)
                : new Workload.Wasm(CODE, arrival.fuelMax(), arrival.memoryMaxBytes(), 4_096),
            IntStream.range(0, arrival.tasks())
                .mapToObj(_ -> new JobSpec.Task(arguments(arrival, wishes), CODE))
                .toList(),
            policy,
            scheduling(arrival, wishes));
    return new JobEvent.Submitted(
        JobId.of(arrival.tenant(), "simulated " + arrival.number()),
        arrival.tenant(),
        spec,
        CODE,
        arrival.number() + 1L,
        0,
        Receipt.NO_RULES,
        nowMillis,
        governed(spec),
        null,
        null);
  }

  /** What is asked, with the price and the deadline of a job of that size. */
  private static Policy policy(Arrival arrival, Wishes wishes) {
    Policy asked = arrival.policy();
    Policy.Limits limits = asked.limits();
    long each = Price.ofReplica(arrival.fuelMax(), wishes.priceMax(arrival));
    return new Policy(
        asked.objective(),
        new Policy.Limits(
            each * arrival.tasks() * replicasMax(asked.verification()) * money(arrival, wishes),
            arrival.deadlineMillis(),
            limits.regions(),
            limits.carbonGramsPerKwhMax(),
            limits.reputationMin(),
            limits.roundTripMicrosMax(),
            limits.dataClass()),
        asked.verification(),
        capacity(arrival, wishes),
        asked.require(),
        asked.prefer(),
        asked.selector(),
        shift(arrival, wishes),
        asked.spread());
  }

  private static Policy.Capacity capacity(Arrival arrival, Wishes wishes) {
    return wishes.buysOnTheSpot(arrival)
        ? Policy.Capacity.SPOT
        : wishes.boughtAhead(arrival) ? Policy.Capacity.RESERVED : arrival.policy().capacity();
  }

  private static int replicasMax(Policy.Verification verification) {
    return verification.parameters().replicasMax();
  }

  /** What governance says of a job where nothing is voted: what data of its class ask. */
  private static Governed governed(JobSpec spec) {
    return switch (GovernedRules.NONE.rule(spec)) {
      case Ruling.Admitted(var governed) -> governed;
      case Ruling.Refused(var field, var why) ->
          throw new IllegalStateException(field + " of a drawn job: " + why);
    };
  }

  private static int money(Arrival arrival, Wishes wishes) {
    return (wishes.hedged() ? 2 : 1) * (wishes.mayStop(arrival) ? 1 + Preemptions.TIMES_MAX : 1);
  }

  private static List<String> arguments(Arrival arrival, Wishes wishes) {
    return wishes.trains(arrival) ? List.of(Workload.Finetune.TUNE, CODE.toString()) : List.of();
  }

  /** One in eight waits as long as its deadline lets it. */
  private static Policy.@Nullable Shift shift(Arrival arrival, Wishes wishes) {
    return wishes.mayWait(arrival)
        ? new Policy.Shift(0, arrival.number() % 8 == 1 ? null : (Long) WITHIN_MILLIS)
        : null;
  }

  private static xyz.openledger.protocol.@Nullable Scheduling scheduling(
      Arrival arrival, Wishes wishes) {
    Boolean hedge = wishes.hedged() ? true : null;
    Boolean preemptible = wishes.mayStop(arrival) ? true : null;
    // Who is in a hurry would rather hear that it is too late than wait to the end.
    Long queued = arrival.isHurried() ? (Long) (arrival.deadlineMillis() / 2) : null;
    return hedge == null && preemptible == null && queued == null
        ? null
        : new xyz.openledger.protocol.Scheduling(
            null, null, null, hedge, queued, null, null, preemptible);
  }

  static Grant grant(ReplicaId replica, Node node, long fence) {
    return new Grant(
        replica,
        node.id(),
        node.owner(),
        Fleet.POOL,
        fence,
        node.priceNanoOpenPerGigafuel(),
        LEASE_MILLIS,
        node.region(),
        node.carbonGramsPerKwh());
  }

  static Outcome outcome(Arrival arrival, String output) {
    return new Outcome(
        Outcome.Status.FINISHED,
        0,
        arrival.workFuel(),
        Digest.of(output.getBytes(StandardCharsets.UTF_8)),
        output.length());
  }

  static JobEvent.Revealed revealed(
      JobId job,
      ReplicaId replica,
      Outcome outcome,
      Receipt.SignedStatement statement,
      long nowMillis) {
    return new JobEvent.Revealed(
        job, List.of(new JobEvent.Reveal(replica, outcome, statement, null)), nowMillis);
  }

  /**
   * What machines come to for one job, whatever schedules it: computed here and not by the
   * production scores, which are judged by it.
   *
   * @param bestMillis how long it takes on the fastest that may run it, with nobody before it
   */
  record Field(double cheapest, double fastest, double cleanest, long bestMillis) {
    static Field of(Arrival arrival, List<Machine> machines) {
      double cheapest = Double.MAX_VALUE;
      double fastest = 0;
      double cleanest = Double.MAX_VALUE;
      for (Machine machine : machines) {
        Node node = machine.node();
        if (Clauses.may(arrival, node)) {
          cheapest = Math.min(cheapest, (double) node.priceNanoOpenPerGigafuel());
          fastest = Math.max(fastest, (double) node.fuelPerCpuSecond());
          cleanest = Math.min(cleanest, node.carbonGramsPerKwh());
        }
      }
      return new Field(
          cheapest, fastest, cleanest, (long) (arrival.workFuel() * 1_000.0 / fastest) + 1);
    }
  }

  /**
   * How good a machine is for a job by the job's own weights: each figure against the best of all
   * machines that may run it.
   *
   * @param reputed the best reputation there is
   */
  static double objective(
      Arrival arrival, Field field, Machine chosen, double reputation, double reputed) {
    Node node = chosen.node();
    Policy.Weights weights = arrival.weights();
    double sum =
        weights.cost() * field.cheapest / node.priceNanoOpenPerGigafuel()
            + weights.latency() * node.fuelPerCpuSecond() / field.fastest
            + weights.reliability() * reputation / Math.max(1, reputed)
            + weights.carbon() * field.cleanest / node.carbonGramsPerKwh();
    return sum / (weights.cost() + weights.latency() + weights.reliability() + weights.carbon());
  }
}
