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
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Reputation;

/** Arrivals in the words of the product. */
final class Jobs {
  private static final Digest CODE = Digest.of("simulated".getBytes(StandardCharsets.UTF_8));
  private static final long DEADLINE_MILLIS = 7 * 86_400_000L;
  private static final long LEASE_MILLIS = DEADLINE_MILLIS;

  /** Twice what the dearest machine asks: what a job may cost is never what keeps it waiting. */
  private static final long PRICE_MAX = 6_000_000;

  /** The latest start of most of those that wait for a clean hour. */
  private static final long WITHIN_MILLIS = 86_400_000;

  private Jobs() {}

  /**
   * The job of an arrival.
   *
   * @param wishes what it asks for beside; it has money for as many replicas more
   */
  static JobEvent.Submitted submitted(Arrival arrival, Wishes wishes, long nowMillis) {
    boolean quorum = arrival.agreement() > 1;
    int replicasMax = quorum ? 7 : 1;
    long each = Price.ofReplica(arrival.fuelMax(), PRICE_MAX);
    var policy =
        new Policy(
            new Policy.Objective(arrival.weights()),
            new Policy.Limits(
                each * arrival.tasks() * replicasMax * money(arrival, wishes),
                DEADLINE_MILLIS,
                arrival.regions(),
                null,
                0),
            new Policy.Verification(
                quorum ? Policy.Method.QUORUM : Policy.Method.TRUSTED,
                new Policy.Parameters(arrival.agreement(), replicasMax)),
            null,
            null,
            null,
            null,
            shift(arrival, wishes),
            null);
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
        nowMillis);
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
    return hedge == null && preemptible == null
        ? null
        : new xyz.openledger.protocol.Scheduling(
            null, null, null, hedge, null, null, null, preemptible);
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

  /** How long it takes on the fastest machine that may run it, with nobody before it. */
  static long bestMillis(Arrival arrival, List<Machine> machines) {
    double best = Double.MAX_VALUE;
    for (Machine machine : machines) {
      if (may(arrival, machine.node())) {
        best = Math.min(best, arrival.workFuel() * 1_000.0 / machine.node().fuelPerCpuSecond());
      }
    }
    return (long) best + 1;
  }

  /**
   * How good a machine is for a job by the job's own weights: each figure against the best of all
   * machines that may run it. Computed here and not by the production scores, which are judged by
   * it.
   */
  static double objective(
      Arrival arrival,
      Machine chosen,
      List<Machine> machines,
      Map<NodeId, Reputation> reputations) {
    double cheapest = Double.MAX_VALUE;
    double fastest = 0;
    double cleanest = Double.MAX_VALUE;
    double reputed = 1;
    for (Machine machine : machines) {
      Node node = machine.node();
      if (may(arrival, node)) {
        cheapest = Math.min(cheapest, (double) node.priceNanoOpenPerGigafuel());
        fastest = Math.max(fastest, (double) node.fuelPerCpuSecond());
        cleanest = Math.min(cleanest, node.carbonGramsPerKwh());
        reputed = Math.max(reputed, reputation(node, reputations));
      }
    }
    Node node = chosen.node();
    Policy.Weights weights = arrival.weights();
    double sum =
        weights.cost() * cheapest / node.priceNanoOpenPerGigafuel()
            + weights.latency() * node.fuelPerCpuSecond() / fastest
            + weights.reliability() * reputation(node, reputations) / reputed
            + weights.carbon() * cleanest / node.carbonGramsPerKwh();
    return sum / (weights.cost() + weights.latency() + weights.reliability() + weights.carbon());
  }

  private static double reputation(Node node, Map<NodeId, Reputation> reputations) {
    return reputations.getOrDefault(node.id(), Reputation.NEW).score();
  }

  private static boolean may(Arrival arrival, Node node) {
    return arrival.memoryMaxBytes() <= node.memoryMaxBytesPerSlot()
        && (arrival.regions().isEmpty() || arrival.regions().contains(node.region()));
  }
}
