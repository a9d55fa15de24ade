package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "submit",
    description = "Brings an accusation to the court, which takes a bond until the case is closed.",
    footer = {
      "",
      "The node's owner may appeal for half a day; after that anybody closes the case by"
          + " openledger dispute case execute.",
      "",
      "Example: openledger dispute submit accusation.json --rpc http://127.0.0.1:7445 --contract"
          + " 0x00000000000000000000000000000000000000c2 --key me.pem"
    })
final class DisputeSubmitCommand implements Callable<Integer> {
  private static final int FILE_BYTES_MAX = 1 << 20;

  @Mixin Output output;

  @Parameters(
      paramLabel = "FILE",
      description = "what dispute export or dispute equivocation wrote, or a member kept")
  Path file = Path.of("");

  @Option(names = "--rpc", required = true, paramLabel = "URL", description = "a node of the chain")
  URI rpc = URI.create("");

  @Option(
      names = "--contract",
      required = true,
      paramLabel = "ADDRESS",
      description = "the DisputeCourt contract")
  String contract = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "PKCS#8 PEM file of a secp256k1 key with coins for gas and OPEN for the bond")
  Path key = Path.of("");

  DisputeSubmitCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    CourtChain.Filed filed =
        new CourtChain(rpc, contract).submit(output.shell().resolve(key), read());
    output.print(
        filed,
        () ->
            Table.fields(
                List.of(
                    field("case", Long.toString(filed.number())),
                    field("accused", filed.node()),
                    field("may lose", Money.text(filed.penaltyNanoOpen())),
                    field("bond", Money.text(filed.bondNanoOpen())),
                    field("appeals until", Text.moment(filed.closesAtSeconds() * 1_000)),
                    field("transaction", filed.transaction()))));
    return ExitCode.OK;
  }

  private Object read() throws IOException {
    Path path = output.shell().resolve(file);
    if (!Files.isRegularFile(path) || Files.size(path) > FILE_BYTES_MAX) {
      throw CommandFailure.usage("there is no accusation at " + path, "FILE", "");
    }
    try {
      JsonNode tree = Json.tree(Files.readAllBytes(path));
      return tree.has("second")
          ? Json.read(tree, Equivocation.class)
          : Json.read(tree, Accusation.class);
    } catch (ProblemException malformed) {
      throw CommandFailure.usage(path + " is no accusation: " + malformed.detail(), "FILE", "");
    }
  }
}
