package xyz.openledger.actors.pool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.HeldBlobs;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/**
 * Which blobs nodes hold, as each said last: the first eight bytes of each digest, which is enough
 * to prefer one node to another. Bounded by what one node may tell.
 */
final class Warm {
  /** In ticks: what others are told of it may be so old. */
  private static final int SUMMED_EVERY = 10;

  private final Map<NodeId, Set<Long>> blobs = new HashMap<>();

  /** How many nodes hold each. */
  private final Map<Long, Integer> nodes = new HashMap<>();

  private HeldBlobs sum = HeldBlobs.UNKNOWN;
  private boolean changed;
  private int untilSummed;

  /** A node holds these, and as far as is known no others. */
  void holds(NodeId node, List<Long> prefixes) {
    var held = new HashSet<>(prefixes);
    count(blobs.put(node, held), -1);
    count(held, 1);
  }

  /** A node is gone. */
  void forget(NodeId node) {
    count(blobs.remove(node), -1);
  }

  private void count(@Nullable Set<Long> held, int more) {
    if (held != null) {
      changed = true;
      held.forEach(
          blob -> nodes.merge(blob, more, (one, two) -> one + two == 0 ? null : one + two));
    }
  }

  /** What they hold together, in bounded space, for other members; asked at every tick. */
  HeldBlobs sum() {
    if (untilSummed > 0) {
      untilSummed--;
    } else if (changed) {
      sum = HeldBlobs.of(nodes);
      changed = false;
      untilSummed = SUMMED_EVERY;
    }
    return sum;
  }

  boolean has(NodeId node, Digest blob) {
    Set<Long> held = blobs.get(node);
    return held != null && held.contains(blob.first());
  }
}
