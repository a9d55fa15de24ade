package xyz.openledger.cluster.member;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.tuning.TuningEvent.Maker;
import xyz.openledger.actors.tuning.TuningEvent.Order;
import xyz.openledger.actors.tuning.TuningRun;
import xyz.openledger.actors.tuning.TuningWork;
import xyz.openledger.actors.view.JobRow;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.models.training.Checkpoint;
import xyz.openledger.models.training.FinishedTraining;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.inference.ModelManifest;
import xyz.openledger.protocol.json.Json;

/** Has the pieces of trainings made by jobs, and their adapters served. */
final class TuningLabour implements TuningWork {
  private final Member member;
  private final Gatekeeper gatekeeper;
  private final TuningGate gate;
  private final TuningJobs jobs;
  private final BlobStore blobs;
  private final ModelApi models;
  private final VoucherDesk vouchers;
  private final Ask ask;
  private final Executor disk;

  TuningLabour(
      Member member,
      Gatekeeper gatekeeper,
      VoucherDesk vouchers,
      BlobStore blobs,
      ModelApi models,
      Executor disk) {
    this.member = member;
    this.gatekeeper = gatekeeper;
    this.gate = new TuningGate(blobs);
    this.jobs = new TuningJobs(blobs);
    this.blobs = blobs;
    this.models = models;
    this.vouchers = vouchers;
    this.ask = new Ask(member.system());
    this.disk = disk;
  }

  @Override
  public JobId job(TuningRun run, Order order) {
    return TuningJobs.id(run, order);
  }

  @Override
  public CompletionStage<Report> follow(TuningRun run, Order order) {
    return CompletableFuture.supplyAsync(() -> member.views().jobs().row(job(run, order)), disk)
        .thenCompose(
            row ->
                row.isEmpty()
                    ? submit(run, order)
                    : CompletableFuture.supplyAsync(() -> report(run, order, row.get()), disk));
  }

  private CompletionStage<Report> submit(TuningRun run, Order order) {
    return CompletableFuture.supplyAsync(() -> submission(run, order), disk)
        .thenCompose(this::admitted)
        .handle(
            (report, failed) -> {
              Throwable cause =
                  failed != null && failed.getCause() != null ? failed.getCause() : failed;
              if (cause instanceof ProblemException refused) {
                return new Report.Missed(
                    refused.problem(), refused.field() + " " + refused.detail(), List.of(), 0);
              }
              // Whoever asks again finds it, or submits it again under the same name.
              return report == null ? new Report.Running() : report;
            });
  }

  /** First the vouchers for what was worked before, then the job. */
  private CompletionStage<Report> admitted(Prepared prepared) {
    Requester requester = Requester.onBehalfOf(prepared.run().tenant());
    return vouchers
        .admit(requester, prepared.job(), prepared.spec().policy().limits().priceMaxNanoOpen())
        .thenCompose(
            refused ->
                refused
                    .<CompletionStage<Report>>map(
                        because -> CompletableFuture.completedStage(refusal(because)))
                    .orElseGet(() -> taken(requester, prepared)));
  }

  /** What is only too early is asked again at the next tick. */
  private static Report refusal(SubmitAnswer.Refused refused) {
    return refused.problem() == Problem.TOO_MANY_REQUESTS
        ? new Report.Running()
        : new Report.Missed(refused.problem(), refused.detail(), List.of(), 0);
  }

  private CompletionStage<Report> taken(Requester requester, Prepared prepared) {
    return ask.<JobMessage, JobMessage.SubmitReply>of(
            member.jobs(prepared.job()),
            replyTo -> prepared.message(ModelOwners.of(member.models(), prepared.spec()), replyTo))
        .thenApply(
            reply -> {
              Problem problem = reply.problem();
              if (problem != null && problem != Problem.IDEMPOTENCY_CONFLICT) {
                vouchers.notTaken(requester, prepared.job());
              }
              if (problem == null) {
                return new Report.Running();
              }
              return new Report.Missed(problem, reply.detail(), List.of(), 0);
            });
  }

  /** A job that can be submitted. */
  private record Prepared(
      TuningRun run,
      JobId job,
      JobSpec spec,
      Digest code,
      JobMessage.@Nullable Claim claim,
      List<String> licences) {
    JobMessage message(
        @Nullable Address modelOwner,
        org.apache.pekko.actor.typed.ActorRef<JobMessage.SubmitReply> replyTo) {
      return new JobMessage.Submit(
          job, run.tenant(), spec, code, claim, modelOwner, licences, replyTo);
    }
  }

  private Prepared submission(TuningRun run, Order order) {
    JobSpec spec = jobs.spec(run, order);
    DryRuns.check(spec);
    List<String> licences = ModelLicences.of(member.models(), run.plan());
    Digest code = gatekeeper.admit(spec);
    JobId claimed = order.claimed();
    return new Prepared(
        run,
        job(run, order),
        spec,
        code,
        claimed == null ? null : TuningJobs.claim(receipt(claimed)),
        licences);
  }

  private Receipt receipt(JobId job) {
    return member
        .views()
        .jobs()
        .receipt(job)
        .map(bytes -> Json.read(bytes, Receipt.class))
        .orElseThrow(() -> new IllegalStateException(job + " has no receipt"));
  }

  private Report report(TuningRun run, Order order, JobRow row) {
    JobState state = JobState.parse(row.state());
    if (!state.isFinal()) {
      return new Report.Running();
    }
    if (state != JobState.SETTLED) {
      Problem problem = row.problem();
      return new Report.Missed(
          problem == null ? Problem.INTERNAL : problem,
          row.detail(),
          member.views().jobs().receipt(row.job()).stream()
              .map(bytes -> Json.read(bytes, Receipt.class).tasks().getFirst())
              .flatMap(task -> makers(task, Receipt.Standing.ACCEPTED).stream())
              .toList(),
          row.chargedNanoOpen());
    }
    Receipt receipt = receipt(row.job());
    Receipt.TaskReceipt task = receipt.tasks().getFirst();
    Outcome outcome = task.outcome();
    if (outcome == null) {
      throw new IllegalStateException(row.job() + " has settled without an outcome");
    }
    Digest checkpoint = outcome.outputDigest();
    Checkpoint.Curve curve;
    try {
      curve = Checkpoint.curve(kept(checkpoint));
    } catch (ProblemException none) {
      return new Report.Missed(
          Problem.TASK_FAILED,
          "what was made is no checkpoint: " + none.detail(),
          makers(task, Receipt.Standing.ACCEPTED),
          receipt.chargedNanoOpen());
    }
    TuningRequest request = run.plan().request();
    int steps = request.until(order.piece()) - order.piece() * request.pieceSteps();
    List<Float> losses = curve.losses();
    return new Report.Settled(
        checkpoint,
        losses.subList(Math.max(0, losses.size() - steps), losses.size()).stream()
            .map(loss -> Double.valueOf(loss.toString()))
            .toList(),
        curve.heldBack().map(loss -> Double.valueOf(loss.toString())).orElse(null),
        makers(task, Receipt.Standing.ACCEPTED),
        makers(task, Receipt.Standing.REJECTED),
        receipt.chargedNanoOpen());
  }

  private static List<Maker> makers(Receipt.TaskReceipt task, Receipt.Standing standing) {
    return task.replicas().stream()
        .filter(replica -> replica.standing() == standing)
        .map(replica -> new Maker(replica.node(), replica.owner()))
        .toList();
  }

  /** A checkpoint's bytes, which lie in the store from now on however short they are. */
  private byte[] kept(Digest checkpoint) {
    byte[] bytes =
        member
            .views()
            .jobs()
            .output(checkpoint)
            .or(() -> blobs.read(checkpoint))
            .orElseThrow(() -> new IllegalStateException(checkpoint + " is not stored"));
    blobs.put(bytes);
    return bytes;
  }

  @Override
  public CompletionStage<Boolean> cancel(TuningRun run, Order order) {
    JobId id = job(run, order);
    return ask.<JobMessage, JobMessage.ShowReply>of(
            member.jobs(id), replyTo -> new JobMessage.Cancel(id, run.tenant(), replyTo))
        .thenApplyAsync(reply -> isOver(id, reply.job()), disk);
  }

  /** Whether a job ends by itself now: it has, or it was answered and is verified yet. */
  private boolean isOver(JobId id, @Nullable Job live) {
    return live != null
        ? live.finished() != null || live.answered() != null
        : member.views().jobs().row(id).stream()
            .anyMatch(row -> JobState.parse(row.state()).isFinal());
  }

  @Override
  public CompletionStage<Digest> publish(TuningRun run) {
    TuningRequest request = run.plan().request();
    return CompletableFuture.supplyAsync(() -> adapter(run), disk)
        .thenCompose(
            manifest -> {
              if (request.adapter() == null) {
                return CompletableFuture.completedStage(manifest);
              }
              String name = request.model() + ":" + request.adapter();
              return models
                  .publish(
                      run.tenant(),
                      new ModelPublication(List.of(new ModelPublication.Named(name, manifest))))
                  .thenApply(_ -> manifest);
            });
  }

  /** Stores the adapter of the last checkpoint; answers its manifest. */
  private Digest adapter(TuningRun run) {
    Digest last = run.pieces().getLast().checkpoint();
    try {
      Path scratch = Files.createTempDirectory("openledger-adapter");
      try {
        Path checkpoint = scratch.resolve("checkpoint");
        Files.write(checkpoint, kept(last));
        Path folder = scratch.resolve("adapter");
        new FinishedTraining(TuningGate.job(run.plan()), gate.config(run.plan()))
            .publish(checkpoint, last, run.plan().request().model(), folder);
        ModelFolder made = ModelFolder.read(folder, run.plan().model());
        for (ModelManifest.File file : made.manifest().files()) {
          blobs.put(Files.readAllBytes(folder.resolve(file.name())));
        }
        return blobs.put(made.manifest().canonical()).digest();
      } finally {
        remove(scratch);
      }
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
