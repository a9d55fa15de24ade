package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.RpcWitness;
import xyz.openledger.chainanchor.receipts.ChainWitness;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.json.Json;

/**
 * Where verification starts on a chain. The contracts are those that were named, else those that
 * this machine's own network put on that chain.
 */
record ChainStart(URI rpc, @Nullable Address anchorLog, @Nullable Address registry) {

  ChainWitness witness(Path dataDirectory) throws IOException {
    Optional<Contracts> known =
        anchorLog == null ? known(dataDirectory, chainId()) : Optional.empty();
    Address log = anchorLog != null ? anchorLog : known.map(Contracts::anchorLog).orElse(null);
    if (log == null) {
      throw CommandFailure.usage(
          "which contract keeps the log is not known here, and the file is not asked",
          "--contract",
          "add --contract 0x…, as the network publishes it");
    }
    Address keys = registry != null ? registry : known.map(Contracts::registry).orElse(null);
    return RpcWitness.connect(rpc, log, keys, known.map(Contracts::fromBlock).orElse(0L));
  }

  private long chainId() {
    try {
      return new ChainClient(new JsonRpc(rpc)).chainId();
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  /** What the member of that directory wrote when it put the contracts there. */
  private static Optional<Contracts> known(Path dataDirectory, long chainId) throws IOException {
    Path file = dataDirectory.resolve("chain/contracts-" + chainId + ".json");
    return Files.isRegularFile(file)
        ? Optional.of(Json.read(Files.readAllBytes(file), Contracts.class))
        : Optional.empty();
  }

  static CommandFailure unreachable(IOException away) {
    return new CommandFailure(
        new Failure(
            ExitCode.UNREACHABLE,
            "the chain does not answer: " + away.getMessage(),
            "--rpc",
            "openledger doctor --rpc URL"));
  }
}
