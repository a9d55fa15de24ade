package xyz.openledger.chainanchor.log;

import xyz.openledger.protocol.Digest;

/**
 * The hashes of full subtrees. Node {@code index} of {@code level} covers the leaves {@code index ·
 * 2^level} to {@code (index + 1) · 2^level − 1}; level 0 is the leaves' own hashes.
 */
@FunctionalInterface
public interface NodeSource {
  /**
   * The hash of a full subtree.
   *
   * @throws IllegalStateException if it is not stored
   */
  Digest get(int level, long index);
}
