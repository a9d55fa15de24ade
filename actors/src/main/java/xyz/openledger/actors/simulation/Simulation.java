package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import xyz.openledger.actors.job.Asking;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Hedges;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.job.JobRules;
import xyz.openledger.actors.job.Race;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Stragglers;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Reputation;
import xyz.openledger.verification.Verdict;

/**
 * One scenario under one scheduler, event by event in virtual time. What follows from an event is
 * for the production rules to say: {@link JobRules} for jobs, the scheduler for slots; this class
 * plays the nodes, the requesters and the clock.
 */
final class Simulation {
  private static final long AWAY_MILLIS = 1_800_000;
  private static final long SLOW_EVERY_MILLIS = 6 * 3_600_000L;
  private static final Receipt.SignedStatement UNSIGNED =
      new Receipt.SignedStatement(Receipt.NO_RULES, 1, 0, List.of(), "");
  private static final long MINTED = 1_000_000_000_000_000_000L;

  private final Scenario scenario;
  private final Scheduler scheduler;
  private final boolean hedged;
  private final Stragglers stragglers = new Stragglers();
  private final Invariants invariants;
  private final Usefulness usefulness;
  private final Dice dice;
  private final Books books = new Books();
  private final Outcomes outcomes = new Outcomes();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::sequence));
  private final Map<NodeId, Machine> machines = new TreeMap<>();
  private final Map<NodeId, Integer> running = new HashMap<>();
  private final Map<NodeId, Reputation> reputations = new HashMap<>();
  private final Map<JobId, Live> live = new LinkedHashMap<>();
  private final Map<TaskId, Invariants.Waits> waiting = new LinkedHashMap<>();
  private final Map<TaskId, Told> told = new HashMap<>();
  private final Map<ReplicaId, Outcome> said = new HashMap<>();
  private Roster roster = Roster.EMPTY;
  private long nowMillis;
  private long sequence;
  private long fence;
  private int unfinished;

  /** Something that will happen. */
  private record Event(long atMillis, long sequence, Runnable what) {}

  private record Told(Forecast.Eta eta, long atMillis) {}

  /** A job under way, and what has been asked for it and not granted. */
  private static final class Live {
    final Arrival arrival;
    final Map<Integer, TreeSet<Integer>> requested = new TreeMap<>();
    final Map<ReplicaId, Long> startedAt = new HashMap<>();
    Job job;
    boolean started;

    Live(Arrival arrival, Job job) {
      this.arrival = arrival;
      this.job = job;
    }

    int pending() {
      return requested.values().stream().mapToInt(TreeSet::size).sum();
    }
  }

  Simulation(Scenario scenario, Scheduler scheduler, Usefulness usefulness, String name) {
    this(scenario, scheduler, usefulness, name, false);
  }

  /** With jobs that all ask for second replicas beside stragglers, if {@code hedged}. */
  Simulation(
      Scenario scenario, Scheduler scheduler, Usefulness usefulness, String name, boolean hedged) {
    this.hedged = hedged;
    this.scenario = scenario;
    this.scheduler = scheduler;
    this.usefulness = usefulness;
    this.invariants = new Invariants(name + ", seed " + scenario.seed());
    this.dice = new Dice(scenario.seed() ^ 0x5ca1ab1eL);
  }

  Figures run() {
    scenario.arrivals().stream()
        .map(Arrival::tenant)
        .distinct()
        .forEach(tenant -> books.mint(tenant, MINTED / 100));
    unfinished = scenario.arrivals().size();
    scenario.machines().forEach(this::bring);
    scenario.arrivals().forEach(arrival -> at(arrival.atMillis(), () -> submit(arrival)));
    long lastArrival = scenario.arrivals().getLast().atMillis();
    while (unfinished > 0 && !events.isEmpty()) {
      Event event = events.remove();
      outcomes.passed(
          Math.min(event.atMillis(), lastArrival) - Math.min(nowMillis, lastArrival),
          running.values().stream().mapToInt(Integer::intValue).sum(),
          roster.nodes().stream().filter(Node::accepting).mapToInt(Node::slots).sum(),
          usefulness.fragmentation(roster));
      nowMillis = event.atMillis();
      event.what().run();
      pump();
      invariants.step(running, roster, books, nowMillis);
    }
    return outcomes.figures();
  }

  private void at(long atMillis, Runnable what) {
    events.add(new Event(atMillis, sequence++, what));
  }

  // Nodes.

  private void bring(Machine machine) {
    machines.put(machine.node().id(), machine);
    long joins = machine.joinsLate() ? 3_600_000L * dice.below(24) : 0;
    if (joins > 0) {
      at(joins, () -> up(machine));
    } else {
      up(machine);
    }
  }

  private void up(Machine machine) {
    set(machine.node().id(), true);
    if (machine.upMillis() > 0) {
      at(nowMillis + (long) dice.exponential((double) machine.upMillis()), () -> down(machine));
    }
  }

  private void down(Machine machine) {
    NodeId id = machine.node().id();
    set(id, false);
    for (Live one : List.copyOf(live.values())) {
      for (Job.Task task : one.job.tasks()) {
        for (JobReplica replica : task.replicas()) {
          if (replica.live() && replica.grant().node().equals(id)) {
            lose(one, replica);
          }
        }
      }
    }
    at(nowMillis + AWAY_MILLIS, () -> up(machine));
  }

  /** The node as it stands now. */
  private void set(NodeId id, boolean accepting) {
    Node node = machine(id).node();
    Reputation reputation = reputations.getOrDefault(id, Reputation.NEW);
    int free = Math.max(0, node.slots() - running.getOrDefault(id, 0));
    roster = roster.with(node.standing(free, reputation.score(), reputation.accepted(), accepting));
  }

  private Machine machine(NodeId id) {
    return Objects.requireNonNull(machines.get(id), "every node was brought");
  }

  private void refresh(NodeId id) {
    set(id, roster.find(id).map(Node::accepting).orElse(false));
  }

  // Jobs.

  private void submit(Arrival arrival) {
    JobEvent.Submitted submitted = Jobs.submitted(arrival, hedged, nowMillis);
    Job job = Job.of(submitted);
    var one = new Live(arrival, job);
    live.put(job.id(), one);
    books.hold(arrival.tenant(), job.id(), job.spec().policy().limits().priceMaxNanoOpen());
    at(job.deadlineAtMillis() + 1, () -> expire(job.id()));
    advance(one);
  }

  private void expire(JobId id) {
    Live one = live.get(id);
    if (one != null) {
      finish(
          one,
          new JobRules.Step.Finish(
              JobEvent.End.EXPIRED, Problem.DEADLINE_PASSED, "the deadline passed"));
    }
  }

  /** Does what the production rules say follows. */
  private void advance(Live one) {
    withdrawPointless(one);
    var asks = new TreeSet<Integer>();
    for (JobRules.Step step : JobRules.steps(one.job)) {
      switch (step) {
        case JobRules.Step.Lease lease -> {
          TreeSet<Integer> numbers =
              one.requested.computeIfAbsent(lease.task(), _ -> new TreeSet<>());
          Job.Task task = one.job.tasks().get(lease.task());
          while (numbers.size() < lease.count()) {
            int after = numbers.isEmpty() ? 0 : numbers.last() + 1;
            numbers.add(Math.max(task.replicas().size(), after));
            asks.add(lease.task());
          }
        }
        case JobRules.Step.Reveal(var replicas) ->
            at(nowMillis + 50, () -> reveal(one, List.copyOf(replicas)));
        case JobRules.Step.Finish finish -> {
          finish(one, finish);
          return;
        }
      }
    }
    asks.forEach(task -> ask(one, task));
  }

  private void ask(Live one, int index) {
    Job.Task task = one.job.tasks().get(index);
    Request request = Asking.request(one.job, task, one.pending());
    int count = Objects.requireNonNull(one.requested.get(index)).size();
    scheduler.offer(new PoolQueue.Entry(request, count, one.job.deadlineAtMillis()), nowMillis);
    waiting.putIfAbsent(request.task(), new Invariants.Waits(request, nowMillis));
    if (!task.replicas().isEmpty()) {
      outcomes.retried();
    }
  }

  private void pump() {
    if (waiting.isEmpty()) {
      return;
    }
    List<PoolQueue.Grant> grants = scheduler.next(roster, nowMillis);
    invariants.given(grants, roster, waiting, nowMillis);
    for (PoolQueue.Grant grant : grants) {
      place(grant);
    }
    for (TaskId task : waiting.keySet()) {
      if (!told.containsKey(task)) {
        scheduler.eta(task, nowMillis).ifPresent(eta -> told.put(task, new Told(eta, nowMillis)));
      }
    }
  }

  private void place(PoolQueue.Grant grant) {
    TaskId id = grant.entry().request().task();
    Live one = live.get(id.job());
    TreeSet<Integer> numbers = one == null ? null : one.requested.get(id.index());
    if (one == null || numbers == null) {
      throw new IllegalStateException(id + " was granted and does not wait");
    }
    var grants = new ArrayList<Grant>();
    for (Node node : grant.placement().chosen()) {
      var replica = new ReplicaId(id, numbers.removeFirst());
      grants.add(Jobs.grant(replica, node, ++fence));
    }
    if (numbers.isEmpty()) {
      waiting.remove(id);
      Told foretold = told.remove(id);
      if (foretold != null) {
        long waited = nowMillis - foretold.atMillis();
        Forecast.Eta eta = foretold.eta();
        outcomes.told(waited <= eta.p50Millis(), waited <= eta.p90Millis());
      }
    } else {
      // The rest asks for other owners than those it has been given.
      Request rest = Objects.requireNonNull(waiting.get(id)).request();
      for (Node node : grant.placement().chosen()) {
        rest = rest.after(node);
      }
      waiting.put(id, new Invariants.Waits(rest, waiting.get(id).sinceMillis()));
    }
    one.job = one.job.apply(new JobEvent.Placed(id.job(), grants, List.of(), nowMillis));
    invariants.budget(one.job, nowMillis);
    grants.forEach(it -> start(one, it));
    if (!one.started && one.job.tasks().stream().noneMatch(it -> it.replicas().isEmpty())) {
      one.started = true;
      outcomes.started(nowMillis - one.arrival.atMillis());
    }
  }

  private void start(Live one, Grant grant) {
    Machine machine = machine(grant.node());
    running.merge(grant.node(), 1, Integer::sum);
    refresh(grant.node());
    one.startedAt.put(grant.replica(), nowMillis);
    outcomes.placed(Jobs.objective(one.arrival, machine, scenario.machines(), reputations));
    boolean slow = machine.slowed() < 1 && nowMillis / SLOW_EVERY_MILLIS % 2 == 1;
    double speed = machine.node().fuelPerCpuSecond() * (slow ? machine.slowed() : 1);
    long millis =
        (long) (one.arrival.workFuel() * 1_000.0 / speed)
            + machine.node().roundTripMicros() / 1_000
            + 1;
    boolean lies = machine.lies() > 0 && dice.chance(machine.lies());
    at(nowMillis + millis, () -> ran(one, grant, lies));
    if (hedged) {
      stragglers.leased();
      WorkloadClass workload = workload(one);
      long late = stragglers.lateMillis(workload, foretold(one, grant));
      at(nowMillis + late + 1, () -> look(one, grant, late + 1));
    }
  }

  private static WorkloadClass workload(Live one) {
    return WorkloadClass.of(one.job.workload().fuelMax(), one.job.workload().memoryMaxBytes());
  }

  private long foretold(Live one, Grant grant) {
    return machine(grant.node()).node().durationMicros(one.job.workload().fuelMax()) / 1_000;
  }

  /** A replica should have been done by now: as in a pool, its job may take another beside it. */
  private void look(Live one, Grant grant, long runsMillis) {
    JobReplica replica = live.containsKey(one.job.id()) ? one.job.replica(grant.replica()) : null;
    if (replica == null
        || replica.phase() != JobReplica.Phase.LEASED
        || !stragglers.hedge(workload(one), foretold(one, grant), runsMillis, false)) {
      return;
    }
    var said = new JobMessage.Straggles(grant.replica(), grant.node(), grant.fence(), "runs long");
    Hedges.of(one.job, said, nowMillis).forEach(event -> apply(one, event));
  }

  /** What was asked for beside a straggler that has come is not wanted any more. */
  private void withdrawPointless(Live one) {
    for (Job.Task task : one.job.tasks()) {
      if (Race.isPointless(task) && one.requested.remove(task.index()) != null) {
        var id = new TaskId(one.job.id(), task.index());
        scheduler.cancel(id);
        waiting.remove(id);
        told.remove(id);
      }
    }
  }

  /** A node is done, if it still has the lease. */
  private void ran(Live one, Grant grant, boolean lies) {
    JobReplica replica = live.containsKey(one.job.id()) ? one.job.replica(grant.replica()) : null;
    if (replica == null || replica.phase() != JobReplica.Phase.LEASED) {
      return;
    }
    Long since = one.startedAt.get(grant.replica());
    if (hedged && since != null) {
      stragglers.brought(workload(one), foretold(one, grant), nowMillis - since);
    }
    Outcome outcome = Jobs.outcome(one.arrival, lies ? grant.node().value() : "the truth");
    free(one, grant, PoolQueue.End.BROUGHT);
    if (one.arrival.agreement() == 1) {
      apply(one, Jobs.revealed(one.job.id(), grant.replica(), outcome, UNSIGNED, nowMillis));
    } else {
      one.job =
          one.job.apply(
              new JobEvent.Committed(
                  one.job.id(),
                  List.of(new JobEvent.Commit(grant.replica(), outcome.digest())),
                  nowMillis));
      said.put(grant.replica(), outcome);
      advance(one);
    }
  }

  private void reveal(Live one, List<ReplicaId> replicas) {
    for (ReplicaId id : replicas) {
      JobReplica replica = live.containsKey(one.job.id()) ? one.job.replica(id) : null;
      Outcome outcome = said.get(id);
      if (replica != null && replica.phase() == JobReplica.Phase.COMMITTED && outcome != null) {
        said.remove(id);
        apply(one, Jobs.revealed(one.job.id(), id, outcome, UNSIGNED, nowMillis));
      }
    }
  }

  private void lose(Live one, JobReplica replica) {
    if (replica.phase() == JobReplica.Phase.LEASED) {
      free(one, replica.grant(), PoolQueue.End.LOST);
    }
    if (live.containsKey(one.job.id())) {
      apply(
          one,
          new JobEvent.Lost(
              one.job.id(),
              List.of(
                  new JobEvent.Loss(
                      replica.grant().replica(), Problem.NODE_LOST, "the node went away")),
              nowMillis));
    }
  }

  private void apply(Live one, JobEvent event) {
    one.job = one.job.apply(event);
    advance(one);
  }

  private void free(Live one, Grant grant, PoolQueue.End end) {
    running.computeIfPresent(grant.node(), (_, count) -> count > 1 ? count - 1 : null);
    scheduler.ended(grant.replica().task(), grant.node(), end, nowMillis);
    Machine machine = machine(grant.node());
    Long since = one.startedAt.remove(grant.replica());
    if (since != null) {
      outcomes.ran(nowMillis - since, machine.wattsPerSlot(), machine.node().carbonGramsPerKwh());
    }
    refresh(grant.node());
  }

  /** Pays whom the production rules say, gives the rest back, and calls the others off. */
  private void finish(Live one, JobRules.Step.Finish finish) {
    live.remove(one.job.id());
    unfinished--;
    for (int task : one.requested.keySet()) {
      var id = new TaskId(one.job.id(), task);
      scheduler.cancel(id);
      waiting.remove(id);
      told.remove(id);
    }
    long charged = 0;
    for (Job.Task task : one.job.tasks()) {
      var verdict = JobRules.verdict(one.job, task);
      for (JobReplica replica : task.replicas()) {
        Grant grant = replica.grant();
        if (replica.phase() == JobReplica.Phase.LEASED) {
          free(one, grant, PoolQueue.End.CALLED_BACK);
        }
        Payout usual =
            Payout.of(verdict, JobRules.replica(replica), grant.priceNanoOpenPerGigafuel());
        Outcome accepted = verdict instanceof Verdict.Accepted(var outcome, _, _) ? outcome : null;
        Payout payout = Race.payout(task, replica, accepted, one.arrival.agreement(), usual);
        books.pay(one.job.id(), grant.owner(), payout.nanoOpen());
        charged += payout.nanoOpen();
        conduct(payout.standing())
            .forEach(
                it -> {
                  reputations.merge(
                      grant.node(), Reputation.NEW.after(it), (old, _) -> old.after(it));
                  refresh(grant.node());
                });
      }
    }
    books.release(one.arrival.tenant(), one.job.id());
    outcomes.finished(
        one.arrival.tenant(),
        finish.problem() == null,
        nowMillis - one.arrival.atMillis(),
        Jobs.bestMillis(one.arrival, scenario.machines()),
        charged);
  }

  private static List<Reputation.Conduct> conduct(Receipt.Standing standing) {
    return switch (standing) {
      case ACCEPTED -> List.of(Reputation.Conduct.ACCEPTED);
      case REJECTED -> List.of(Reputation.Conduct.REJECTED);
      case LOST -> List.of(Reputation.Conduct.LOST);
      case RELEASED -> List.of();
    };
  }
}
