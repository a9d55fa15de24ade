package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.KeyFile;

/**
 * Any chain: {@code -Dledger.rpc=URL} with {@code -Dledger.key=FILE}, a PEM file of a key with
 * coins for gas, or {@code -Dledger.signer=URL -Dledger.address=0x…} for a key that is elsewhere.
 * It deploys contracts of its own, and waits for finality, {@code -Dledger.minutes=N} at the most
 * (30).
 */
@EnabledIfSystemProperty(named = "ledger.rpc", matches = ".+")
class RpcLedgerTest extends LedgerConformance {
  @Override
  JsonRpc rpc() {
    return new JsonRpc(URI.create(property("ledger.rpc")));
  }

  @Override
  TransactionKey signer(long chainId) throws IOException {
    String file = System.getProperty("ledger.key");
    return file != null
        ? new TransactionKey(KeyFile.secp256k1(Path.of(file)), chainId)
        : TransactionKey.remote(
            new JsonRpc(URI.create(property("ledger.signer"))),
            new Address(property("ledger.address")),
            chainId);
  }

  @Override
  void pass() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(250);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  @Override
  Duration finality() {
    return Duration.ofMinutes(Integer.getInteger("ledger.minutes", 30));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }
}
