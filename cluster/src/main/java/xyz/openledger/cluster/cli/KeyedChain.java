package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.TransactionKey;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.protocol.keys.KeyFile;

/** A chain, as a command that holds a key of its user sees it. */
record KeyedChain(URI rpc) {
  ChainClient client() {
    return new ChainClient(new JsonRpc(rpc));
  }

  /**
   * What signs with the key in a file.
   *
   * @throws CommandFailure naming {@code --key}, if there is no such file
   */
  Wallet wallet(Path keyFile) throws IOException {
    if (!Files.isRegularFile(keyFile)) {
      throw CommandFailure.usage("there is no file " + keyFile, "--key", "");
    }
    ChainClient chain = client();
    return new Wallet(chain, new TransactionKey(KeyFile.secp256k1(keyFile), chain.chainId()));
  }
}
