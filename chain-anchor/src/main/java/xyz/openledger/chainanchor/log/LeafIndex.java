package xyz.openledger.chainanchor.log;

import java.util.Optional;

/** Which leaves the log has. */
@FunctionalInterface
public interface LeafIndex {

  /** Where a leaf stands, and its bytes. */
  record Position(long index, String leafHex) {}

  /** Where the leaf of that key stands, if there is one. */
  Optional<Position> find(String key);
}
