package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.verification.ActivationFindings;
import xyz.openledger.verification.ProductFindings;

@Command(
    name = "recheck",
    description = "Checks a matmul or toploc task again, from its files alone.",
    footer = {
      "",
      "Of a language model's answer (toploc), --model names the folder of the model, and again that"
          + " of an adapter.",
      "Of products, the challenge follows from the outcome in the receipt, so everyone finds what"
          + " the member found. That the",
      "receipt itself is genuine: receipt verify.",
      "",
      "Example: openledger receipt recheck receipt.json --job examples/matmul/job.json --result"
          + " output.bin"
    })
final class ReceiptRecheckCommand implements Callable<Integer> {
  @Mixin Output print;

  @Parameters(paramLabel = "FILE", description = "what receipt show JOB -o json printed")
  Path file = Path.of("");

  @Option(names = "--job", paramLabel = "FILE", required = true, description = "the job file")
  Path job = Path.of("");

  @Option(
      names = "--task",
      paramLabel = "N",
      defaultValue = "0",
      description = "the task (default 0)")
  int task;

  @Option(
      names = "--result",
      paramLabel = "FILE",
      required = true,
      description = "its output, as job output printed it")
  Path output = Path.of("");

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "of an inference job: the folder of its model; once more for an adapter's")
  List<Path> models = new ArrayList<>();

  ReceiptRecheckCommand(Shell shell) {
    this.print = new Output(shell);
  }

  /** What programs read. */
  record Answer(
      boolean holds, int products, int errorLog2, String reason, @Nullable Integer proofBytes) {}

  @Override
  public Integer call() throws IOException {
    ProductCheck found = found(JobFile.read(print.shell().resolve(job)));
    Answer answer =
        new Answer(
            found.holds(), found.products(), found.errorLog2(), found.detail(), found.proofBytes());
    print.print(answer, () -> text(answer));
    return answer.holds() ? ExitCode.OK : ExitCode.FALSE;
  }

  private ProductCheck found(JobFile files) throws IOException {
    Shell shell = print.shell();
    Receipt receipt = ReceiptFile.read(shell.resolve(file));
    byte[] bytes = MatmulFiles.bytes(shell.resolve(output));
    if (!(files.spec().workload() instanceof Workload.Inference workload)) {
      MatmulFiles matmul = MatmulFiles.read(shell.resolve(job), task);
      Outcome outcome = outcome(receipt, matmul.spec(), matmul.identity());
      return ProductFindings.of(matmul.identity(), matmul.task(), outcome, bytes);
    }
    var answer = answer(files, workload);
    Outcome outcome = outcome(receipt, files.spec(), answer.identity());
    return answer.check(outcome, bytes, accepted(receipt));
  }

  private RecheckedAnswer answer(JobFile files, Workload.Inference workload) throws IOException {
    if (task < 0 || task >= files.spec().tasks().size()) {
      throw CommandFailure.usage("the job has no task " + task, "--task", "");
    }
    JobSpec.Task asked = files.spec().tasks().get(task);
    if (!Workload.Inference.commits(asked.arguments())) {
      throw CommandFailure.usage(
          "task %d does not commit to activations".formatted(task), "--job", "");
    }
    Path question = files.blobs().get(asked.input());
    if (question == null) {
      throw CommandFailure.usage(
          "the job names %s and no file of it".formatted(asked.input()), "--job", "");
    }
    List<Path> folders = models.stream().map(print.shell()::resolve).toList();
    return new RecheckedAnswer(asked, workload, MatmulFiles.bytes(question), folders);
  }

  /** What the member found on the replica whose outcome was accepted. */
  private @Nullable ProductCheck accepted(Receipt receipt) {
    return receipt.tasks().get(task).replicas().stream()
        .filter(replica -> replica.standing() == Receipt.Standing.ACCEPTED)
        .map(Receipt.ReplicaReceipt::check)
        .filter(check -> check != null)
        .findFirst()
        .orElse(null);
  }

  private Outcome outcome(Receipt receipt, JobSpec spec, Digest identity) {
    List<String> wrong = new ArrayList<>();
    if (!receipt.spec().equals(spec.digest())) {
      wrong.add("the receipt is of another job than " + job);
    }
    if (task >= receipt.tasks().size() || !receipt.tasks().get(task).task().equals(identity)) {
      wrong.add("the receipt has no such task " + task);
    }
    Outcome outcome = wrong.isEmpty() ? receipt.tasks().get(task).outcome() : null;
    if (outcome == null) {
      wrong.add("the task has no accepted outcome");
      throw CommandFailure.usage(wrong.getFirst(), "--job", "");
    }
    return outcome;
  }

  private static String text(Answer answer) {
    if (answer.holds() && answer.errorLog2() == ActivationFindings.ERROR_LOG2) {
      return "holds, computed again from the model: %s%n".formatted(answer.reason());
    }
    return answer.holds()
        ? "holds: %d products checked%s, a wrong one passes with a chance of at most 2^%d%n"
            .formatted(
                answer.products(),
                answer.proofBytes() == null
                    ? ""
                    : " by %d bytes of proof".formatted(answer.proofBytes()),
                answer.errorLog2())
        : "does NOT hold: %s%n".formatted(answer.reason());
  }
}
