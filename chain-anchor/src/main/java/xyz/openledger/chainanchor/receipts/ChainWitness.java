package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.ReceiptLevel;

/**
 * What the chain says of a log and of nodes: one AnchorLog and, where it is known, one
 * NodeRegistry.
 */
public interface ChainWitness extends KeyWitness {

  /** The AnchorLog contract. */
  Address anchorLog();

  /** SHA-256 of the log's origin, which the contract was made with. */
  Digest originHash() throws IOException;

  /** The checkpoint of exactly that size, current or earlier, if it was anchored. */
  Optional<Anchored> checkpoint(long size) throws IOException;

  /**
   * A checkpoint as the chain has it.
   *
   * @param transaction its hash, {@code 0x…}
   * @param level mined, safe or final
   */
  record Anchored(Digest root, String transaction, long block, ReceiptLevel level) {}
}
