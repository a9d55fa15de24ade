package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "equivocation",
    description =
        "Writes what convicts a node that signed two outcomes of one task in two receipts.",
    footer = {
      "",
      "No log and no chain is asked: two signatures of the node are enough. Bring it by openledger"
          + " dispute submit.",
      "",
      "Example: openledger dispute equivocation mine.json theirs.json --out accusation.json"
    })
final class DisputeEquivocationCommand implements Callable<Integer> {
  @Mixin Output output;

  @Parameters(
      index = "0",
      paramLabel = "RECEIPT",
      description = "what receipt show -o json printed")
  Path one = Path.of("");

  @Parameters(index = "1", paramLabel = "RECEIPT", description = "another one of the same task")
  Path other = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "where to write the accusation; not there yet")
  Path out = Path.of("");

  DisputeEquivocationCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read. */
  record Answer(String accused, String file) {}

  @Override
  public Integer call() throws IOException {
    Path file = output.shell().resolve(out);
    if (Files.exists(file)) {
      throw CommandFailure.usage(file + " is there already; nothing was written", "--out", "");
    }
    Equivocation found =
        Equivocation.between(receipt(one), receipt(other))
            .orElseThrow(
                () ->
                    CommandFailure.failed(
                        "no node signed two outcomes of one task in these receipts", ""));
    Files.write(file, (Json.pretty(found) + "\n").getBytes(StandardCharsets.UTF_8));
    var answer = new Answer(found.node().value(), file.toString());
    output.print(
        answer,
        () ->
            Table.fields(
                List.of(field("accused", answer.accused()), field("written to", answer.file()))));
    return ExitCode.OK;
  }

  private Receipt receipt(Path path) throws IOException {
    return ReceiptFile.read(output.shell().resolve(path));
  }
}
