package xyz.openledger.pools.queue;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.TenantId;

/**
 * Lets a node choose whom it likes best, where it is the only one with room: among those of the
 * priority of whose turn it is, and whose rank is at most a minute later. So what a node likes is
 * worth as much as one step of priority, and nobody waits for ever.
 */
final class Favour {
  static final long WINDOW_MILLIS = 60_000;
  static final int LOOKED_AT_MAX = 64;

  private static final Comparator<Candidate> FIRST =
      Comparator.comparingLong(Candidate::rank).thenComparingLong(it -> it.waiting().sequence);

  /** The first task of a lane, and its rank. */
  record Candidate(TenantId tenant, Waiting waiting, long rank) {}

  private Favour() {}

  /** The only node with a free slot, if it says what it prefers. */
  static @Nullable Node chooser(Roster roster) {
    if (roster.freeSlots() > Node.SLOTS_MAX) {
      return null;
    }
    Node only = null;
    for (Node node : roster.nodes()) {
      if (node.offeredSlots() > 0) {
        if (only != null) {
          return null;
        }
        only = node;
      }
    }
    return only == null || only.terms().prefer().isEmpty() ? null : only;
  }

  /** Whom {@code node} likes best; the first of those it likes as much. */
  static Candidate best(Node node, Candidate next, List<Candidate> others) {
    Candidate best = next;
    int most = likes(node, next);
    for (Candidate other : others.stream().sorted(FIRST).limit(LOOKED_AT_MAX).toList()) {
      if (other.rank() - next.rank() <= WINDOW_MILLIS
          && other.waiting().scheduling().priority() == next.waiting().scheduling().priority()
          && !other.waiting().scheduling().gang()) {
        int likes = likes(node, other);
        if (likes > most) {
          best = other;
          most = likes;
        }
      }
    }
    return best;
  }

  private static int likes(Node node, Candidate candidate) {
    var request = candidate.waiting().entry.request();
    return node.terms().accepts(request) ? node.terms().likes(request) : -1;
  }
}
