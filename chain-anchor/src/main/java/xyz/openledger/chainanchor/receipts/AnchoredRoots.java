package xyz.openledger.chainanchor.receipts;

import java.io.IOException;
import java.util.Optional;
import xyz.openledger.protocol.Digest;

/** What a chain says of the log. */
@FunctionalInterface
public interface AnchoredRoots {
  /**
   * The root that the chain has for the log of {@code size} leaves.
   *
   * @return empty if that size was never anchored
   * @throws IOException if the chain does not answer
   */
  Optional<Digest> at(long size) throws IOException;
}
