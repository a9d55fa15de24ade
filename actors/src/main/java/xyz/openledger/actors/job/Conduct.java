package xyz.openledger.actors.job;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerRefusal;
import xyz.openledger.chainanchor.accounts.Origin;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.pools.PoolRouter;
import xyz.openledger.pools.Route;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;

/**
 * Carries out what {@link JobRules} says follows: asks the books for escrow, a pool for nodes,
 * nodes for outcomes, and tells them when it is over. Every request may be repeated, and is until
 * it is answered.
 */
final class Conduct {
  /** The platform's share of each price, in basis points; 0 until it is governed. */
  private static final int FEE_BASIS_POINTS = 0;

  private static final long ASK_AGAIN_MILLIS = 5_000;

  /** How long a task waits in one pool before it is tried in the next. */
  private static final long PATIENCE_MILLIS = 10_000;

  /** How long after its start a member may not know yet who is there. */
  private static final long ASSEMBLY_MILLIS = 20_000;

  private final String source;
  private final Neighbours neighbours;
  private final Clock clock;
  private final ActorContext<JobMessage> context;
  private final ActorRef<AccountsMessage.Answer> answers;
  private final ActorRef<LogMessage.Appended> appended;
  private final ActorRef<AccountsMessage.AcknowledgedThrough> through;
  private final Acknowledgements acknowledgements;
  private final Map<JobId, Progress> progress = new HashMap<>();

  Conduct(String source, ActorContext<JobMessage> context, Neighbours neighbours, Clock clock) {
    this.source = source;
    this.context = context;
    this.neighbours = neighbours;
    this.clock = clock;
    this.answers = context.messageAdapter(AccountsMessage.Answer.class, Conduct::heard);
    this.acknowledgements = new Acknowledgements(source, neighbours.accounts(), answers);
    this.through =
        context.messageAdapter(
            AccountsMessage.AcknowledgedThrough.class,
            said -> new JobMessage.AcknowledgedThrough(said.number()));
    this.appended =
        context.messageAdapter(
            LogMessage.Appended.class,
            said ->
                new JobMessage.Logged(
                    JobId.parse(said.key().substring(0, said.key().indexOf('/'))),
                    said.index(),
                    said.conflicting()));
  }

  private static JobMessage heard(AccountsMessage.Answer answer) {
    LedgerRefusal refusal = answer.refusal();
    Problem problem = refusal == null ? null : refusal.reason().problem();
    String detail = refusal == null ? "" : refusal.detail();
    return switch (answer.command()) {
      case LedgerCommand.Hold hold ->
          new JobMessage.Held(JobId.parse(hold.jobId()), problem, detail);
      case LedgerCommand.Settle settle ->
          new JobMessage.Moved(JobId.parse(settle.jobId()), problem, detail);
      // Where nothing was held, nothing is to be given back.
      case LedgerCommand.Release release ->
          new JobMessage.Moved(
              JobId.parse(release.jobId()), problem == Problem.NOT_FOUND ? null : problem, detail);
      case LedgerCommand.Acknowledge(var _, var numbers) ->
          new JobMessage.Acknowledged(numbers, problem);
      default -> throw new IllegalArgumentException("not asked for here: " + answer.command());
    };
  }

  Progress progress(JobId id) {
    return progress.computeIfAbsent(id, _ -> new Progress());
  }

  /**
   * After a start: whatever a node may still know of a replica, it is asked for; the rest follows
   * as always.
   */
  void resume(PartitionState state) {
    if (state.nextHoldNumber() > 1) {
      neighbours.accounts().tell(new AccountsMessage.ShowAcknowledged(source, through));
    }
    for (Job job : state.jobs()) {
      Progress now = progress(job.id());
      // Replicas were leased, so the escrow was held before the crash.
      now.held = job.tasks().stream().anyMatch(task -> !task.replicas().isEmpty());
      for (Job.Task task : job.tasks()) {
        for (JobReplica replica : task.replicas()) {
          if (replica.live() && job.finished() == null) {
            Grant grant = replica.grant();
            now.dispatched.add(grant.replica());
            neighbours
                .nodes()
                .apply(grant.node())
                .tell(new NodeMessage.Reattach(grant.replica(), grant.fence()));
          }
        }
      }
      announce(job);
      advance(job);
    }
  }

  /** A pool may have started anew too, or alone: whom it leased to this job is not free. */
  private void announce(Job job) {
    if (job.finished() != null) {
      return;
    }
    job.tasks().stream()
        .flatMap(task -> task.replicas().stream())
        .filter(replica -> replica.phase() == JobReplica.Phase.LEASED)
        .map(JobReplica::grant)
        .collect(Collectors.groupingBy(Grant::pool))
        .forEach(
            (pool, grants) -> neighbours.pools().apply(pool).tell(new PoolMessage.Leased(grants)));
  }

  /** Does what the job needs now and has not asked for yet. */
  void advance(@Nullable Job job) {
    if (job == null) {
      return;
    }
    Progress now = progress(job.id());
    now.askedAtMillis = clock.millis();
    if (job.finished() != null) {
      conclude(job, job.finished(), now);
    } else if (!now.held) {
      hold(job);
    } else {
      follow(job, now);
      var tasks = new ArrayList<Integer>();
      for (JobRules.Step step : JobRules.steps(job)) {
        switch (step) {
          case JobRules.Step.Lease lease when want(job, now, lease) -> tasks.add(lease.task());
          case JobRules.Step.Reveal(var replicas) -> reveal(job, now, replicas);
          case JobRules.Step.Lease _, JobRules.Step.Finish _ -> {}
        }
      }
      // Only once all that is wanted is known can it share what the job may cost.
      tasks.forEach(task -> ask(job, now, task));
    }
  }

  void held(Job job) {
    Progress now = progress(job.id());
    now.held = true;
    reply(now, new JobMessage.SubmitReply(job.id(), job.state(), null, ""));
    advance(job);
  }

  void repeat(Job known, JobMessage.Submit submit) {
    if (!known.tenant().equals(submit.tenant()) || !known.spec().equals(submit.spec())) {
      submit
          .replyTo()
          .tell(
              new JobMessage.SubmitReply(
                  known.id(),
                  known.state(),
                  Problem.IDEMPOTENCY_CONFLICT,
                  "this Idempotency-Key was used for another job"));
      return;
    }
    Progress now = progress(known.id());
    if (now.held || known.finished() != null) {
      submit.replyTo().tell(new JobMessage.SubmitReply(known.id(), known.state(), null, ""));
    } else {
      now.submitters.add(submit.replyTo());
    }
  }

  JobMessage.ShowReply show(@Nullable Job job) {
    return new JobMessage.ShowReply(job, job == null ? List.of() : progress(job.id()).waiting);
  }

  void queued(JobMessage.Queued queued) {
    Progress now = progress.get(queued.task().job());
    if (now != null) {
      now.waiting = queued.explanation();
    }
  }

  /**
   * Those grants that the job still wants and can pay for; the others go back. One that was asked
   * for when more was left is asked for again, for less.
   */
  List<Grant> wanted(@Nullable Job job, List<Grant> grants) {
    var wanted = new ArrayList<Grant>();
    long left = job == null ? 0 : JobRules.leftNanoOpen(job);
    for (Grant grant : grants) {
      TreeSet<Integer> asked =
          job == null || job.finished() != null
              ? null
              : progress(job.id()).requested.get(grant.replica().task().index());
      long worst = job == null ? 0 : JobRules.worstNanoOpen(job, grant);
      if (asked != null && worst <= left && asked.remove(grant.replica().number())) {
        left -= worst;
        wanted.add(grant);
      } else if (job == null || job.replica(grant.replica()) == null) {
        release(grant);
      }
    }
    if (!wanted.isEmpty() && job != null) {
      progress(job.id()).waiting = List.of();
    }
    return wanted;
  }

  /** Whether the job may still find nodes somewhere; if not, it has failed. */
  boolean elsewhere(Job job, JobMessage.Unplaceable unplaceable) {
    Progress now = progress(job.id());
    int task = unplaceable.task().index();
    PoolId pool = unplaceable.pool();
    if (pool == null) {
      // What has begun waits for nodes to come back until its deadline. What has not is told at
      // once, unless the nodes are still on their way back to a member that has just started.
      return clock.millis() < context.getSystem().startTime() + ASSEMBLY_MILLIS
          || job.tasks().stream().anyMatch(any -> !any.replicas().isEmpty());
    }
    if (pool.equals(now.pool(task))) {
      now.refused.computeIfAbsent(task, _ -> new HashSet<>()).add(pool);
      now.routed.remove(task);
      ask(job, now, task);
    }
    return true;
  }

  /** Notes that the money has moved; answers whether that completes the job. */
  boolean moved(JobMessage.Moved said) {
    Progress now = progress.get(said.job());
    if (now == null) {
      return false;
    }
    if (said.problem() != null) {
      context.getLog().error("{} was not paid: {} {}", said.job(), said.problem(), said.detail());
      return false;
    }
    now.moved = true;
    return now.complete();
  }

  /** Notes the receipt's place; answers whether that completes the job. */
  boolean logged(JobMessage.Logged said) {
    Progress now = progress.get(said.job());
    if (now == null) {
      return false;
    }
    if (said.conflicting()) {
      context.getLog().error("{} has another receipt at {} of the log", said.job(), said.index());
      return false;
    }
    now.logIndex = said.index();
    return now.complete();
  }

  /** The job has left; the books need not remember its hold by name. */
  void forget(Job job) {
    progress.remove(job.id());
    acknowledgements.add(job.holdNumber(), clock.millis());
  }

  void acknowledged(JobMessage.Acknowledged answer) {
    acknowledgements.heard(answer, clock.millis());
  }

  void acknowledgedThrough(long number, PartitionState state) {
    acknowledgements.resume(number, state, clock.millis());
  }

  /** Asks again what has not been answered for a while. */
  void askAgain(PartitionState state) {
    acknowledgements.say(clock.millis());
    long before = clock.millis() - ASK_AGAIN_MILLIS;
    for (Job job : state.jobs()) {
      Progress now = progress(job.id());
      if (now.askedAtMillis < before) {
        now.revealAsked.clear();
        now.askedAtMillis = clock.millis();
        now.refused.clear();
        announce(job);
        for (int task : now.requested.keySet()) {
          elsewhereIfLate(job, now, task);
          ask(job, now, task);
        }
        advance(job);
      }
    }
  }

  /** Sends new leases out, and gives back slots whose work is done. */
  private void follow(Job job, Progress now) {
    for (Job.Task task : job.tasks()) {
      for (JobReplica replica : task.replicas()) {
        ReplicaId id = replica.grant().replica();
        if (replica.phase() == JobReplica.Phase.LEASED) {
          if (now.dispatched.add(id)) {
            dispatch(job, task, replica.grant());
          }
        } else if (now.released.add(id)) {
          release(replica.grant());
        }
      }
    }
  }

  private void dispatch(Job job, Job.Task task, Grant grant) {
    var spec = job.spec().tasks().get(task.index());
    neighbours
        .nodes()
        .apply(grant.node())
        .tell(
            new NodeMessage.Dispatch(
                new NodeMessage.Work(
                    grant.replica(),
                    grant.fence(),
                    task.identity(),
                    job.wasm().module(),
                    job.code(),
                    spec.arguments(),
                    spec.input(),
                    job.wasm().fuelMax(),
                    job.wasm().memoryMaxBytes(),
                    job.wasm().outputMaxBytes(),
                    grant.leaseMillis(),
                    job.spec().policy().verification().parameters().agreement() == 1,
                    grant.priceNanoOpenPerGigafuel())));
  }

  private void hold(Job job) {
    neighbours
        .accounts()
        .tell(
            new AccountsMessage.Do(
                new LedgerCommand.Hold(
                    job.id().value(),
                    job.tenant().value(),
                    job.spec().policy().limits().priceMaxNanoOpen(),
                    new Origin(source, job.holdNumber())),
                answers));
  }

  /** Notes which replicas are wanted; answers whether there are new ones among them. */
  private static boolean want(Job job, Progress now, JobRules.Step.Lease lease) {
    TreeSet<Integer> asked = now.requested.computeIfAbsent(lease.task(), _ -> new TreeSet<>());
    int missing = lease.count() - asked.size();
    for (int i = 0; i < missing; i++) {
      asked.add(now.nextNumber(job.tasks().get(lease.task())));
    }
    return missing > 0;
  }

  private void ask(Job job, Progress now, int index) {
    TreeSet<Integer> asked = now.requested.get(index);
    if (asked == null || asked.isEmpty() || job.finished() != null) {
      return;
    }
    PoolId pool = now.routed.computeIfAbsent(index, _ -> route(job, now, index));
    if (pool == null) {
      return;
    }
    neighbours
        .pools()
        .apply(pool)
        .tell(
            new PoolMessage.Request(
                Asking.request(job, job.tasks().get(index), now.pending()),
                List.copyOf(asked),
                job.deadlineAtMillis(),
                context.getSelf()));
  }

  /** A pool that cannot help for a while is left for another one, if there is one. */
  private void elsewhereIfLate(Job job, Progress now, int task) {
    PoolId pool = now.pool(task);
    if (pool == null
        || job.finished() != null
        || now.routedAtMillis.getOrDefault(task, 0L) > clock.millis() - PATIENCE_MILLIS) {
      return;
    }
    now.refused.computeIfAbsent(task, _ -> new HashSet<>()).add(pool);
    if (ranking(job, now, task) instanceof Route.Ranked) {
      withdraw(job, now, task);
      now.routed.remove(task);
    }
  }

  private Route ranking(Job job, Progress now, int task) {
    Set<PoolId> refused = now.refused.getOrDefault(task, Set.of());
    return PoolRouter.rank(
        Asking.request(job, job.tasks().get(task), now.pending()),
        neighbours.directory().get().stream()
            .filter(pool -> !refused.contains(pool.pool()))
            .toList());
  }

  private @Nullable PoolId route(Job job, Progress now, int index) {
    now.routedAtMillis.put(index, clock.millis());
    return switch (ranking(job, now, index)) {
      case Route.Ranked ranked -> {
        now.waiting = Asking.words(ranked);
        yield ranked.pools().getFirst().pool();
      }
      case Route.Unsatisfiable none -> {
        now.waiting = Asking.words(none);
        context
            .getSelf()
            .tell(new JobMessage.Unplaceable(new TaskId(job.id(), index), null, now.waiting));
        yield null;
      }
    };
  }

  private void reveal(Job job, Progress now, List<ReplicaId> replicas) {
    for (ReplicaId id : replicas) {
      JobReplica replica = job.replica(id);
      if (replica != null && now.revealAsked.add(id)) {
        neighbours.nodes().apply(replica.grant().node()).tell(new NodeMessage.Reveal(List.of(id)));
      }
    }
  }

  private void conclude(Job job, JobEvent.Finished finished, Progress now) {
    reply(
        now,
        new JobMessage.SubmitReply(job.id(), job.state(), finished.problem(), finished.detail()));
    now.requested.forEach((task, _) -> withdraw(job, now, task));
    now.requested.clear();
    for (Job.Task task : job.tasks()) {
      for (JobReplica replica : task.replicas()) {
        neighbours
            .nodes()
            .apply(replica.grant().node())
            .tell(new NodeMessage.Cancel(List.of(replica.grant().replica())));
        if (now.released.add(replica.grant().replica())) {
          release(replica.grant());
        }
      }
    }
    money(job, finished.receipt());
    if (finished.receipt() != null) {
      neighbours.log().tell(new LogMessage.Append(LogLeaf.of(finished.receipt()), appended));
    } else {
      now.logIndex = Progress.NO_RECEIPT;
    }
  }

  private void money(Job job, @Nullable Receipt receipt) {
    LedgerCommand command =
        receipt == null
                || (receipt.chargedNanoOpen() == 0 && JobReceipt.withheld(receipt).isEmpty())
            ? new LedgerCommand.Release(job.id().value(), job.state())
            : new LedgerCommand.Settle(
                job.id().value(),
                JobReceipt.charges(receipt),
                JobReceipt.withheld(receipt),
                FEE_BASIS_POINTS);
    neighbours.accounts().tell(new AccountsMessage.Do(command, answers));
  }

  private void withdraw(Job job, Progress now, int task) {
    PoolId pool = now.pool(task);
    if (pool != null) {
      neighbours.pools().apply(pool).tell(new PoolMessage.Withdraw(new TaskId(job.id(), task)));
    }
  }

  private void release(Grant grant) {
    neighbours.pools().apply(grant.pool()).tell(new PoolMessage.Release(List.of(grant.replica())));
  }

  private static void reply(Progress now, JobMessage.SubmitReply reply) {
    now.submitters.forEach(submitter -> submitter.tell(reply));
    now.submitters.clear();
  }
}
