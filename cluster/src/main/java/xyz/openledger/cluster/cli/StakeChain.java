package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import xyz.openledger.chainanchor.evm.RpcException;
import xyz.openledger.chainanchor.evm.StakeContract;
import xyz.openledger.chainanchor.evm.StakeContract.Stake;
import xyz.openledger.chainanchor.evm.StakeContract.Status;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.protocol.NodeId;

/** What the verbs about stakes do on a chain; apart, so that no other loads its libraries. */
record StakeChain(URI rpc, String contract) {
  /** A stake as programs read it. */
  record Staked(
      String node,
      String status,
      String owner,
      String staker,
      long stakeNanoOpen,
      long withdrawableAtSeconds,
      String transaction) {}

  /** Something that is done with a stake. */
  @FunctionalInterface
  private interface Deed {
    String in(StakeContract registry) throws IOException;
  }

  Staked show(NodeId node) {
    return staked(read(node), "");
  }

  Staked exit(Path keyFile, NodeId node) throws IOException {
    Wallet wallet = new KeyedChain(rpc).wallet(keyFile);
    Stake stake = read(node);
    require(stake, Status.ACTIVE);
    if (!stake.mayBeEndedBy(wallet.address())) {
      throw CommandFailure.failed(
          "%s may not: the owner %s may, and %s, who put the stake up"
              .formatted(wallet.address(), stake.owner(), stake.staker()),
          "");
    }
    String transaction = done(stake, registry -> registry.beginExit(wallet, node));
    return staked(read(node), transaction);
  }

  Staked withdraw(Path keyFile, NodeId node) throws IOException {
    Wallet wallet = new KeyedChain(rpc).wallet(keyFile);
    Stake stake = read(node);
    require(stake, Status.EXITING);
    String transaction = done(stake, registry -> registry.withdraw(wallet, node));
    return staked(read(node), transaction);
  }

  private static void require(Stake stake, Status status) {
    if (stake.status() != status) {
      throw CommandFailure.failed(
          "%s is %s on the chain, and would have to be %s"
              .formatted(stake.node(), stake.status().word(), status.word()),
          status == Status.EXITING ? "openledger node stake exit" : "openledger node stake show");
    }
  }

  private String done(Stake stake, Deed deed) {
    try {
      return deed.in(registry());
    } catch (RpcException refused) {
      boolean bound = refused.isRevert() && stake.status() == Status.EXITING;
      throw CommandFailure.failed(
          bound
              ? "the stake is bound until " + Text.moment(stake.withdrawableAtSeconds() * 1_000)
              : (refused.isRevert() ? "the registry refuses: " : "the chain does not take it: ")
                  + refused.getMessage(),
          "");
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  private Stake read(NodeId node) {
    try {
      return registry().read(node);
    } catch (IllegalArgumentException foreign) {
      throw CommandFailure.failed(
          "there is no registry of nodes at " + contract + " on this chain", "openledger version");
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  private StakeContract registry() {
    return new StakeContract(
        new KeyedChain(rpc).client(),
        Objects.requireNonNull(ZkFiles.address(contract, "--contract")));
  }

  private static Staked staked(Stake stake, String transaction) {
    return new Staked(
        stake.node().value(),
        stake.status().word(),
        stake.owner().value(),
        stake.staker().value(),
        stake.nanoOpen(),
        stake.withdrawableAtSeconds(),
        transaction);
  }
}
