package xyz.openledger.actors.job;

import java.time.Duration;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.verification.tee.AttestationEvidence;

/**
 * Has the products of an outcome checked before the outcome is written down: the partition hears it
 * again with what was found. Until then the node's word is not acknowledged, so a crash loses
 * nothing.
 */
final class Checking {
  /** Between two tries where checks are not to be had. The job's deadline ends them. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final ActorContext<JobMessage> context;
  private final ProductChecks checks;

  Checking(ActorContext<JobMessage> context, ProductChecks checks) {
    this.context = context;
    this.checks = checks;
  }

  /** Starts the check of what was said for {@code job}, unless it is under way. */
  void start(Job job, Progress now, JobMessage.Revealed said) {
    if (!now.checking.add(said.replica())) {
      return;
    }
    int index = said.replica().task().index();
    var question =
        new ProductChecks.Question(
            job.tasks().get(index).identity(),
            job.workload(),
            job.spec().tasks().get(index),
            said.reveal().outcome(),
            said.output(),
            rival(job, job.tasks().get(index), said),
            attested(job, job.tasks().get(index), said));
    context.pipeToSelf(
        checks.check(question).toCompletableFuture(), (found, failed) -> answer(said, found));
  }

  private static ProductChecks.@Nullable Rival rival(
      Job job, Job.Task task, JobMessage.Revealed said) {
    JobReplica rival = Findings.rival(job, task, said.reveal().outcome());
    Outcome other = rival == null ? null : rival.outcome();
    return rival == null || other == null
        ? null
        : new ProductChecks.Rival(rival.grant().replica(), other, Findings.output(task, other));
  }

  private static ProductChecks.@Nullable Attested attested(
      Job job, Job.Task task, JobMessage.Revealed said) {
    Policy.Attestation policy = job.spec().policy().verification().attestation();
    return policy == null
        ? null
        : new ProductChecks.Attested(
            AttestationEvidence.Subject.of(
                said.replica(),
                said.node(),
                said.fence(),
                task.identity(),
                said.reveal().outcome()),
            said.attestation(),
            policy);
  }

  private JobMessage answer(JobMessage.Revealed said, Receipt.@Nullable ProductCheck found) {
    return new JobMessage.ProductsChecked(said, found);
  }

  /** What was said, with what was found; null if it has to be tried again, which is on its way. */
  JobMessage.@Nullable Revealed found(@Nullable Progress now, JobMessage.ProductsChecked checked) {
    if (now != null) {
      now.checking.remove(checked.said().replica());
    }
    Receipt.ProductCheck found = checked.found();
    if (found == null) {
      context.scheduleOnce(AGAIN, context.getSelf(), checked.said());
      return null;
    }
    return checked.said().checked(found);
  }
}
