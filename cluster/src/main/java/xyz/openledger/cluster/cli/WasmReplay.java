package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.nodes.worker.LocalRun;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.verification.dispute.Checkpoints;

/** Finds where two runs of a program part, and runs it once more here to say which one is right. */
final class WasmReplay {
  /** The fuel ends a run long before; this ends one on a machine that stands still. */
  private static final Duration BUDGET = Duration.ofMinutes(5);

  private WasmReplay() {}

  /**
   * What it came to.
   *
   * @param winner {@code claimant}, {@code challenger} or {@code nobody}
   * @param checkpoint the first that differs, from 1
   * @param checkpoints of the claimant's run
   * @param fuel of that checkpoint; what has to be run again, from the start, to decide on it
   * @param agreedFuel until where both agree
   */
  record Found(
      String winner,
      String reason,
      int checkpoint,
      int checkpoints,
      long agreedFuel,
      long fuel,
      String sandbox) {}

  static Found play(Path jobFile, int index, byte[] claimant, byte[] challenger)
      throws IOException {
    JobFile job = JobFile.read(jobFile);
    if (index < 0 || index >= job.spec().tasks().size()) {
      throw CommandFailure.usage("the job has no task " + index, "--task", "");
    }
    JobSpec.Task task = job.spec().tasks().get(index);
    if (!Workload.Wasm.isTraced(task.arguments())) {
      throw CommandFailure.usage(
          "the task notes no checkpoints",
          "--job",
          "its last argument would be " + Workload.Wasm.CHECKPOINTS);
    }
    Checkpoints one = checkpoints(claimant, "A");
    Checkpoints two = checkpoints(challenger, "B");
    var difference = one.firstDifference(two);
    LocalRun run = LocalRun.of(task(job, task), Sandbox.strongest());
    Checkpoints here = ours(run);
    boolean first = fits(one, here, difference.index());
    boolean second = fits(two, here, difference.index());
    String place =
        difference.index() < one.all().size()
            ? "at checkpoint %d".formatted(difference.index() + 1)
            : "after the last checkpoint of the claimant";
    return new Found(
        first == second ? "nobody" : first ? "claimant" : "challenger",
        "they part %s; a run here %s"
            .formatted(
                place,
                first == second
                    ? "comes to neither"
                    : "comes to what the %s noted".formatted(first ? "claimant" : "challenger")),
        difference.index() + 1,
        one.all().size(),
        difference.agreedFuel(),
        difference.fuel(),
        run.sandbox().sandbox().level().label());
  }

  private static LocalRun.Task task(JobFile job, JobSpec.Task task) {
    Workload workload = job.spec().workload();
    return new LocalRun.Task(
        file(job, workload.program()),
        Optional.of(file(job, task.input())),
        task.arguments(),
        new ExecutionLimits(
            workload.fuelMax(), workload.memoryMaxBytes(), workload.outputMaxBytes()),
        BUDGET);
  }

  private static Path file(JobFile job, Digest digest) {
    Path file = job.blobs().get(digest);
    if (file == null) {
      throw CommandFailure.usage(
          "the job names %s and no file of it".formatted(digest), "--job", "");
    }
    return file;
  }

  private static Checkpoints ours(LocalRun run) {
    if (run.result() instanceof TaskResult.Completed(var _, var execution)) {
      return Checkpoints.read(execution.output())
          .map(Checkpoints.Traced::checkpoints)
          .orElseThrow(
              () ->
                  CommandFailure.failed(
                      "here the program ends without output: " + execution.status(), ""));
    }
    throw CommandFailure.failed("this machine could not run it", "openledger doctor");
  }

  /** Whether a run stands where ours stands, where the two part. */
  private static boolean fits(Checkpoints run, Checkpoints here, int index) {
    return index < run.all().size()
        && index < here.all().size()
        && run.all().get(index).equals(here.all().get(index));
  }

  private static Checkpoints checkpoints(byte[] output, String field) {
    return Checkpoints.read(output)
        .orElseThrow(() -> CommandFailure.usage("has no checkpoints behind it", field, ""))
        .checkpoints();
  }
}
