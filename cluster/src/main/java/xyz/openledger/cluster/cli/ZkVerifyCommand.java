package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.cluster.cli.Table.Field;
import xyz.openledger.protocol.Address;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelKeys;
import xyz.openledger.verification.zk.ModelVerdict;

@Command(
    name = "verify",
    description = "Checks evidence about a private model: here, and by a contract if one is named.",
    footer = {
      "",
      "Without --rpc nothing is asked: the pairings are computed here. With it, the contract on the"
          + " chain is",
      "asked as well, by a call that costs nothing, and both must agree.",
      "",
      "Example: openledger zk verify evidence.json"
    })
final class ZkVerifyCommand implements Callable<Integer> {
  /** What everybody must know who reads a verdict under these keys. */
  static final String INSECURE = "development: INSECURE, anybody can make proofs that pass";

  @Mixin Output output;

  @Parameters(paramLabel = "FILE", description = "what openledger zk prove wrote")
  Path file = Path.of("");

  @Option(names = "--rpc", paramLabel = "URL", description = "a node of the chain that you trust")
  @Nullable URI rpc;

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description = "the ModelProofs contract, with --rpc")
  @Nullable String contract;

  ZkVerifyCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /**
   * What programs read.
   *
   * @param chain what the contract says; absent if none was asked
   * @param fault why not; absent if it is verified
   */
  record Answer(
      boolean verified,
      String ceremony,
      String model,
      String job,
      List<Integer> output,
      ZkChain.@Nullable Believed chain,
      @Nullable String fault) {}

  @Override
  public Integer call() throws IOException {
    ModelEvidence evidence = ZkFiles.evidence(output.shell(), file);
    ModelVerdict verdict = ModelVerdict.of(evidence, ModelKeys.development());
    ZkChain.Believed chain = rpc == null ? null : new ZkChain(rpc).verify(named(), evidence);
    String fault =
        switch (verdict) {
          case ModelVerdict.Refused(var part, var reason) -> part + ": " + reason;
          case ModelVerdict.Proven _ ->
              chain == null || chain.believed() ? null : "the contract does not believe it";
        };
    var answer =
        new Answer(
            fault == null,
            INSECURE,
            evidence.model(),
            evidence.job(),
            evidence.outputs(),
            chain,
            fault);
    output.print(answer, () -> text(answer));
    return fault == null ? ExitCode.OK : ExitCode.FALSE;
  }

  private Address named() {
    Address address = ZkFiles.address(contract, "--contract");
    if (address == null) {
      throw CommandFailure.usage("which contract to ask is not known", "--contract", "");
    }
    return address;
  }

  private static String text(Answer answer) {
    var fields =
        new ArrayList<Field>(
            List.of(
                field("model", answer.model()),
                field("job", answer.job()),
                field("output", answer.output()),
                field("ceremony", answer.ceremony())));
    if (answer.chain() != null) {
      fields.add(
          field("contract", answer.chain().believed() ? "believes it" : "does NOT believe it"));
      fields.add(field("ask it by", "cast call CONTRACT " + answer.chain().calldata()));
    }
    if (answer.fault() != null) {
      fields.add(field("fault", answer.fault()));
    }
    return Table.fields(fields) + (answer.verified() ? "\nverified\n" : "\nNOT verified\n");
  }
}
