package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/** Whoever says which keys sign nodes' results: a chain, or the files of a bundle. */
public interface KeyWitness {

  /** The number of the chain that results are signed for. */
  long chainId();

  /**
   * The NodeRegistry contract; empty if it is not known, and nodes' signatures cannot be judged.
   */
  Optional<Address> registry();

  /** The key that signs a node's results; empty if the registry has no such node. */
  Optional<Address> resultKey(NodeId node) throws IOException;
}
