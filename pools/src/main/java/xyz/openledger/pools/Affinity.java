package xyz.openledger.pools;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/**
 * What a task would rather be near to, or far from.
 *
 * @param blobs that a node needs to run it: its module and its input
 * @param beside the nodes that have a replica of it; only kept where the policy spreads them
 */
public record Affinity(List<Digest> blobs, Set<NodeId> beside) {
  /** Near to nothing, far from nothing. */
  public static final Affinity NONE = new Affinity(List.of(), Set.of());

  /** Copies what it is given. */
  public Affinity {
    blobs = List.copyOf(blobs);
    beside = Set.copyOf(beside);
  }

  /** The same once one more node has a replica. */
  Affinity beside(NodeId node) {
    var more = new LinkedHashSet<>(beside);
    more.add(node);
    return new Affinity(blobs, more);
  }
}
