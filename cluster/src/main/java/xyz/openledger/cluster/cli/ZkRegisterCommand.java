package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "register",
    description =
        "Registers a private model on a chain, by the proof that its weights are in range.",
    footer = {
      "",
      "Without --contract a new contract is made first. It says on the chain that its keys are for"
          + " development.",
      "",
      "Example: openledger zk register evidence.json --rpc http://127.0.0.1:7445 --key owner.pem"
    })
final class ZkRegisterCommand implements Callable<Integer> {
  @Mixin Output output;

  @Parameters(paramLabel = "FILE", description = "what openledger zk prove wrote")
  Path file = Path.of("");

  @Option(names = "--rpc", required = true, paramLabel = "URL", description = "a node of the chain")
  URI rpc = URI.create("");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "PKCS#8 PEM file of the owner's secp256k1 key")
  Path key = Path.of("");

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description = "the ModelProofs contract (default: a new one)")
  @Nullable String contract;

  ZkRegisterCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    Shell shell = output.shell();
    var evidence = ZkFiles.evidence(shell, file);
    ZkChain.Sent sent =
        new ZkChain(rpc)
            .register(ZkFiles.address(contract, "--contract"), shell.resolve(key), evidence);
    output.print(
        sent,
        () ->
            Table.fields(
                List.of(
                    field("model", evidence.model()),
                    field("contract", sent.contract()),
                    field("transaction", sent.transaction()),
                    field("ceremony", ZkVerifyCommand.INSECURE))));
    return ExitCode.OK;
  }
}
