package xyz.openledger.cluster.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.ProductFindings;

@Command(
    name = "recheck",
    description = "Checks the products of a matmul task again, from its files alone.",
    footer = {
      "",
      "The challenge follows from the outcome in the receipt, so everyone finds what the member"
          + " found. That the",
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

  ReceiptRecheckCommand(Shell shell) {
    this.print = new Output(shell);
  }

  /** What programs read. */
  record Answer(
      boolean holds, int products, int errorLog2, String reason, @Nullable Integer proofBytes) {}

  @Override
  public Integer call() throws IOException {
    Shell shell = print.shell();
    MatmulFiles files = MatmulFiles.read(shell.resolve(job), task);
    Outcome outcome = outcome(receipt(MatmulFiles.bytes(shell.resolve(file))), files);
    Receipt.ProductCheck found =
        ProductFindings.of(
            files.identity(), files.task(), outcome, MatmulFiles.bytes(shell.resolve(output)));
    Answer answer =
        new Answer(
            found.holds(), found.products(), found.errorLog2(), found.detail(), found.proofBytes());
    print.print(answer, () -> text(answer));
    return answer.holds() ? ExitCode.OK : ExitCode.FALSE;
  }

  /** The receipt itself, also out of the bundle that {@code receipt show} prints. */
  private static Receipt receipt(byte[] bytes) {
    JsonNode tree = Json.read(bytes, JsonNode.class);
    return Json.read(tree.has("document") ? tree.get("document") : tree, Receipt.class);
  }

  private Outcome outcome(Receipt receipt, MatmulFiles files) {
    List<String> wrong = new ArrayList<>();
    if (!receipt.spec().equals(files.spec().digest())) {
      wrong.add("the receipt is of another job than " + job);
    }
    if (task >= receipt.tasks().size()
        || !receipt.tasks().get(task).task().equals(files.identity())) {
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
