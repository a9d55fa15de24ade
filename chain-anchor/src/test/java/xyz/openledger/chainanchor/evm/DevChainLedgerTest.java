package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** The development chain, with a key in this process. */
class DevChainLedgerTest extends LedgerConformance {
  private final Secp256k1Key key = Secp256k1Key.generate();
  private DevChain chain;

  @Override
  void start(Path folder) throws IOException {
    chain = DevChain.start(Anvil.program(), folder.resolve("chain"), Anvil.freePort());
    chain.fund(key.address());
  }

  @Override
  void stop() {
    chain.close();
  }

  @Override
  JsonRpc rpc() {
    return new JsonRpc(chain.uri());
  }

  @Override
  TransactionKey signer(long chainId) {
    return new TransactionKey(key, chainId);
  }

  @Override
  void pass() throws IOException {
    chain.mine();
  }

  @Override
  Duration finality() {
    return Duration.ofMinutes(2);
  }
}
