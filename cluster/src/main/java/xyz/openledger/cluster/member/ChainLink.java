package xyz.openledger.cluster.member;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.ChainMovements;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.Currency;
import xyz.openledger.chainanchor.evm.Deployment;
import xyz.openledger.chainanchor.evm.DevChain;
import xyz.openledger.chainanchor.evm.GovernanceTerms;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.OutboxHands;
import xyz.openledger.chainanchor.evm.PayoutTerms;
import xyz.openledger.chainanchor.evm.TransactionKey;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.chainanchor.log.LogView;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * A member's chain: the client, our contracts on it, and the keys that send.
 *
 * @param dev the development chain, if it is ours
 * @param relayer sends what anyone may send for anyone: claims
 */
record ChainLink(
    ChainClient client,
    Contracts contracts,
    OutboxHands hands,
    ChainMovements movements,
    Wallet relayer,
    @Nullable DevChain dev) {
  private static final Logger LOG = LoggerFactory.getLogger(ChainLink.class);

  /** What every node stakes on a development chain, put up by the development sponsor. */
  static final long STAKE_NANO_OPEN = 100_000_000_000L;

  /** What the development requester is given to spend. */
  private static final long ALLOWANCE_NANO_OPEN = 10_000_000_000_000L;

  /** All OPEN, where it is the development chain's own coin. */
  private static final long SUPPLY_NANO_OPEN = 1_000_000_000_000_000_000L;

  /**
   * Reaches the chain, puts our contracts there if they are missing, and on a development chain
   * hands out coins.
   *
   * @param log our own: the chain's is compared with it before anything is anchored
   * @param terms of a governor that is deployed here
   * @param currency what OPEN is on that chain, for contracts that are deployed here
   * @param payouts how an epoch of payouts is challenged there
   */
  static ChainLink open(
      MemberOptions options,
      String origin,
      LogView log,
      GovernanceTerms terms,
      Currency currency,
      PayoutTerms payouts)
      throws IOException {
    Secp256k1Key relayer = KeyFile.secp256k1(options.key("relayer"));
    DevChain dev = null;
    URI uri = options.rpc();
    if (uri == null) {
      dev =
          DevChain.start(
              DevChain.program(options.home()),
              options.data().resolve("chain"),
              options.chainPort());
      uri = dev.uri();
      dev.fund(relayer.address());
    }
    try {
      var client = new ChainClient(new JsonRpc(uri));
      long chainId = client.chainId();
      TransactionKey signer = signer(options, chainId);
      if (dev != null) {
        dev.fund(signer.address());
      }
      var deployer =
          dev == null ? new Wallet(client, signer) : new Wallet(client, signer, dev::mine);
      Path file = Deployment.file(options.data().resolve("chain"), chainId);
      boolean fresh = !Files.exists(file);
      if (dev == null) {
        Deployment.requireOperable(client, signer.address(), file);
        Deployment.requireJudge(chainId, signer.address(), file, payouts);
      }
      Contracts contracts =
          Deployment.ensure(
              client, deployer, file, origin, STAKE_NANO_OPEN, terms, currency, payouts);
      if (dev == null && Deployment.judges(client, contracts, signer.address())) {
        LOG.warn(
            "the key that publishes payouts, {}, is also their judge: a wrong epoch that it signs"
                + " is rejected by nobody. Grant role 4 to another account by a vote; deployments"
                + " take one from openledger.chain.judge",
            signer.address());
      }
      if (dev != null && contracts.takesCoin()) {
        wrap(client, deployer, dev, contracts);
      }
      if (dev != null && fresh) {
        Secp256k1Key requester = KeyFile.secp256k1(options.key("development-requester"));
        dev.fund(requester.address());
        deployer.transfer(contracts, requester.address(), ALLOWANCE_NANO_OPEN);
      }
      return new ChainLink(
          client,
          contracts,
          new OutboxHands(client, contracts, signer, log::rootAt),
          new ChainMovements(client, contracts),
          new Wallet(client, new TransactionKey(relayer, chainId)),
          dev);
    } catch (IOException | RuntimeException failure) {
      if (dev != null) {
        dev.close();
      }
      throw failure;
    }
  }

  /** What the sponsor of a development chain stakes and gives away is the token. */
  private static void wrap(ChainClient client, Wallet sponsor, DevChain dev, Contracts contracts)
      throws IOException {
    if (client.balance(contracts.token(), sponsor.address()).signum() == 0) {
      dev.fund(sponsor.address(), SUPPLY_NANO_OPEN);
      sponsor.wrap(contracts, SUPPLY_NANO_OPEN / 2);
    }
  }

  private static TransactionKey signer(MemberOptions options, long chainId) throws IOException {
    var elsewhere = options.signer();
    return elsewhere == null
        ? new TransactionKey(KeyFile.secp256k1(options.key("anchorer")), chainId)
        : TransactionKey.remote(new JsonRpc(elsewhere.service()), elsewhere.account(), chainId);
  }
}
