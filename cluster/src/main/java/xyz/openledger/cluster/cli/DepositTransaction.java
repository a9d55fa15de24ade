package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.TransactionKey;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.keys.KeyFile;

/** The one verb that signs; apart, so that no other loads the chain's libraries. */
final class DepositTransaction {
  private DepositTransaction() {}

  /**
   * Allows the escrow to take the amount, and has it taken.
   *
   * @param inCoin whether it is brought as the chain's own coin
   * @return the hash of the deposit's transaction
   */
  static String send(
      URI rpc,
      Path keyFile,
      DepositTerms terms,
      Map<String, Address> contracts,
      long nanoOpen,
      boolean inCoin)
      throws IOException {
    var chain = new ChainClient(new JsonRpc(rpc));
    long chainId = chain.chainId();
    if (chainId != terms.chainId()) {
      throw CommandFailure.usage(
          "%s is chain %d, and the account is on chain %d".formatted(rpc, chainId, terms.chainId()),
          "--rpc",
          "");
    }
    var wallet = new Wallet(chain, new TransactionKey(KeyFile.secp256k1(keyFile), chainId));
    Contracts known = contracts(terms, contracts);
    if (!inCoin) {
      return wallet.deposit(known, terms.tenant(), nanoOpen);
    }
    if (!wallet.mayDepositCoin(known)) {
      throw CommandFailure.usage(
          "the escrow of this network takes OPEN as a token only: the coin of its chain is not"
              + " OPEN",
          "--coin",
          "leave --coin out");
    }
    return wallet.depositCoin(known, terms.tenant(), nanoOpen);
  }

  private static Contracts contracts(DepositTerms terms, Map<String, Address> named) {
    Address unknown = terms.escrow();
    return new Contracts(
        terms.chainId(),
        0,
        "",
        named.getOrDefault("AccessManager", unknown),
        terms.token(),
        named.getOrDefault("NodeRegistry", unknown),
        named.getOrDefault("AnchorLog", unknown),
        terms.escrow(),
        named.getOrDefault("RewardDistributor", unknown));
  }
}
