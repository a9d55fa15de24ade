package xyz.openledger.actors.job;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerRefusal;
import xyz.openledger.chainanchor.accounts.Origin;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;

/**
 * Carries out what {@link JobRules} says follows: asks the books for escrow, a pool for nodes,
 * nodes for outcomes, and tells them when it is over. Every request may be repeated, and is until
 * it is answered.
 */
final class Conduct {
  private static final long ASK_AGAIN_MILLIS = 5_000;

  private final String source;
  private final Neighbours neighbours;
  private final Clock clock;
  private final ActorRef<AccountsMessage.Answer> answers;
  private final ActorRef<AccountsMessage.AcknowledgedThrough> through;
  private final Acknowledgements acknowledgements;
  private final Routing routing;
  private final Conclusion conclusion;
  private final Checking checking;
  private final Map<JobId, Progress> progress = new HashMap<>();

  Conduct(String source, ActorContext<JobMessage> context, Neighbours neighbours, Clock clock) {
    this.source = source;
    this.neighbours = neighbours;
    this.clock = clock;
    this.answers = context.messageAdapter(AccountsMessage.Answer.class, Conduct::heard);
    this.acknowledgements = new Acknowledgements(source, neighbours.accounts(), answers);
    this.through =
        context.messageAdapter(
            AccountsMessage.AcknowledgedThrough.class,
            said -> new JobMessage.AcknowledgedThrough(said.number()));
    this.routing = new Routing(neighbours, clock, context);
    this.conclusion = new Conclusion(neighbours, routing, context, answers);
    this.checking = new Checking(context, neighbours.checks());
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
      now.held = job.isPlaced();
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
      routing.announce(job);
      advance(job);
    }
  }

  /** Does what the job needs now and has not asked for yet. */
  void advance(@Nullable Job job) {
    if (job == null) {
      return;
    }
    Progress now = progress(job.id());
    now.askedAtMillis = clock.millis();
    if (job.answered() != null) {
      conclusion.answered(job.answered(), now);
    }
    if (job.finished() != null) {
      conclusion.conclude(job, job.finished(), now);
    } else if (!now.held) {
      hold(job);
    } else {
      follow(job, now);
      routing.withdrawPointless(job, now);
      var tasks = new ArrayList<Integer>();
      now.later.clear();
      for (JobRules.Step step : JobRules.steps(job)) {
        switch (step) {
          case JobRules.Step.Lease lease when Routing.want(job, now, lease) ->
              tasks.add(lease.task());
          case JobRules.Step.Reveal(var replicas) -> reveal(job, now, replicas);
          case JobRules.Step.Lease _, JobRules.Step.Finish _ -> {}
        }
      }
      // Only once all that is wanted is known can it share what the job may cost.
      tasks.forEach(task -> routing.ask(job, now, task));
    }
  }

  void held(Job job) {
    Progress now = progress(job.id());
    now.held = true;
    now.reply(new JobMessage.SubmitReply(job.id(), job.state(), null, ""));
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
                  JobMessage.SubmitReply.OTHER_JOB));
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
    return new JobMessage.ShowReply(
        job, job == null ? List.of() : Words.waiting(job, progress(job.id())));
  }

  void queued(JobMessage.Queued queued) {
    Progress now = progress.get(queued.task().job());
    if (now != null) {
      routing.queued(now, queued);
    }
  }

  List<Grant> wanted(@Nullable Job job, List<Grant> grants) {
    return routing.wanted(job, job == null ? null : progress(job.id()), grants);
  }

  List<String> why(JobMessage.Granted granted, List<Grant> taken) {
    return Routing.why(progress(granted.job()), granted, taken);
  }

  boolean elsewhere(Job job, JobMessage.Unplaceable unplaceable) {
    return routing.elsewhere(job, progress(job.id()), unplaceable);
  }

  /** Has it kept if the node signed another outcome before. */
  void compare(@Nullable Job job, JobMessage.Revealed said) {
    Equivocation seen = Convictions.seen(job, said);
    if (seen != null) {
      neighbours.convictions().equivocated(seen);
    }
  }

  void check(Job job, JobMessage.Revealed said) {
    checking.start(job, progress(job.id()), said);
  }

  JobMessage.@Nullable Revealed checked(JobMessage.ProductsChecked checked) {
    return checking.found(progress.get(checked.said().replica().job()), checked);
  }

  boolean moved(JobMessage.Moved said) {
    return conclusion.moved(progress.get(said.job()), said);
  }

  boolean logged(@Nullable Job job, JobMessage.Logged said) {
    return conclusion.logged(job, progress.get(said.job()), said);
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
        now.answerAsked = false;
        now.askedAtMillis = clock.millis();
        routing.askAgain(job, now);
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
          JobReplica.Notice notice = replica.notice();
          if (notice != null && now.noticed.add(id)) {
            notice(replica.grant(), notice);
          }
        } else if (job.owns(replica) && now.released.add(id)) {
          if (replica.phase() == JobReplica.Phase.PREEMPTED) {
            neighbours
                .nodes()
                .apply(replica.grant().node())
                .tell(new NodeMessage.Cancel(List.of(id)));
          }
          routing.release(replica);
        }
      }
    }
  }

  /** Tells the node; if it does not hear of it, the lease is cancelled at the end all the same. */
  private void notice(Grant grant, JobReplica.Notice notice) {
    long left = Math.max(1, notice.endsAtMillis() - clock.millis());
    neighbours
        .nodes()
        .apply(grant.node())
        .tell(new NodeMessage.Notice(grant.replica(), grant.fence(), left, notice.detail()));
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
                    job.workload().program(),
                    job.code(),
                    spec.arguments(),
                    spec.input(),
                    job.workload().fuelMax(),
                    job.workload().memoryMaxBytes(),
                    job.workload().outputMaxBytes(),
                    grant.leaseMillis(),
                    JobRules.showsAtOnce(job, task, grant),
                    grant.priceNanoOpenPerGigafuel(),
                    FirstAnswer.isStreamed(job, task, grant),
                    job.spec().policy().verification().attestation() != null,
                    Share.of(job.tenant(), grant.node()),
                    grant.resumed() == null ? null : grant.resumed().saved())));
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

  private void reveal(Job job, Progress now, List<ReplicaId> replicas) {
    for (ReplicaId id : replicas) {
      JobReplica replica = job.replica(id);
      if (replica != null && now.revealAsked.add(id)) {
        neighbours.nodes().apply(replica.grant().node()).tell(new NodeMessage.Reveal(List.of(id)));
      }
    }
  }
}
