package xyz.openledger.models.training;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import xyz.openledger.models.tokens.ModelTokenizer;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/**
 * The training of one adapter on one model with one file of samples. Where it stops, another
 * machine goes on, and the end is the same bits.
 */
public final class FineTune implements AutoCloseable {
  /** Tokens that are in memory at once; one sample may have more. */
  private static final int ROWS = 2_048;

  /** Of so many samples one is held back, where the loss on those is wanted. */
  private static final int HELD_BACK_OF = 10;

  private final Arena arena = Arena.ofShared();
  private final StrictKernels kernels;
  private final Workers workers;
  private final BaseModel base;
  private final TrainingJob job;
  private final List<Sample> samples;
  private final List<Sample> heldBack;

  /**
   * Reads model and data.
   *
   * @param holdBack whether every tenth sample is not learnt from, but tells the loss, as those do
   *     that the file marks so
   */
  public FineTune(
      StrictKernels kernels,
      int threads,
      Path model,
      Path data,
      AdapterShape shape,
      Settings settings,
      boolean holdBack)
      throws IOException {
    this(kernels, threads, model, data, shape, settings, holdBack, () -> {});
  }

  /**
   * The same.
   *
   * @param check asked between pieces of the reading and the work; what it throws ends them
   */
  public FineTune(
      StrictKernels kernels,
      int threads,
      Path model,
      Path data,
      AdapterShape shape,
      Settings settings,
      boolean holdBack,
      Runnable check)
      throws IOException {
    this.kernels = kernels;
    this.workers = new Workers(threads, check);
    try {
      base = BaseModel.read(model, arena, check);
      try (var tokenizer = ModelTokenizer.read(base.tokenizer(), base.config().vocabularySize())) {
        TuningData read = TuningData.read(data, tokenizer, base.config(), check);
        List<Sample> tenth = holdBack ? every(read.samples(), true) : List.of();
        samples = tenth.isEmpty() ? read.samples() : every(read.samples(), false);
        heldBack = Stream.concat(tenth.stream(), read.heldBack().stream()).toList();
        job = TrainingJob.of(base.digest(), read.digest(), holdBack, shape, settings);
      }
    } catch (IOException | RuntimeException refused) {
      close();
      throw refused;
    }
  }

  /** What is trained. */
  public TrainingJob job() {
    return job;
  }

  /** How many numbers the model's weights are. */
  public long weightCount() {
    return base.config().parameters();
  }

  /** How many samples it learns from. */
  public int samples() {
    return samples.size();
  }

  /** Those themselves, in the order of the file. */
  public List<Sample> allSamples() {
    return samples;
  }

  /** What it burns. */
  public TrainingFuel fuel() {
    return new TrainingFuel(
        weightCount(), job.settings().batch(), tokens(samples), samples.size(), tokens(heldBack));
  }

  private static long tokens(List<Sample> of) {
    return of.stream().mapToLong(sample -> sample.tokens().length).sum();
  }

  /** Whether a sample is not learnt from, where every tenth is held back; the first is 0. */
  public static boolean holdsBack(long sample) {
    return sample % HELD_BACK_OF == HELD_BACK_OF - 1;
  }

  /** Before the first step. */
  public TrainingState beginning() {
    Layout layout = Layout.ofAdapter(base.config(), job.shape());
    return TrainingState.before(Initial.adapter(layout, job.settings().seed(), arena), arena);
  }

  /** Where a checkpoint stopped. */
  public TrainingState read(Checkpoint checkpoint) throws IOException {
    return checkpoint.read(job, Layout.ofAdapter(base.config(), job.shape()), arena);
  }

  /**
   * Goes on to a step.
   *
   * @param every after so many steps a checkpoint is written; 0: only at the end
   * @param checkpoints where
   */
  public TrainingState run(
      TrainingState from, int until, int every, Path checkpoints, Consumer<TrainingEvent> events)
      throws IOException {
    return run(from, until, every, checkpoints, events, () -> false);
  }

  /**
   * Goes on to a step, or as far as it may.
   *
   * @param stop asked after each step whether it shall stop there
   */
  TrainingState run(
      TrainingState from,
      int until,
      int every,
      Path checkpoints,
      Consumer<TrainingEvent> events,
      BooleanSupplier stop)
      throws IOException {
    try (Trainer trainer = trainer(from)) {
      boolean stopped = false;
      while (!stopped && trainer.state().step() < until) {
        events.accept(trainer.step());
        int step = trainer.state().step();
        if (step == until || (every > 0 && step % every == 0)) {
          OptionalDouble held =
              heldBack.isEmpty()
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(trainer.gradients().lossOf(heldBack));
          held.ifPresent(loss -> events.accept(new TrainingEvent.Evaluated(step, loss)));
          Checkpoint saved = Checkpoint.write(checkpoints, job, trainer.state(), held);
          events.accept(new TrainingEvent.Saved(step, saved.digest(), saved.file()));
        }
        stopped = stop.getAsBoolean();
      }
      return trainer.state();
    }
  }

  /** Writes a checkpoint of a state: the bytes that {@link #run} writes there. */
  public Checkpoint save(TrainingState state, Path checkpoints) throws IOException {
    if (heldBack.isEmpty()) {
      return Checkpoint.write(checkpoints, job, state);
    }
    try (GradientSum gradients = gradientsAt(state)) {
      var loss = OptionalDouble.of(gradients.lossOf(heldBack));
      return Checkpoint.write(checkpoints, job, state, loss);
    }
  }

  /**
   * Makes the steps between two checkpoints again, and answers the digest that the second would
   * have if they were made rightly.
   */
  public Digest again(Checkpoint from, Checkpoint to, Consumer<TrainingEvent> events)
      throws IOException {
    Path folder = Files.createTempDirectory("openledger-verify");
    try {
      TrainingState state = run(read(from), to.step(), 0, folder, events);
      Optional<Checkpoint> made = Checkpoint.latest(folder);
      return made.isPresent() ? made.get().digest() : save(state, folder).digest();
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(folder);
    }
  }

  /** The gradient that one sample alone gives the adapter, and its loss. */
  public GradientSum.Result gradientOf(TrainingState state, int sample, GradientSum sum) {
    if (!sum.trained().memory().equals(state.weights().memory())) {
      throw new IllegalArgumentException("the sum is of other weights");
    }
    return sum.of(List.of(samples.get(sample)));
  }

  /** A sum of gradients at a state, for {@link #gradientOf}. */
  public GradientSum gradientsAt(TrainingState state) {
    return new GradientSum(kernels, workers, weights(state), rows());
  }

  /** Writes the adapter as others read it; answers its digest. */
  public Digest publish(TrainingState state, Path folder) throws IOException {
    Path name = base.folder().toAbsolutePath().normalize().getFileName();
    return AdapterFolder.write(
        folder, name == null ? "model" : name.toString(), job.shape(), state.weights());
  }

  private Trainer trainer(TrainingState from) {
    return new Trainer(kernels, workers, weights(from), samples, job.settings(), from, rows());
  }

  private Weights weights(TrainingState state) {
    return new Weights(
        base.config(),
        base.weights(),
        Optional.of(new Weights.Adapter(job.shape(), state.weights())));
  }

  private int rows() {
    int longest = samples.stream().mapToInt(sample -> sample.tokens().length).max().orElse(1);
    int longestHeld = heldBack.stream().mapToInt(sample -> sample.tokens().length).max().orElse(1);
    return Math.max(ROWS, Math.max(longest, longestHeld));
  }

  private static List<Sample> every(List<Sample> all, boolean held) {
    var some = new java.util.ArrayList<Sample>();
    for (int i = 0; i < all.size(); i++) {
      if (holdsBack(i) == held) {
        some.add(all.get(i));
      }
    }
    return some;
  }

  @Override
  public void close() {
    workers.close();
    arena.close();
  }
}
