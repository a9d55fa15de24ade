package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.util.Locale;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/** The registry of nodes, as far as it keeps their stakes. */
public final class StakeContract {
  private final ChainClient chain;
  private final Address registry;

  /** That registry. */
  public StakeContract(ChainClient chain, Address registry) {
    this.chain = chain;
    this.registry = registry;
  }

  /** Where a node stands; in the contract's order. */
  public enum Status {
    UNKNOWN,
    ACTIVE,
    EXITING,
    LEFT;

    /** In lower case, as people and programs read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is put up for a node.
   *
   * @param owner who runs it
   * @param staker who put it up, and gets it back
   * @param withdrawableAtSeconds since when it is free, in seconds since 1970; 0 if nothing says so
   */
  public record Stake(
      NodeId node,
      Status status,
      Address owner,
      Address staker,
      long nanoOpen,
      long withdrawableAtSeconds) {
    /** Whether this account may begin the node's exit. */
    public boolean mayBeEndedBy(Address account) {
      return account.equals(owner) || account.equals(staker);
    }
  }

  /** A node's stake. */
  public Stake read(NodeId node) throws IOException {
    NodeRegistryAbi.Node found = chain.ask(registry, NodeRegistryAbi.node(node.bytes()));
    return new Stake(
        node,
        Status.values()[Math.toIntExact(found.status())],
        found.owner(),
        found.staker(),
        Words.nanoOpen(found.stake()),
        found.withdrawableAt());
  }

  /**
   * Ends a node's service, as its owner or its staker; the stake stays bound for the unbonding
   * time.
   *
   * @return the transaction's hash
   */
  public String beginExit(Wallet ownerOrStaker, NodeId node) throws IOException {
    return ownerOrStaker.transact(registry, NodeRegistryAbi.beginExit(node.bytes()));
  }

  /**
   * Sends a free stake back to its staker; anybody may.
   *
   * @return the transaction's hash
   */
  public String withdraw(Wallet anybody, NodeId node) throws IOException {
    return anybody.transact(registry, NodeRegistryAbi.withdraw(node.bytes()));
  }
}
