package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.verification.dispute.Arbitration;
import xyz.openledger.verification.dispute.Claim;
import xyz.openledger.verification.dispute.Side;
import xyz.openledger.verification.matmul.NetworkRefusal;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.ResultBytes;

@Command(
    name = "dispute",
    description = "Finds out which of two outcomes is wrong, and brings who signed it to court.",
    subcommands = {
      DisputeExportCommand.class,
      DisputeEquivocationCommand.class,
      DisputeEvidenceCommand.class,
      DisputeForkCommand.class,
      DisputeSubmitCommand.class,
      DisputeCaseCommand.class
    },
    footer = "%nExample: openledger dispute replay --job examples/matmul/job.json a.bin b.bin")
final class DisputeCommand {

  /** What programs read. */
  record Answer(String winner, String reason, int rounds, int roundsMax) {}

  @Command(
      name = "replay",
      description = "Plays the dispute between two traced outputs of one task, to its verdict.",
      footer = {
        "",
        "Of a program with checkpoints it finds the first that differs and runs it once more here.",
        "Else each output is held against its own trace root first. The referee sees roots, paths"
            + " and at most 64 terms;",
        "who is left is then checked as a whole, so that of two wrong outputs neither wins.",
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
    if (JobFile.read(shell.resolve(job)).spec().workload() instanceof Workload.Wasm) {
      return program(print, shell.resolve(job), task, claimant, challenger);
    }
    MatmulFiles files = MatmulFiles.read(shell.resolve(job), task);
    NetworkTask work = files.task();
    Claim a = claim(work, shell.resolve(claimant), "A");
    Claim b = claim(work, shell.resolve(challenger), "B");
    if (a.outcome().equals(b.outcome())) {
      throw CommandFailure.usage("the two outputs are the same: nothing to dispute", "B", "");
    }
    Arbitration.Award award = Arbitration.of(files.identity(), work, a, b);
    Side winner = award.winner();
    var answer =
        new Answer(
            winner == null ? "nobody" : winner.name().toLowerCase(Locale.ROOT),
            award.reason(),
            award.rounds(),
            award.roundsMax());
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

  /** Of a program only checkpoints are known: it is run again here. */
  private static int program(Output print, Path job, int task, Path claimant, Path challenger)
      throws IOException {
    Shell shell = print.shell();
    byte[] one = MatmulFiles.bytes(shell.resolve(claimant), "A");
    byte[] two = MatmulFiles.bytes(shell.resolve(challenger), "B");
    if (Arrays.equals(one, two)) {
      throw CommandFailure.usage("the two outputs are the same: nothing to dispute", "B", "");
    }
    WasmReplay.Found found = WasmReplay.play(job, task, one, two);
    print.print(
        found,
        () ->
            Table.fields(
                List.of(
                    field("winner", found.winner()),
                    field("reason", found.reason()),
                    field(
                        "checkpoint",
                        "%d of %d: they agree up to %s fuel and not at %s"
                            .formatted(
                                found.checkpoint(),
                                found.checkpoints(),
                                Text.count(found.agreedFuel()),
                                Text.count(found.fuel()))),
                    field("sandbox", found.sandbox()))));
    return ExitCode.OK;
  }

  /** A side that stands by an output; that it is one at all is said of the file that is none. */
  private static Claim claim(NetworkTask task, Path file, String field) throws IOException {
    byte[] output = MatmulFiles.bytes(file, field);
    try {
      if (ResultBytes.read(task.network(), task.rows(), output).products().isEmpty()) {
        throw CommandFailure.usage(file + " has no trace", field, "");
      }
      return Claim.of(task, output);
    } catch (NetworkRefusal refusal) {
      throw CommandFailure.usage(file + " is no result: " + refusal.sentence(), field, "");
    }
  }
}
