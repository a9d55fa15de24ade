package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.chainanchor.evm.PoolContract;
import xyz.openledger.chainanchor.evm.RpcException;
import xyz.openledger.chainanchor.receipts.LogFork;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "fork",
    description =
        "Accuses a receipt log that signed two roots of one size; its pool loses its bond.",
    footer = {
      "",
      "FILE: {version: 1, pool, size, first: {root, signature}, second: {root, signature}};"
          + " signatures are the log signer's",
      "under EIP-712, as PoolRegistry.checkpointDigest says. Without --key it is only checked.",
      "",
      "Example: openledger dispute fork fork.json --rpc http://127.0.0.1:7445 --contract"
          + " 0x00000000000000000000000000000000000000c1 --key me.pem"
    })
final class DisputeForkCommand implements Callable<Integer> {
  @Mixin Output output;

  @Parameters(paramLabel = "FILE", description = "the two signed roots, as below")
  Path file = Path.of("");

  @Option(names = "--rpc", required = true, paramLabel = "URL", description = "a node of the chain")
  URI rpc = URI.create("");

  @Option(
      names = "--contract",
      required = true,
      paramLabel = "ADDRESS",
      description = "the PoolRegistry contract")
  String contract = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PKCS#8 PEM file of a secp256k1 key with coins for gas; it gets the bounty")
  @Nullable Path key;

  DisputeForkCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read; {@code proven} is absent if it was only checked. */
  record Answer(String pool, long size, @Nullable Proven proven) {}

  /** What came of it. */
  record Proven(String operator, long lostNanoOpen, long bountyNanoOpen, String transaction) {}

  @Override
  public Integer call() throws IOException {
    LogFork fork = read();
    var chain = new KeyedChain(rpc);
    var registry =
        new PoolContract(
            chain.client(), Objects.requireNonNull(ZkFiles.address(contract, "--contract")));
    try {
      Optional<String> objection = registry.objection(fork);
      if (objection.isPresent()) {
        throw CommandFailure.failed("the registry would refuse: " + objection.get(), "");
      }
      Proven proven = key == null ? null : proven(chain, registry, fork, key);
      var answer = new Answer(fork.pool().value(), fork.size(), proven);
      output.print(answer, () -> text(answer));
      return ExitCode.OK;
    } catch (RpcException refused) {
      throw CommandFailure.failed("the registry refuses: " + refused.getMessage(), "");
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    } catch (IllegalArgumentException foreign) {
      throw CommandFailure.usage(String.valueOf(foreign.getMessage()), "--contract", "");
    }
  }

  private Proven proven(KeyedChain chain, PoolContract registry, LogFork fork, Path keyFile)
      throws IOException {
    PoolContract.Proven proven =
        registry.prove(chain.wallet(output.shell().resolve(keyFile)), fork);
    return new Proven(
        proven.operator().value(),
        proven.lostNanoOpen(),
        proven.bountyNanoOpen(),
        proven.transaction());
  }

  private static String text(Answer answer) {
    String pool = "%s, two roots at size %d".formatted(answer.pool(), answer.size());
    Proven proven = answer.proven();
    return Table.fields(
        proven == null
            ? List.of(field("pool", pool), field("would hold", "yes; bring it by --key"))
            : List.of(
                field("pool", pool),
                field("operator", proven.operator()),
                field("lost", Money.text(proven.lostNanoOpen())),
                field("bounty", Money.text(proven.bountyNanoOpen())),
                field("transaction", proven.transaction())));
  }

  private LogFork read() throws IOException {
    byte[] bytes = ZkFiles.read(output.shell(), file, "FILE");
    try {
      return Json.read(bytes, LogFork.class);
    } catch (ProblemException malformed) {
      String place = malformed.field().isEmpty() ? "" : malformed.field() + ": ";
      throw CommandFailure.usage(
          file + " is no fork of a log: " + place + malformed.detail(), "FILE", "");
    }
  }
}
