package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.Checkpoint;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TrainingState;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

@Command(
    name = "tune",
    description = "Trains a LoRA adapter from lines of JSON; the same command gives the same bits.",
    footer = {
      "",
      "A line is {\"messages\": [{\"role\": \"user\", \"content\": …}, {\"role\": \"assistant\","
          + " …}]} or",
      "{\"prompt\": …, \"completion\": …}. The adapter is written in the layout of PEFT.",
      "--verify makes the steps between two checkpoints again: exit 0 if every bit agrees, 5 if"
          + " not.",
      "What is equal to what, and why: docs/fine-tuning.md.",
      "",
      "Example: openledger model tune --data examples/fine-tuning/pirate.jsonl --out my-adapter"
    })
final class ModelTuneCommand implements Callable<Integer> {
  @Mixin Output output;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "the model to adapt (default: the tiny one that ships)")
  @Nullable Path model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "what to learn from, a line of JSON a sample")
  Path data = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "adapter",
      description = "where the adapter goes, its checkpoints beside it (default adapter)")
  Path out = Path.of("adapter");

  @Option(
      names = "--rank",
      paramLabel = "N",
      defaultValue = "8",
      description = "how much the adapter can hold (default 8)")
  int rank;

  @Option(
      names = "--alpha",
      paramLabel = "X",
      defaultValue = "16",
      description = "how strongly it speaks, times its rank (default 16)")
  float alpha;

  @Option(
      names = "--targets",
      split = ",",
      paramLabel = "NAME",
      description = "matrices to adapt (default q_proj,v_proj,o_proj,gate_proj,down_proj)")
  List<String> targets = List.of("q_proj", "v_proj", "o_proj", "gate_proj", "down_proj");

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "120",
      description = "steps of the optimiser (default 120)")
  int steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "samples a step (default 8)")
  int batch;

  @Option(
      names = "--rate",
      paramLabel = "X",
      defaultValue = "0.005",
      description = "by how much weights move at most (default 0.005)")
  float rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "7",
      description = "of first weights and of the order of samples (default 7)")
  long seed;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "0",
      description = "steps between checkpoints (default 0: one at the end)")
  int every;

  @Option(
      names = "--hold-back",
      description = "keep every tenth sample for telling the loss on what was not learnt")
  boolean holdBack;

  @Option(names = "--resume", description = "go on from the last checkpoint under --out")
  boolean resume;

  @Option(
      names = "--verify",
      arity = "2",
      paramLabel = "CHECKPOINT",
      description = "make the steps between these two again, and compare bits")
  List<Path> verify = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads; the bits do not depend on them (default: all)")
  int threads = Runtime.getRuntime().availableProcessors();

  ModelTuneCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read. */
  record Answer(Digest adapter, Digest checkpoint, String folder, int steps, int samples) {}

  /** What programs read of a check. */
  record Checked(boolean same, Digest claimed, Digest found, int from, int to) {}

  @Override
  public Integer call() throws IOException {
    Shell shell = output.shell();
    if (every < 0) {
      throw CommandFailure.usage(
          "steps between checkpoints cannot be " + every, "--checkpoint-every", "");
    }
    if (threads < 1 || threads > 256) {
      throw CommandFailure.usage("there are 1 to 256 threads", "--threads", "");
    }
    var settings = new Settings(steps, batch, rate, Math.min(10, steps), 0.01f, 1, seed);
    try (var tune =
        new FineTune(
            StrictKernels.best(),
            threads,
            model == null ? ModelFolders.tiny() : shell.resolve(model),
            shell.resolve(data),
            new AdapterShape(rank, alpha, projections()),
            settings,
            holdBack)) {
      return verify.isEmpty() ? train(tune) : check(tune);
    }
  }

  private int train(FineTune tune) throws IOException {
    Shell shell = output.shell();
    Path folder = shell.resolve(out);
    Path checkpoints = folder.resolve("checkpoints");
    shell.note("%d samples, kernels: %s".formatted(tune.samples(), StrictKernels.best().name()));
    TrainingState state = tune.beginning();
    if (resume) {
      Optional<Checkpoint> latest = Checkpoint.latest(checkpoints);
      if (latest.isPresent()) {
        state = tune.read(latest.get());
        shell.note("goes on after step " + state.step());
      }
    }
    state = tune.run(state, steps, every, checkpoints, new TrainingLines(shell, steps));
    Digest checkpoint = tune.save(state, checkpoints).digest();
    Digest adapter = tune.publish(state, folder);
    var answer = new Answer(adapter, checkpoint, folder.toString(), steps, tune.samples());
    output.print(
        answer,
        () ->
            "adapter     %s%ncheckpoint  %s%nin          %s%n"
                .formatted(adapter, checkpoint, folder));
    return ExitCode.OK;
  }

  private int check(FineTune tune) throws IOException {
    Shell shell = output.shell();
    Checkpoint from = Checkpoint.named(shell.resolve(verify.getFirst()));
    Checkpoint to = Checkpoint.named(shell.resolve(verify.getLast()));
    if (from.step() >= to.step()) {
      throw CommandFailure.usage("the second checkpoint comes before the first", "--verify", "");
    }
    Digest found = tune.again(from, to, new TrainingLines(shell, steps));
    boolean same = found.equals(to.digest());
    output.print(
        new Checked(same, to.digest(), found, from.step(), to.step()),
        () ->
            same
                ? "steps %d to %d: every bit agrees%n".formatted(from.step() + 1, to.step())
                : "steps %d to %d: DIFFERENT%nclaimed  %s%nfound    %s%n"
                    .formatted(from.step() + 1, to.step(), to.digest(), found));
    return same ? ExitCode.OK : ExitCode.FALSE;
  }

  private Set<Projection> projections() {
    var projections = EnumSet.noneOf(Projection.class);
    for (String target : targets) {
      projections.add(
          Projection.ofTarget(target)
              .orElseThrow(
                  () ->
                      CommandFailure.usage(
                          "there is q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj",
                          "--targets",
                          "")));
    }
    return projections;
  }
}
