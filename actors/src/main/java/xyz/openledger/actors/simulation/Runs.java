package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Hedges;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.job.JobRules;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Stragglers;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;

/** Replicas as machines run them: how long, with what result, and what becomes of it. */
final class Runs {
  private static final long SLOW_EVERY_MILLIS = 6 * 3_600_000L;
  private static final long REVEAL_MILLIS = 50;
  private static final Receipt.SignedStatement UNSIGNED =
      new Receipt.SignedStatement(Receipt.NO_RULES, 1, 0, List.of(), "");

  private final World world;
  private final Dice dice;
  private final Stragglers stragglers = new Stragglers();
  private final Map<ReplicaId, Outcome> said = new HashMap<>();

  Runs(World world) {
    this.world = world;
    this.dice = new Dice(world.scenario.seed() ^ 0x11e5L);
  }

  /** A lease begins. */
  void start(LiveJob one, Grant grant) {
    long now = world.nowMillis();
    Machine machine = world.floor.machine(grant.node());
    Job.Task task = one.job.tasks().get(grant.replica().task().index());
    boolean atOnce = JobRules.showsAtOnce(one.job, task, grant);
    world.ahead.took(grant, one.arrival.tenant());
    world.floor.took(grant.node(), now);
    world.quotas.began(one.job, grant);
    world.outcomes.placed(
        Jobs.objective(
            one.arrival,
            one.field,
            machine,
            world.floor.reputation(grant.node()),
            world.floor.reputed()));
    boolean slow = machine.slowed() < 1 && now / SLOW_EVERY_MILLIS % 2 == 1;
    double speed = machine.node().fuelPerCpuSecond() * (slow ? machine.slowed() : 1);
    long millis =
        (long) (Training.left(one.arrival, grant) * 1_000.0 / speed)
            + machine.node().roundTripMicros() / 1_000
            + 1;
    boolean lies = machine.lies() > 0 && dice.chance(machine.lies());
    one.runs.put(grant.replica(), new LiveJob.Run(now, speed, one.says(grant, lies), atOnce));
    world.agenda.at(now + millis, () -> ran(one, grant));
    if (world.wishes.hedged()) {
      stragglers.leased();
      long late = stragglers.lateMillis(one.workload(), foretold(one, grant));
      world.agenda.at(now + late + 1, () -> look(one, grant, late + 1));
    }
  }

  private long foretold(LiveJob one, Grant grant) {
    return world.floor.machine(grant.node()).node().durationMicros(one.job.workload().fuelMax())
        / 1_000;
  }

  private @Nullable JobReplica replica(LiveJob one, ReplicaId id) {
    return world.live.containsKey(one.job.id()) ? one.job.replica(id) : null;
  }

  /** A replica should have been done by now: as in a pool, its job may take another beside it. */
  private void look(LiveJob one, Grant grant, long runsMillis) {
    JobReplica replica = replica(one, grant.replica());
    if (replica == null
        || replica.phase() != JobReplica.Phase.LEASED
        || !stragglers.hedge(one.workload(), foretold(one, grant), runsMillis, false)) {
      return;
    }
    var straggles =
        new JobMessage.Straggles(grant.replica(), grant.node(), grant.fence(), "runs long");
    Hedges.of(one.job, straggles, world.nowMillis()).forEach(event -> world.jobs.apply(one, event));
  }

  /** A node is done, if it still has the lease. */
  private void ran(LiveJob one, Grant grant) {
    JobReplica replica = replica(one, grant.replica());
    if (replica == null || replica.phase() != JobReplica.Phase.LEASED) {
      return;
    }
    long now = world.nowMillis();
    LiveJob.Run run = Objects.requireNonNull(one.runs.get(grant.replica()), "what runs has begun");
    if (world.wishes.hedged()) {
      WorkloadClass workload = one.workload();
      stragglers.brought(workload, foretold(one, grant), now - run.sinceMillis());
    }
    Outcome outcome = Jobs.outcome(one.arrival, run.says());
    free(one, grant, PoolQueue.End.BROUGHT);
    if (run.atOnce()) {
      world.jobs.apply(one, Jobs.revealed(one.job.id(), grant.replica(), outcome, UNSIGNED, now));
    } else {
      said.put(grant.replica(), outcome);
      world.jobs.apply(
          one,
          new JobEvent.Committed(
              one.job.id(), List.of(new JobEvent.Commit(grant.replica(), outcome.digest())), now));
    }
  }

  /** Asks nodes to show what they committed to; they do, a moment later. */
  void reveal(LiveJob one, List<ReplicaId> replicas) {
    world.agenda.at(world.nowMillis() + REVEAL_MILLIS, () -> revealed(one, replicas));
  }

  private void revealed(LiveJob one, List<ReplicaId> replicas) {
    for (ReplicaId id : replicas) {
      JobReplica replica = replica(one, id);
      Outcome outcome = said.get(id);
      if (replica != null && replica.phase() == JobReplica.Phase.COMMITTED && outcome != null) {
        said.remove(id);
        world.jobs.apply(
            one, Jobs.revealed(one.job.id(), id, outcome, UNSIGNED, world.nowMillis()));
      }
    }
  }

  /** A node went away with a replica. */
  void lose(LiveJob one, JobReplica replica) {
    if (replica.phase() == JobReplica.Phase.LEASED) {
      world.gangs.lost(replica.grant().node(), world.nowMillis());
      free(one, replica.grant(), PoolQueue.End.LOST);
    }
    if (world.live.containsKey(one.job.id())) {
      world.jobs.apply(
          one,
          new JobEvent.Lost(
              one.job.id(),
              List.of(
                  new JobEvent.Loss(
                      replica.grant().replica(), Problem.NODE_LOST, "the node went away")),
              world.nowMillis()));
    }
  }

  /** A lease is over. */
  void free(LiveJob one, Grant grant, PoolQueue.End end) {
    long now = world.nowMillis();
    world.floor.gaveBack(grant.node());
    world.ahead.freed(grant, one.arrival.tenant());
    world.quotas.ended(one.job, grant);
    world.scheduler.ended(grant.replica().task(), grant.node(), end, now);
    world.scheduler.over(grant.replica());
    LiveJob.Run run = one.runs.remove(grant.replica());
    if (run != null) {
      emitted(one, grant, run.sinceMillis());
    }
    world.floor.refresh(grant.node(), now);
  }

  private void emitted(LiveJob one, Grant grant, long sinceMillis) {
    long now = world.nowMillis();
    Machine machine = world.floor.machine(grant.node());
    if (!world.wishes.hourly()) {
      world.outcomes.ran(
          now - sinceMillis, machine.wattsPerSlot(), machine.node().carbonGramsPerKwh());
      return;
    }
    double grams = world.grid.grams(machine, sinceMillis, now);
    world.outcomes.emitted(grams);
    Long first = one.shiftedSince.get(grant.replica().task().index());
    if (first != null) {
      world.outcomes.saved(world.grid.grams(machine, first, first + now - sinceMillis) - grams);
    }
  }
}
