package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import xyz.openledger.models.files.Safetensors;
import xyz.openledger.models.training.Checkpoint;
import xyz.openledger.models.training.DivergedException;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.TrainingJob;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.OwnedFolder;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.Workload;

/**
 * A piece of a training as a task. Its input says what is trained and until where, its further
 * arguments name the samples and the checkpoint to go on from, its output is the checkpoint: the
 * same bytes on every machine.
 */
final class TuningTask {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final byte[] UNTRAINABLE =
      "this cannot be trained\n".getBytes(StandardCharsets.UTF_8);

  private final Path models;
  private final Path temporary;
  private final int threads;
  private final StrictKernels kernels = StrictKernels.best();

  TuningTask(Path models, Path temporary, int threads) {
    this.models = models;
    this.temporary = temporary;
    this.threads = threads;
  }

  /** Whether a task is one of training. */
  static boolean isOne(ExecutionRequest task) {
    return !task.arguments().isEmpty()
        && task.arguments().getFirst().equals(Workload.Finetune.TUNE);
  }

  /**
   * Trains. What cannot be trained anywhere is an answer with exit code 1; where it stops early,
   * the answer is how far it came.
   *
   * @param check asked between pieces of the work; what it throws ends the training
   * @param stop asked after each step whether it shall stop there
   */
  Frame.Answer run(Frame.Run order, Runnable check, BooleanSupplier stop) throws IOException {
    ExecutionRequest task = order.request();
    SavedState saved = order.saved();
    long startNanos = THREADS.getCurrentThreadCpuTime();
    Path out = Files.createTempDirectory(temporary, "tuning-");
    try {
      TrainingSegment segment = TrainingSegment.parse(task.input());
      var files = new Place(models, order.module(), task.arguments());
      FuelBySteps fuel = fuel(segment, files, check);
      long total = fuel.until(segment.until());
      if (total > task.limits().fuelMax()) {
        return ran(
            order,
            new Execution(
                Outcome.Status.FUEL_EXHAUSTED,
                0,
                task.limits().fuelMax(),
                new byte[0],
                "these steps burn " + total,
                0));
      }
      var rest =
          saved == null ? segment : SavedTraining.rest(segment, saved, fuel, files.step(saved));
      Checkpoint made;
      try {
        made = rest.run(kernels, threads, files, out, check, stop);
      } catch (DivergedException everywhere) {
        if (saved != null) {
          // Perhaps by the state that somebody else left: who begins anew will see.
          throw Check.refusal("saved", "" + everywhere.getMessage());
        }
        long burnt = Math.min(total, fuel.until(everywhere.step()));
        return ran(order, ended(1, burnt, UNTRAINABLE, "" + everywhere.getMessage(), startNanos));
      }
      byte[] state = Files.readAllBytes(made.file());
      if (made.step() >= segment.until()) {
        return ran(order, ended(0, total, state, "", startNanos));
      }
      return state.length > task.limits().outputMaxBytes()
          ? new Frame.Faulted(
              order.id(),
              ExecutionFault.Reason.INTERRUPTED.name(),
              "its state takes %d bytes, an output may have %d"
                  .formatted(state.length, task.limits().outputMaxBytes()))
          : new Frame.Saved(order.id(), made.step(), fuel.until(made.step()), state);
    } catch (ProblemException refused) {
      String why = "%s %s".formatted(refused.field(), refused.detail()).strip();
      if (saved != null) {
        // Whoever saved it could train this task, so it is the state that is at fault.
        String reason = ExecutionFault.Reason.SAVED_STATE_REFUSED.name();
        return new Frame.Faulted(order.id(), reason, why);
      }
      // Paths and sizes of this machine are in the detail; the answer must be that of any machine.
      return ran(order, new Execution(Outcome.Status.FINISHED, 1, 0, UNTRAINABLE, why, 0));
    } finally {
      OwnedFolder.deleteTree(out);
    }
  }

  private static Frame.Answer ran(Frame.Run order, Execution execution) {
    return new Frame.Ran(order.id(), order.module(), execution);
  }

  private static Execution ended(
      int exitCode, long fuel, byte[] output, String detail, long startNanos) {
    return new Execution(
        Outcome.Status.FINISHED,
        exitCode,
        fuel,
        output,
        detail,
        (THREADS.getCurrentThreadCpuTime() - startNanos) / 1_000);
  }

  private FuelBySteps fuel(TrainingSegment segment, Place files, Runnable check)
      throws IOException {
    TrainingJob job = segment.job();
    try (var tune =
        new FineTune(
            kernels,
            threads,
            files.model(job.base()),
            files.data(job.data()),
            job.shape(),
            job.settings(),
            segment.holdBack(),
            check)) {
      return new FuelBySteps(files.step(), segment.until(), tune.fuel());
    }
  }

  /** Where the agent has put what the task names. */
  private record Place(Path models, Digest manifest, List<String> arguments)
      implements TrainingSegment.Blobs {
    @Override
    public Path model(Digest digest) {
      return models.resolve(manifest.hex());
    }

    @Override
    public Path data(Digest digest) {
      return file(1);
    }

    @Override
    public Path checkpoint(Digest digest) {
      return models.resolve(ModelFolder.fileName(digest));
    }

    /** The step of the checkpoint to go on from; 0 at the beginning. */
    long step() throws IOException {
      return arguments.size() <= 2 ? 0 : step(file(2));
    }

    /** The step of a state that another machine saved, as it says itself. */
    long step(SavedState saved) throws IOException {
      return step(checkpoint(saved.blob()));
    }

    private static long step(Path checkpoint) throws IOException {
      try (Arena mapped = Arena.ofConfined()) {
        String step = Safetensors.read(checkpoint, mapped).remarks().getOrDefault("step", "0");
        return step.matches("\\d{1,8}") ? Long.parseLong(step) : 0;
      }
    }

    private Path file(int argument) {
      return models.resolve(ModelFolder.fileName(Digest.parse(arguments.get(argument))));
    }
  }
}
