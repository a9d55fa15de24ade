package xyz.openledger.actors.pool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/**
 * Which blobs nodes hold, as each said last: the first eight bytes of each digest, which is enough
 * to prefer one node to another. Bounded by what one node may tell.
 */
final class Warm {
  private final Map<NodeId, Set<Long>> blobs = new HashMap<>();

  /** A node holds these, and as far as is known no others. */
  void holds(NodeId node, List<Long> prefixes) {
    blobs.put(node, new HashSet<>(prefixes));
  }

  /** A node is gone. */
  void forget(NodeId node) {
    blobs.remove(node);
  }

  boolean has(NodeId node, Digest blob) {
    Set<Long> held = blobs.get(node);
    return held != null && held.contains(blob.first());
  }
}
