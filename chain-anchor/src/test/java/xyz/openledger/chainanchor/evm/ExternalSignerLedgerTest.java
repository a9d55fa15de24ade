package xyz.openledger.chainanchor.evm;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import xyz.openledger.protocol.Address;

/**
 * A chain as somebody else starts it, whose node keeps the key and signs by {@code
 * eth_signTransaction}: anvil with an account of its own.
 */
class ExternalSignerLedgerTest extends LedgerConformance {
  private Process node;
  private JsonRpc rpc;

  @Override
  void start(Path folder) throws IOException {
    int port = Anvil.freePort();
    File log = folder.resolve("anvil.log").toFile();
    node =
        new ProcessBuilder(
                Anvil.program().toString(),
                "--host=127.0.0.1",
                "--port=" + port,
                "--accounts=1",
                "--block-time=1",
                "--slots-in-an-epoch=1",
                "--silent")
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    rpc = new JsonRpc(URI.create("http://127.0.0.1:" + port));
    for (int i = 0; i < 400; i++) {
      try {
        rpc.call("eth_chainId");
        return;
      } catch (IOException notYet) {
        sleep();
      }
    }
    throw new AssertionError("anvil does not answer; see " + log);
  }

  @Override
  void stop() {
    node.destroy();
  }

  @Override
  JsonRpc rpc() {
    return rpc;
  }

  @Override
  TransactionKey signer(long chainId) throws IOException {
    var account = new Address(rpc.call("eth_accounts").get(0).asText());
    return TransactionKey.remote(rpc, account, chainId);
  }

  @Override
  void pass() throws IOException {
    rpc.call("evm_mine");
  }

  @Override
  Duration finality() {
    return Duration.ofMinutes(2);
  }

  private static void sleep() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }
}
