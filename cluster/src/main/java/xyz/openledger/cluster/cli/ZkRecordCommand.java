package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "record",
    description = "Writes an answer of a private model down on a chain, once for each job.",
    footer = {
      "",
      "Example: openledger zk record evidence.json --rpc http://127.0.0.1:7445 --contract"
          + " 0x00000000000000000000000000000000000000c1 --key anybody.pem"
    })
final class ZkRecordCommand implements Callable<Integer> {
  @Mixin Output output;

  @Parameters(paramLabel = "FILE", description = "what openledger zk prove wrote")
  Path file = Path.of("");

  @Option(names = "--rpc", required = true, paramLabel = "URL", description = "a node of the chain")
  URI rpc = URI.create("");

  @Option(
      names = "--contract",
      required = true,
      paramLabel = "ADDRESS",
      description = "the ModelProofs contract")
  String contract = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "PKCS#8 PEM file of a secp256k1 key with coins for gas")
  Path key = Path.of("");

  ZkRecordCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    Shell shell = output.shell();
    var evidence = ZkFiles.evidence(shell, file);
    ZkChain.Sent sent =
        new ZkChain(rpc)
            .record(
                Objects.requireNonNull(ZkFiles.address(contract, "--contract")),
                shell.resolve(key),
                evidence);
    output.print(
        sent,
        () ->
            Table.fields(
                List.of(
                    field("model", evidence.model()),
                    field("job", evidence.job()),
                    field("transaction", sent.transaction()))));
    return ExitCode.OK;
  }
}
