package xyz.openledger.cluster.member;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.Reason;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.view.JobRow;
import xyz.openledger.cluster.blob.Naming;
import xyz.openledger.cluster.http.api.JobOutput;
import xyz.openledger.cluster.http.api.JobQuery;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.api.Explanation;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.api.Page;
import xyz.openledger.protocol.api.Submission;
import xyz.openledger.protocol.json.Json;

/**
 * What there is to say about jobs. A live job is asked its partition; what is over is read from the
 * views.
 */
final class JobAnswers {
  private final Member member;
  private final Gatekeeper gatekeeper;
  private final Ask ask;
  private final ReceiptAnswers receipts;
  private final DryRuns dryRuns;
  private final VoucherDesk vouchers;

  JobAnswers(Member member, Gatekeeper gatekeeper, ReceiptAnswers receipts, VoucherDesk vouchers) {
    this.vouchers = vouchers;
    this.member = member;
    this.gatekeeper = gatekeeper;
    this.ask = new Ask(member.system());
    this.receipts = receipts;
    this.dryRuns = new DryRuns(member);
  }

  CompletionStage<List<SubmitAnswer>> submit(Requester requester, List<Submission> submissions) {
    var answers = new ArrayList<CompletableFuture<SubmitAnswer>>();
    for (Submission submission : submissions) {
      answers.add(submit(requester, submission).toCompletableFuture());
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(_ -> answers.stream().map(CompletableFuture::join).toList());
  }

  private CompletionStage<SubmitAnswer> submit(Requester requester, Submission submission) {
    TenantId tenant = requester.tenant();
    JobId id = JobId.of(tenant, submission.idempotencyKey());
    Optional<JobRow> known = member.views().jobs().row(id);
    if (known.isPresent()) {
      return CompletableFuture.completedStage(repeat(known.get(), submission));
    }
    Naming naming = gatekeeper.naming();
    Digest code;
    List<String> licences;
    try {
      DryRuns.check(submission.spec());
      licences = ModelLicences.allowed(member.models(), submission.spec());
      DryRuns.governed(member.rules(), submission.spec(), new ArrayList<>());
      code = naming.during(() -> gatekeeper.admit(submission.spec()));
    } catch (ProblemException refused) {
      naming.leave();
      return CompletableFuture.completedStage(
          new SubmitAnswer.Refused(refused.problem(), refused.field(), refused.detail()));
    }
    return vouchers
        .admit(requester, id, submission.spec().policy().limits().priceMaxNanoOpen())
        .thenCompose(
            refused ->
                refused
                    .<CompletionStage<SubmitAnswer>>map(CompletableFuture::completedStage)
                    .orElseGet(() -> take(requester, id, submission.spec(), code, licences)))
        .whenComplete((answer, _) -> settle(naming, answer));
  }

  /** What nobody answered may have been taken. */
  private static void settle(Naming naming, @Nullable SubmitAnswer answer) {
    if (answer instanceof SubmitAnswer.Refused) {
      naming.leave();
    } else {
      naming.named();
    }
  }

  private CompletionStage<SubmitAnswer> take(
      Requester requester, JobId id, JobSpec spec, Digest code, List<String> licences) {
    return ask.<JobMessage, JobMessage.SubmitReply>of(
            member.jobs(id),
            replyTo ->
                new JobMessage.Submit(
                    id,
                    requester.tenant(),
                    spec,
                    code,
                    null,
                    ModelOwners.of(member.models(), spec),
                    licences,
                    replyTo))
        .thenApply(
            reply -> {
              Problem problem = reply.problem();
              JobState state = JobState.parse(reply.state());
              // What one that was taken owes, whoever looks at its end says.
              if (problem != null && problem != Problem.IDEMPOTENCY_CONFLICT) {
                vouchers.notTaken(requester, id);
              }
              if (problem == null) {
                return new SubmitAnswer.Taken(id, state, state.isFinal());
              }
              return new SubmitAnswer.Refused(problem, field(problem), reply.detail());
            });
  }

  CompletionStage<DryRun> dryRun(TenantId tenant, JobSpec spec) {
    return dryRuns.of(tenant, spec);
  }

  private static SubmitAnswer repeat(JobRow row, Submission submission) {
    if (!row.spec().equals(submission.spec().digest())) {
      return new SubmitAnswer.Refused(
          Problem.IDEMPOTENCY_CONFLICT,
          "",
          "this Idempotency-Key was used for another job, " + row.job());
    }
    Problem problem = row.problem();
    return row.state().equals("refused") && problem != null
        ? new SubmitAnswer.Refused(problem, field(problem), row.detail())
        : new SubmitAnswer.Taken(row.job(), JobState.parse(row.state()), true);
  }

  private static String field(Problem problem) {
    return switch (problem) {
      case INSUFFICIENT_BALANCE -> "policy.limits.priceMaxNanoOpen";
      case UNSATISFIABLE_POLICY -> "policy";
      default -> "";
    };
  }

  Page<JobSummary> list(JobQuery query) {
    var page =
        member
            .views()
            .jobs()
            .list(
                row ->
                    (query.tenant() == null || row.tenant().equals(query.tenant()))
                        && (query.state() == null || row.state().equals(query.state().word()))
                        && row.labels().entrySet().containsAll(query.labels().entrySet()),
                query.page().cursor(),
                query.page().limit());
    return new Page<>(page.rows().stream().map(FinishedJob::summary).toList(), page.cursor());
  }

  CompletionStage<TenantId> tenant(JobId job) {
    Optional<JobRow> row = member.views().jobs().row(job);
    return row.isPresent()
        ? CompletableFuture.completedStage(row.get().tenant())
        : show(job)
            .thenApply(
                reply -> {
                  Job live = reply.job();
                  if (live == null) {
                    throw unknown(job);
                  }
                  return live.tenant();
                });
  }

  CompletionStage<JobDetail> detail(JobId id) {
    return show(id)
        .thenApply(
            reply -> {
              Job live = reply.job();
              Optional<JobRow> row = member.views().jobs().row(id);
              if (live == null && row.isEmpty()) {
                throw unknown(id);
              }
              return live == null || (live.finished() != null && row.isPresent())
                  ? finished(row.orElseThrow(() -> unknown(id))).detail(receipts)
                  : live(live, row.orElse(null));
            });
  }

  CompletionStage<JobDetail> cancel(JobId id) {
    return tenant(id)
        .thenCompose(
            tenant ->
                ask.<JobMessage, JobMessage.ShowReply>of(
                    member.jobs(id), replyTo -> new JobMessage.Cancel(id, tenant, replyTo)))
        .thenCompose(
            reply -> {
              Job job = reply.job();
              return job == null ? detail(id) : CompletableFuture.completedStage(live(job, null));
            })
        .thenApply(
            detail -> {
              if (detail.job().state() != JobState.CANCELLED) {
                throw new ProblemException(
                    Problem.WRONG_STATE, "", "the job is " + detail.job().state().word());
              }
              return detail;
            });
  }

  JobOutput output(JobId id, int task) {
    Receipt receipt =
        receipt(id)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.WRONG_STATE, "", "there is no verified result yet"));
    if (task < 0 || task >= receipt.tasks().size()) {
      throw new ProblemException(
          Problem.NOT_FOUND, "task", "the job has tasks 0 to " + (receipt.tasks().size() - 1));
    }
    var outcome = receipt.tasks().get(task).outcome();
    // Of a program that failed, what it wrote is as verified as that it failed.
    if (outcome == null || outcome.status() != Outcome.Status.FINISHED) {
      throw new ProblemException(
          Problem.WRONG_STATE, "", "task " + task + " has no verified result");
    }
    Digest digest = outcome.outputDigest();
    return new JobOutput(digest, member.views().jobs().output(digest).orElse(null));
  }

  CompletionStage<JobSpec> spec(JobId id) {
    return CompletableFuture.completedStage(
        member
            .views()
            .jobs()
            .spec(id)
            .map(bytes -> Json.read(bytes, JobSpec.class))
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.NOT_FOUND, "id", "what %s asks is not read yet".formatted(id))));
  }

  CompletionStage<Explanation> explain(JobId id) {
    return show(id)
        .thenApply(
            reply -> {
              Optional<JobRow> row = member.views().jobs().row(id);
              Job live = reply.job();
              if (live != null) {
                return new Explanation(
                    id,
                    JobState.parse(live.state()),
                    decided(LiveJob.governedBy(live), Reason.lines(live.explanation())),
                    reply.waiting());
              }
              JobRow known = row.orElseThrow(() -> unknown(id));
              return new Explanation(
                  id,
                  JobState.parse(known.state()),
                  decided(finished(known).governedBy(), reasons(known)),
                  List.of());
            });
  }

  private static List<String> decided(JobDetail.@Nullable GovernedBy rules, List<String> reasons) {
    if (rules == null) {
      return reasons;
    }
    var lines = new ArrayList<>(reasons);
    lines.add("decided under " + rules.words());
    return lines;
  }

  private static List<String> reasons(JobRow row) {
    var reasons = new ArrayList<>(Reason.lines(row.explanation()));
    if (!row.detail().isEmpty()) {
      reasons.add(row.detail());
    }
    return reasons;
  }

  private JobDetail live(Job job, @Nullable JobRow row) {
    // Its output is read from the views, which may not know of it yet.
    boolean answered =
        job.answered() != null && member.views().jobs().receipt(job.id()).isPresent();
    return LiveJob.detail(
        job,
        row,
        answered
            ? new JobDetail.FirstAnswer(receipts.firstIndex(job.id()).orElse(null), null)
            : null);
  }

  private FinishedJob finished(JobRow row) {
    return new FinishedJob(row, receipt(row.job()).orElse(null));
  }

  private Optional<Receipt> receipt(JobId job) {
    return member.views().jobs().receipt(job).map(bytes -> Json.read(bytes, Receipt.class));
  }

  private CompletionStage<JobMessage.ShowReply> show(JobId id) {
    return ask.of(member.jobs(id), replyTo -> new JobMessage.Show(id, replyTo));
  }

  private static ProblemException unknown(JobId job) {
    return new ProblemException(Problem.NOT_FOUND, "job", "there is no job " + job);
  }
}
