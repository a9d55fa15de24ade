package xyz.openledger.chainanchor.log;

import java.util.HashMap;
import java.util.Map;
import xyz.openledger.protocol.Digest;

/**
 * Where the hashes of full subtrees are kept. Node {@code index} of {@code level} covers the leaves
 * {@code index · 2^level} to {@code (index + 1) · 2^level − 1}; level 0 is the leaves' own hashes.
 */
public interface NodeStore {
  /**
   * The hash of a full subtree.
   *
   * @throws IllegalStateException if it is not stored
   */
  Digest get(int level, long index);

  /** Stores the hash of a full subtree; it never changes afterwards. */
  void put(int level, long index, Digest hash);

  /** A store in memory. */
  static NodeStore inMemory() {
    return new NodeStore() {
      private record Key(int level, long index) {}

      private final Map<Key, Digest> nodes = new HashMap<>();

      @Override
      public Digest get(int level, long index) {
        Digest hash = nodes.get(new Key(level, index));
        if (hash == null) {
          throw new IllegalStateException("no node %d of level %d".formatted(index, level));
        }
        return hash;
      }

      @Override
      public void put(int level, long index, Digest hash) {
        nodes.put(new Key(level, index), hash);
      }
    };
  }
}
