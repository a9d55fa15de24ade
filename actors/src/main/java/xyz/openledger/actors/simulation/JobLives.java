package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.actors.job.Asking;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.job.JobRules;
import xyz.openledger.actors.job.Race;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.verification.Payout;
import xyz.openledger.verification.Reputation;

/** Jobs from submission to their end, step by step as the production rules say. */
final class JobLives {
  private final World world;
  private final Postponing postponing;
  private int unfinished;

  JobLives(World world) {
    this.world = world;
    this.postponing = new Postponing(world);
  }

  void expect(int jobs) {
    unfinished = jobs;
  }

  int unfinished() {
    return unfinished;
  }

  void submit(Arrival arrival) {
    JobEvent.Submitted submitted = Jobs.submitted(arrival, world.wishes, world.nowMillis());
    Job job = Job.of(submitted);
    var one = new LiveJob(arrival, job, Jobs.Field.of(arrival, world.scenario.machines()));
    world.live.put(job.id(), one);
    world.books.hold(arrival.tenant(), job.id(), job.spec().policy().limits().priceMaxNanoOpen());
    world.agenda.at(job.deadlineAtMillis() + 1, () -> look(one));
    advance(one);
  }

  /** Whether a job's time has passed, altogether or at what it is at. */
  private void look(LiveJob one) {
    if (!world.live.containsKey(one.job.id())) {
      return;
    }
    long now = world.nowMillis();
    JobRules.Step.Finish passed = world.rules.passed(one.job, now);
    var waiting = new HashMap<>(world.waiting);
    waiting.putAll(world.ahead.waiting());
    world.invariants.inTime(one.job, passed, waiting, now);
    if (passed != null) {
      one.shiftedSince.keySet().stream()
          .findFirst()
          .ifPresent(task -> world.shifting.expired(new TaskId(one.job.id(), task), now));
      finish(one, passed);
    }
  }

  void apply(LiveJob one, JobEvent event) {
    one.job = one.job.apply(event);
    advance(one);
  }

  /** Does what the production rules say follows. */
  private void advance(LiveJob one) {
    withdrawPointless(one);
    one.later.clear();
    var asks = new TreeSet<Integer>();
    for (JobRules.Step step : world.rules.steps(one.job)) {
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
        case JobRules.Step.Reveal(var replicas) -> world.runs.reveal(one, List.copyOf(replicas));
        case JobRules.Step.Finish finish -> {
          finish(one, finish);
          return;
        }
      }
    }
    asks.forEach(task -> ask(one, task));
  }

  /** Asks for the slots of a task: in the queue, or on the market. */
  void ask(LiveJob one, int index) {
    Job.Task task = one.job.tasks().get(index);
    Request request = Asking.request(one.job, task, one.pending());
    if (postponing.postponed(one, request)) {
      return;
    }
    long now = world.nowMillis();
    int count = Objects.requireNonNull(one.requested.get(index)).size();
    var entry = new PoolQueue.Entry(request, count, one.job.deadlineAtMillis());
    switch (request.policy().capacity()) {
      case SPOT -> world.market.bid(request, count);
      case RESERVED -> world.ahead.ask(entry);
      case ON_DEMAND -> {
        world.scheduler.offer(entry, now);
        Invariants.Waits before = world.waiting.get(request.task());
        world.waiting.put(
            request.task(),
            new Invariants.Waits(request, before == null ? now : before.sinceMillis()));
      }
    }
    Long queued = one.job.spec().scheduled().queuedMillisMax();
    if (queued != null) {
      world.agenda.at(now + queued + 1, () -> look(one));
    }
    if (!task.replicas().isEmpty()) {
      world.outcomes.retried();
    }
  }

  /** What was asked for beside a straggler that has come is not wanted any more. */
  private void withdrawPointless(LiveJob one) {
    for (Job.Task task : one.job.tasks()) {
      if (Race.isPointless(task) && one.requested.remove(task.index()) != null) {
        withdraw(new TaskId(one.job.id(), task.index()));
      }
    }
  }

  private void withdraw(TaskId task) {
    world.scheduler.cancel(task);
    world.market.cancel(task);
    world.ahead.cancel(task);
    world.waiting.remove(task);
    world.forecasts.withdrawn(task);
  }

  /** Pays whom the production rules say, gives the rest back, and calls the others off. */
  private void finish(LiveJob one, JobRules.Step.Finish finish) {
    Job job = one.job;
    long now = world.nowMillis();
    world.live.remove(job.id());
    unfinished--;
    one.requested.keySet().forEach(task -> withdraw(new TaskId(job.id(), task)));
    long charged = 0;
    for (Job.Task task : job.tasks()) {
      List<Payout> payouts = world.rules.payouts(job, task);
      world.stopping.paid(job, task, payouts, now);
      world.belief.decided(job, task, payouts, finish.problem() == null, now);
      charged += pay(one, task, payouts);
      world.outcomes.decided(task, payouts, finish.problem() == null);
    }
    world.invariants.charged(job, charged, now);
    world.invariants.covered(job, world.books.held(job.id()), now);
    world.books.release(one.arrival.tenant(), job.id());
    world.outcomes.finished(
        one.arrival.tenant(),
        finish.problem() == null,
        now - one.arrival.atMillis(),
        one.field.bestMillis(),
        charged);
  }

  private long pay(LiveJob one, Job.Task task, List<Payout> payouts) {
    long charged = 0;
    boolean confirmed = owners(task, payouts) > 1;
    for (int i = 0; i < payouts.size(); i++) {
      JobReplica replica = task.replicas().get(i);
      Payout payout = payouts.get(i);
      Grant grant = replica.grant();
      if (replica.phase() == JobReplica.Phase.LEASED) {
        world.runs.free(one, grant, PoolQueue.End.CALLED_BACK);
      }
      world.books.pay(one.job.id(), grant.owner(), payout.nanoOpen());
      charged += payout.nanoOpen();
      for (Reputation.Conduct conduct : conduct(payout.standing())) {
        world.floor.conducted(
            grant.node(), one.workload().word(), conduct, confirmed, world.nowMillis());
        world.shown.records(java.util.Map.of(grant.node(), world.floor.record(grant.node())));
      }
    }
    return charged;
  }

  /** How many owners came to the result: two nodes of one owner do not confirm one another. */
  static int owners(Job.Task task, List<Payout> payouts) {
    Set<Address> owners = new HashSet<>();
    for (int i = 0; i < payouts.size(); i++) {
      if (payouts.get(i).standing() == Receipt.Standing.ACCEPTED) {
        owners.add(task.replicas().get(i).grant().owner());
      }
    }
    return owners.size();
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
