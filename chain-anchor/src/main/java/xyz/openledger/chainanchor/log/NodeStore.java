package xyz.openledger.chainanchor.log;

import java.util.HashMap;
import java.util.Map;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;

/** Where the hashes of full subtrees are kept. */
public interface NodeStore extends NodeSource {
  /** Stores the hash of a full subtree; it never changes afterwards. */
  void put(int level, long index, Digest hash);

  /** Stores a leaf and the subtrees that it completes. Leaves come in order, without gaps. */
  default void append(long index, Digest leafHash) {
    Digest hash = leafHash;
    long node = index;
    put(0, node, hash);
    for (int level = 0; (node & 1) == 1; level++) {
      hash = MerkleTree.nodeHash(get(level, node - 1), hash);
      node >>>= 1;
      put(level + 1, node, hash);
    }
  }

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
