package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.api.ReceiptLevel;

/**
 * What the chain says of a log and of nodes: one AnchorLog and, where it is known, one
 * NodeRegistry.
 */
public interface ChainWitness {

  /** The chain's number. */
  long chainId();

  /** The AnchorLog contract. */
  Address anchorLog();

  /** SHA-256 of the log's origin, which the contract was made with. */
  Digest originHash() throws IOException;

  /** The checkpoint of exactly that size, current or earlier, if it was anchored. */
  Optional<Anchored> checkpoint(long size) throws IOException;

  /**
   * The NodeRegistry contract; empty if it is not known, and nodes' signatures cannot be judged.
   */
  Optional<Address> registry();

  /** The key that signs a node's results; empty if the registry has no such node. */
  Optional<Address> resultKey(NodeId node) throws IOException;

  /**
   * A checkpoint as the chain has it.
   *
   * @param transaction its hash, {@code 0x…}
   * @param level mined, safe or final
   */
  record Anchored(Digest root, String transaction, long block, ReceiptLevel level) {}
}
