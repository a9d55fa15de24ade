package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import xyz.openledger.models.files.Safetensors;
import xyz.openledger.models.training.Checkpoint;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.Sample;
import xyz.openledger.models.training.TrainingEvent;
import xyz.openledger.models.training.TrainingJob;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.OwnedFolder;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;

/**
 * A piece of a training as a task. Its input says what is trained and until where, its further
 * arguments name the samples and the checkpoint to go on from, its output is the checkpoint: the
 * same bytes on every machine.
 */
final class TuningTask {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** A pass backwards takes two products for each of the pass forwards. */
  private static final int PRODUCTS_PER_WEIGHT = 3;

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
   * Trains. What cannot be trained anywhere is an answer with exit code 1.
   *
   * @param steps hears each step; what it throws ends the training
   */
  Execution run(Digest model, ExecutionRequest task, Consumer<TrainingEvent> steps)
      throws IOException {
    long startNanos = THREADS.getCurrentThreadCpuTime();
    Path out = Files.createTempDirectory(temporary, "tuning-");
    try {
      TrainingSegment segment = TrainingSegment.parse(task.input());
      var files = new Place(models, model, task.arguments());
      long fuel = fuel(segment, files);
      if (fuel > task.limits().fuelMax()) {
        return new Execution(
            Outcome.Status.FUEL_EXHAUSTED,
            0,
            task.limits().fuelMax(),
            new byte[0],
            "these steps burn " + fuel,
            0);
      }
      Checkpoint made = segment.run(kernels, threads, files, out, steps);
      return ended(0, fuel, Files.readAllBytes(made.file()), startNanos);
    } catch (ProblemException refused) {
      // Paths and sizes of this machine are in the detail; the answer must be that of any machine.
      return new Execution(
          Outcome.Status.FINISHED,
          1,
          0,
          "this cannot be trained\n".getBytes(StandardCharsets.UTF_8),
          "%s %s".formatted(refused.field(), refused.detail()).strip(),
          0);
    } finally {
      OwnedFolder.deleteTree(out);
    }
  }

  private static Execution ended(int exitCode, long fuel, byte[] output, long startNanos) {
    return new Execution(
        Outcome.Status.FINISHED,
        exitCode,
        fuel,
        output,
        "",
        (THREADS.getCurrentThreadCpuTime() - startNanos) / 1_000);
  }

  /** By the samples' mean length, so that it is known before the first step. */
  private long fuel(TrainingSegment segment, Place files) throws IOException {
    TrainingJob job = segment.job();
    try (var tune =
        new FineTune(
            kernels,
            threads,
            files.model(job.base()),
            files.data(job.data()),
            job.shape(),
            job.settings(),
            false)) {
      List<Sample> samples = tune.allSamples();
      long tokens = samples.stream().mapToLong(sample -> sample.tokens().length).sum();
      long steps = Math.max(0, segment.until() - files.step());
      return PRODUCTS_PER_WEIGHT
          * tune.weightCount()
          * (steps * job.settings().batch() * tokens / Math.max(1, samples.size()));
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
      return file(2);
    }

    /** The step of the checkpoint to go on from; 0 at the beginning. */
    long step() throws IOException {
      if (arguments.size() <= 2) {
        return 0;
      }
      try (Arena mapped = Arena.ofConfined()) {
        String step = Safetensors.read(file(2), mapped).remarks().getOrDefault("step", "0");
        return step.matches("\\d{1,8}") ? Long.parseLong(step) : 0;
      }
    }

    private Path file(int argument) {
      return models.resolve(ModelFolder.fileName(Digest.parse(arguments.get(argument))));
    }
  }
}
