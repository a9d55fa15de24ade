package xyz.openledger.actors.pool;

import java.util.HashMap;
import java.util.Map;
import xyz.openledger.protocol.NodeId;

/**
 * The fencing numbers of a pool's leases: each above all before it, above what its node has seen,
 * and never above what is on disk, so that a restart begins above all that were given out.
 */
final class Fences {
  /** Fences that one durable write makes available. */
  static final long BLOCK = 100_000;

  private static final long LOW = 1_000;

  /** What a node has seen may be above our own count; only its own leases then are. */
  private final Map<NodeId, Long> seen = new HashMap<>();

  private long last;
  private long durableTo;

  /** After a start: all up to this one may have been given out. */
  void startAbove(long upTo) {
    last = upTo;
    durableTo = upTo;
  }

  /** Whether another block should be made durable before more are given out. */
  boolean areLow() {
    return durableTo - last < LOW;
  }

  /** These are on disk now. */
  void durableTo(long upTo) {
    durableTo = upTo;
  }

  /** A node has seen that one. */
  void saw(NodeId node, long fence) {
    seen.merge(node, fence, Math::max);
  }

  /** One above {@code fence}, for what is no lease of a job. */
  long above(long fence) {
    return Math.max(++last, fence + 1);
  }

  /** The next one for a lease of that node. */
  long next(NodeId node) {
    long next = above(seen.getOrDefault(node, 0L));
    seen.put(node, next);
    return next;
  }
}
