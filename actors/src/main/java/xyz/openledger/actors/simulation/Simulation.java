package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Asking;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Hedges;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.job.JobRules;
import xyz.openledger.actors.job.Race;
import xyz.openledger.actors.pool.Notices;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.TimeShift;
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
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Reputation;

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
  private static final long LOOK_MILLIS = 10_000;
  private static final long MINTED = 1_000_000_000_000_000_000L;

  private final Scenario scenario;
  private final Scheduler scheduler;
  private final Wishes wishes;
  private final Rules rules;
  private final HourlyGrid grid;
  private final Floor floor;
  private final TimeShift shift;
  private final Stragglers stragglers = new Stragglers();
  private final Invariants invariants;
  private final StoppingInvariants stopping;
  private final ShiftInvariants shifting;
  private final Usefulness usefulness;
  private final Dice dice;
  private final Books books = new Books();
  private final Outcomes outcomes = new Outcomes();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::sequence));
  private final Map<JobId, LiveJob> live = new LinkedHashMap<>();
  private final Map<TaskId, Invariants.Waits> waiting = new LinkedHashMap<>();
  private final Map<TaskId, Told> told = new HashMap<>();
  private final Map<ReplicaId, Outcome> said = new HashMap<>();
  private long nowMillis;
  private long sequence;
  private long fence;
  private int unfinished;

  /** Something that will happen. */
  private record Event(long atMillis, long sequence, Runnable what) {}

  private record Told(Forecast.Eta eta, long atMillis) {}

  Simulation(Scenario scenario, Scheduler scheduler, Usefulness usefulness, String name) {
    this(scenario, scheduler, usefulness, name, Wishes.NONE, Rules.PRODUCTION);
  }

  /** With jobs that ask for more, under rules that may be faulty. */
  Simulation(
      Scenario scenario,
      Scheduler scheduler,
      Usefulness usefulness,
      String name,
      Wishes wishes,
      Rules rules) {
    this.wishes = wishes;
    this.rules = rules;
    this.grid = new HourlyGrid(scenario.seed());
    this.floor = new Floor(wishes.hourly() ? grid : null);
    this.shift = new TimeShift(grid);
    this.scenario = scenario;
    this.scheduler = scheduler;
    this.usefulness = usefulness;
    String where = name + ", seed " + scenario.seed();
    this.invariants = new Invariants(where);
    this.stopping = new StoppingInvariants(where);
    this.shifting = new ShiftInvariants(where);
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
    if (wishes.hourly()) {
      at(HourlyGrid.HOUR_MILLIS, this::turn);
    }
    if (wishes.preemptible()) {
      at(LOOK_MILLIS, this::look);
    }
    long lastArrival = scenario.arrivals().getLast().atMillis();
    while (unfinished > 0 && !events.isEmpty()) {
      Event event = events.remove();
      outcomes.passed(
          Math.min(event.atMillis(), lastArrival) - Math.min(nowMillis, lastArrival),
          floor.busySlots(),
          floor.openSlots(),
          usefulness.fragmentation(floor.roster()));
      nowMillis = event.atMillis();
      event.what().run();
      pump();
      invariants.step(floor.running(), floor.roster(), books, nowMillis);
    }
    return outcomes.figures();
  }

  private void at(long atMillis, Runnable what) {
    events.add(new Event(atMillis, sequence++, what));
  }

  // Nodes.

  private void bring(Machine machine) {
    floor.bring(machine);
    long joins = machine.joinsLate() ? 3_600_000L * dice.below(24) : 0;
    if (joins > 0) {
      at(joins, () -> up(machine));
    } else {
      up(machine);
    }
  }

  private void up(Machine machine) {
    floor.set(machine.node().id(), true, nowMillis);
    if (machine.upMillis() > 0) {
      at(nowMillis + (long) dice.exponential((double) machine.upMillis()), () -> down(machine));
    }
  }

  private void down(Machine machine) {
    NodeId id = machine.node().id();
    floor.set(id, false, nowMillis);
    for (LiveJob one : List.copyOf(live.values())) {
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

  /** Another hour has begun. */
  private void turn() {
    floor.refreshAll(nowMillis);
    at(nowMillis + HourlyGrid.HOUR_MILLIS, this::turn);
  }

  // Jobs.

  private void submit(Arrival arrival) {
    JobEvent.Submitted submitted = Jobs.submitted(arrival, wishes, nowMillis);
    Job job = Job.of(submitted);
    var one = new LiveJob(arrival, job);
    live.put(job.id(), one);
    books.hold(arrival.tenant(), job.id(), job.spec().policy().limits().priceMaxNanoOpen());
    at(job.deadlineAtMillis() + 1, () -> expire(job.id()));
    advance(one);
  }

  private void expire(JobId id) {
    LiveJob one = live.get(id);
    if (one != null) {
      one.shiftedSince.keySet().stream()
          .findFirst()
          .ifPresent(task -> shifting.expired(new TaskId(id, task), nowMillis));
      finish(
          one,
          new JobRules.Step.Finish(
              JobEvent.End.EXPIRED, Problem.DEADLINE_PASSED, "the deadline passed"));
    }
  }

  /** Does what the production rules say follows. */
  private void advance(LiveJob one) {
    withdrawPointless(one);
    one.later.clear();
    var asks = new TreeSet<Integer>();
    for (JobRules.Step step : JobRules.steps(one.job)) {
      switch (step) {
        case JobRules.Step.Lease lease -> {
          TreeSet<Integer> numbers =
              one.requested.computeIfAbsent(lease.task(), _ -> new TreeSet<>());
          one.later.put(lease.task(), lease.later());
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

  private void ask(LiveJob one, int index) {
    Job.Task task = one.job.tasks().get(index);
    Request request = Asking.request(one.job, task, one.pending());
    if (postponed(one, request)) {
      return;
    }
    int count = Objects.requireNonNull(one.requested.get(index)).size();
    scheduler.offer(new PoolQueue.Entry(request, count, one.job.deadlineAtMillis()), nowMillis);
    waiting.putIfAbsent(request.task(), new Invariants.Waits(request, nowMillis));
    if (!task.replicas().isEmpty()) {
      outcomes.retried();
    }
  }

  /** Whether a task that could start now waits for a cleaner hour: then it asks again by itself. */
  private boolean postponed(LiveJob one, Request request) {
    TaskId task = request.task();
    if (!wishes.shifts() || request.attempt() > 0 || waiting.containsKey(task)) {
      return false;
    }
    List<Node> nodes = List.copyOf(floor.roster().nodes());
    long deadline = one.job.deadlineAtMillis();
    TimeShift.Wait wait = rules.shift(shift, request, nodes, deadline, nowMillis).orElse(null);
    if (wait == null) {
      return false;
    }
    shifting.waits(request, wait, nodes, deadline, nowMillis);
    if (one.shiftedSince.putIfAbsent(task.index(), nowMillis) == null) {
      outcomes.shifted();
    }
    at(
        wait.untilMillis(),
        () -> {
          if (live.containsKey(task.job()) && one.requested.containsKey(task.index())) {
            ask(one, task.index());
          }
        });
    return true;
  }

  /** Asks those to make room who must, for those that have waited too long. */
  private void look() {
    for (Notices.Demand demand : scheduler.demands(floor.roster(), nowMillis)) {
      LiveJob one = live.get(demand.said().replica().job());
      if (one != null) {
        for (JobEvent event : rules.notice(one.job, demand.said(), nowMillis)) {
          stopping.stopped(event, nowMillis);
          if (event instanceof JobEvent.Noticed noticed) {
            stopping.noticed(one.job, noticed, waiting.get(demand.waits()), nowMillis);
            at(nowMillis + noticed.noticeMillis(), () -> noticeIsOver(one, noticed));
          }
          apply(one, event);
        }
      }
    }
    at(nowMillis + LOOK_MILLIS, this::look);
  }

  /** A node that saves says that it stopped; of the others the job knows by its own clock. */
  private void noticeIsOver(LiveJob one, JobEvent.Noticed noticed) {
    JobReplica replica = live.containsKey(one.job.id()) ? one.job.replica(noticed.replica()) : null;
    LiveJob.Run run = one.runs.get(noticed.replica());
    if (replica == null || replica.phase() != JobReplica.Phase.LEASED || run == null) {
      return;
    }
    JobEvent said = wishes.trains(one.arrival) ? stops(one, replica, run, noticed) : null;
    for (JobEvent event : said == null ? rules.over(one.job, nowMillis) : List.of(said)) {
      stopping.stopped(event, nowMillis);
      if (event instanceof JobEvent.Preempted over) {
        outcomes.preempted();
        free(
            one,
            Objects.requireNonNull(one.job.replica(over.replica())).grant(),
            PoolQueue.End.CALLED_BACK);
      }
      apply(one, event);
      invariants.budget(one.job, nowMillis);
    }
  }

  /** As agents do, it saves after the last step that is done in half of the notice. */
  private @Nullable JobEvent stops(
      LiveJob one, JobReplica replica, LiveJob.Run run, JobEvent.Noticed noticed) {
    Grant grant = replica.grant();
    long saves = noticed.atMillis() + noticed.noticeMillis() / 2;
    long burnt = (long) (run.fuelPerSecond() * (saves - run.sinceMillis()) / 1_000);
    SavedState saved = Training.saved(one.arrival, grant, burnt, run.says());
    if (saved != null) {
      one.states.put(saved.blob(), run.says());
    }
    return rules.stopped(
        one.job,
        new JobMessage.Lost(
            grant.replica(),
            grant.node(),
            grant.fence(),
            Problem.DEADLINE_PASSED,
            "its notice is over",
            null,
            saved),
        nowMillis);
  }

  private void pump() {
    if (waiting.isEmpty()) {
      return;
    }
    List<PoolQueue.Grant> grants = scheduler.next(floor.roster(), nowMillis);
    invariants.given(grants, floor.roster(), waiting, nowMillis);
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
    Request asked = grant.entry().request();
    TaskId id = asked.task();
    LiveJob one = live.get(id.job());
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
    List<Grant> assigned = rules.assign(one.job, grants);
    stopping.assigned(one.job, assigned, nowMillis);
    one.job = one.job.apply(new JobEvent.Placed(id.job(), assigned, List.of(), nowMillis));
    invariants.budget(one.job, nowMillis);
    assigned.forEach(it -> start(one, it));
    if (rules.mayStop(one.job, one.job.tasks().get(id.index()))) {
      assigned.forEach(
          it -> scheduler.began(it, floor.now(it.node(), nowMillis), asked, nowMillis));
    }
    if (!one.started && one.job.tasks().stream().noneMatch(it -> it.replicas().isEmpty())) {
      one.started = true;
      outcomes.started(nowMillis - one.arrival.atMillis());
    }
  }

  private void start(LiveJob one, Grant grant) {
    Machine machine = floor.machine(grant.node());
    floor.took(grant.node(), nowMillis);
    outcomes.placed(Jobs.objective(one.arrival, machine, scenario.machines(), floor.reputations()));
    boolean slow = machine.slowed() < 1 && nowMillis / SLOW_EVERY_MILLIS % 2 == 1;
    double speed = machine.node().fuelPerCpuSecond() * (slow ? machine.slowed() : 1);
    long millis =
        (long) (Training.left(one.arrival, grant) * 1_000.0 / speed)
            + machine.node().roundTripMicros() / 1_000
            + 1;
    boolean lies = machine.lies() > 0 && dice.chance(machine.lies());
    one.runs.put(grant.replica(), new LiveJob.Run(nowMillis, speed, one.says(grant, lies)));
    at(nowMillis + millis, () -> ran(one, grant));
    if (wishes.hedged()) {
      stragglers.leased();
      WorkloadClass workload = one.workload();
      long late = stragglers.lateMillis(workload, foretold(one, grant));
      at(nowMillis + late + 1, () -> look(one, grant, late + 1));
    }
  }

  private long foretold(LiveJob one, Grant grant) {
    return floor.machine(grant.node()).node().durationMicros(one.job.workload().fuelMax()) / 1_000;
  }

  /** A replica should have been done by now: as in a pool, its job may take another beside it. */
  private void look(LiveJob one, Grant grant, long runsMillis) {
    JobReplica replica = live.containsKey(one.job.id()) ? one.job.replica(grant.replica()) : null;
    if (replica == null
        || replica.phase() != JobReplica.Phase.LEASED
        || !stragglers.hedge(one.workload(), foretold(one, grant), runsMillis, false)) {
      return;
    }
    var said = new JobMessage.Straggles(grant.replica(), grant.node(), grant.fence(), "runs long");
    Hedges.of(one.job, said, nowMillis).forEach(event -> apply(one, event));
  }

  /** What was asked for beside a straggler that has come is not wanted any more. */
  private void withdrawPointless(LiveJob one) {
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
  private void ran(LiveJob one, Grant grant) {
    JobReplica replica = live.containsKey(one.job.id()) ? one.job.replica(grant.replica()) : null;
    if (replica == null || replica.phase() != JobReplica.Phase.LEASED) {
      return;
    }
    LiveJob.Run run = Objects.requireNonNull(one.runs.get(grant.replica()), "what runs has begun");
    if (wishes.hedged()) {
      stragglers.brought(one.workload(), foretold(one, grant), nowMillis - run.sinceMillis());
    }
    Outcome outcome = Jobs.outcome(one.arrival, run.says());
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

  private void reveal(LiveJob one, List<ReplicaId> replicas) {
    for (ReplicaId id : replicas) {
      JobReplica replica = live.containsKey(one.job.id()) ? one.job.replica(id) : null;
      Outcome outcome = said.get(id);
      if (replica != null && replica.phase() == JobReplica.Phase.COMMITTED && outcome != null) {
        said.remove(id);
        apply(one, Jobs.revealed(one.job.id(), id, outcome, UNSIGNED, nowMillis));
      }
    }
  }

  private void lose(LiveJob one, JobReplica replica) {
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

  private void apply(LiveJob one, JobEvent event) {
    one.job = one.job.apply(event);
    advance(one);
  }

  private void free(LiveJob one, Grant grant, PoolQueue.End end) {
    floor.gaveBack(grant.node());
    scheduler.ended(grant.replica().task(), grant.node(), end, nowMillis);
    Machine machine = floor.machine(grant.node());
    scheduler.over(grant.replica());
    LiveJob.Run run = one.runs.remove(grant.replica());
    if (run != null) {
      emitted(one, grant, machine, run.sinceMillis());
    }
    floor.refresh(grant.node(), nowMillis);
  }

  private void emitted(LiveJob one, Grant grant, Machine machine, long sinceMillis) {
    if (!wishes.hourly()) {
      outcomes.ran(
          nowMillis - sinceMillis, machine.wattsPerSlot(), machine.node().carbonGramsPerKwh());
      return;
    }
    double grams = grid.grams(machine, sinceMillis, nowMillis);
    outcomes.emitted(grams);
    Long first = one.shiftedSince.get(grant.replica().task().index());
    if (first != null) {
      outcomes.saved(grid.grams(machine, first, first + nowMillis - sinceMillis) - grams);
    }
  }

  /** Pays whom the production rules say, gives the rest back, and calls the others off. */
  private void finish(LiveJob one, JobRules.Step.Finish finish) {
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
      List<Payout> payouts = rules.payouts(one.job, task);
      stopping.paid(one.job, task, payouts, nowMillis);
      for (int i = 0; i < payouts.size(); i++) {
        JobReplica replica = task.replicas().get(i);
        Payout payout = payouts.get(i);
        Grant grant = replica.grant();
        if (replica.phase() == JobReplica.Phase.LEASED) {
          free(one, grant, PoolQueue.End.CALLED_BACK);
        }
        books.pay(one.job.id(), grant.owner(), payout.nanoOpen());
        charged += payout.nanoOpen();
        conduct(payout.standing()).forEach(it -> floor.conducted(grant.node(), it, nowMillis));
      }
    }
    invariants.charged(one.job, charged, nowMillis);
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
