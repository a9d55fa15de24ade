package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.verification.dispute.Dispute;
import xyz.openledger.verification.dispute.Hearing;
import xyz.openledger.verification.dispute.Party;
import xyz.openledger.verification.dispute.Side;
import xyz.openledger.verification.matmul.NetworkRefusal;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.ResultBytes;
import xyz.openledger.verification.matmul.Tensor;

@Command(
    name = "dispute",
    description = "Finds out which of two outcomes of a matmul task is wrong.",
    footer = "%nExample: openledger dispute replay --job examples/matmul/job.json a.bin b.bin")
final class DisputeCommand {

  /** What programs read. */
  record Answer(String winner, String reason, int rounds, int roundsMax) {}

  @Command(
      name = "replay",
      description = "Plays the dispute between two traced outputs of one task, to its verdict.",
      footer = {
        "",
        "The referee sees roots, paths and at most 64 terms; it never runs the network.",
        "",
        "Example: openledger dispute replay --job examples/matmul/job.json a.bin b.bin"
      })
  int replay(
      @Mixin Output print,
      @Option(names = "--job", paramLabel = "FILE", required = true, description = "the job file")
          Path job,
      @Option(
              names = "--task",
              paramLabel = "N",
              defaultValue = "0",
              description = "the task (default 0)")
          int task,
      @Parameters(paramLabel = "A", description = "the output that is disputed") Path claimant,
      @Parameters(paramLabel = "B", description = "the output of who disputes it") Path challenger)
      throws IOException {
    Shell shell = print.shell();
    NetworkTask work = MatmulFiles.read(shell.resolve(job), task).task();
    Party a = party(work, shell.resolve(claimant));
    Party b = party(work, shell.resolve(challenger));
    if (a.root().equals(b.root())) {
      throw CommandFailure.usage("the two outputs are the same: nothing to dispute", "B", "");
    }
    Dispute over = Hearing.of(a, b);
    Dispute.Verdict verdict = Objects.requireNonNull(over.verdict());
    Side winner = verdict.winner();
    var answer =
        new Answer(
            winner == null ? "nobody" : winner.name().toLowerCase(Locale.ROOT),
            verdict.reason(),
            over.rounds(),
            Hearing.roundsMax(work.network(), work.rows()));
    print.print(
        answer,
        () ->
            Table.fields(
                List.of(
                    field("winner", answer.winner()),
                    field("reason", answer.reason()),
                    field(
                        "rounds",
                        "%d of at most %d".formatted(answer.rounds(), answer.roundsMax())))));
    return ExitCode.OK;
  }

  /** A side that stands by the products and the result in an output; the rest follows from them. */
  private static Party party(NetworkTask task, Path file) throws IOException {
    try {
      ResultBytes said = ResultBytes.read(task.network(), task.rows(), MatmulFiles.bytes(file));
      var outputs = new ArrayList<Tensor>();
      int products = 0;
      for (Operator operator : task.network().operators()) {
        if (operator instanceof Operator.Product && said.products().isEmpty()) {
          throw CommandFailure.usage(file + " has no trace", "A", "");
        }
        outputs.add(
            operator instanceof Operator.Product
                ? said.products().get(products++)
                : NetworkRun.step(operator, task.tensor(), outputs));
      }
      outputs.set(outputs.size() - 1, said.result());
      return new Party(task.network(), task.tensor(), outputs);
    } catch (NetworkRefusal refusal) {
      throw CommandFailure.usage(file + " is no result: " + refusal.sentence(), "A", "");
    }
  }
}
