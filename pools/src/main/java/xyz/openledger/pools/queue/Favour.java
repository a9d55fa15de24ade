package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;

/**
 * Lets a node choose whom it likes best, where it is the only one with room: among those of the
 * priority of whose turn it is, and whose rank is at most a minute later. So what a node likes is
 * worth as much as one step of priority, and nobody waits for ever.
 */
final class Favour {
  static final long WINDOW_MILLIS = 60_000;
  static final int LOOKED_AT_MAX = 64;

  private Favour() {}

  /** The only node with a free slot, if it says what it prefers. */
  static @Nullable Node chooser(Roster roster) {
    return roster.onlyFree().filter(node -> !node.terms().prefer().isEmpty()).orElse(null);
  }

  /** Whom {@code node} likes best of {@code close}, in their order; the first of them is next. */
  static List<Pass.Ranked> liked(Node node, List<Pass.Ranked> close) {
    Pass.Ranked next = close.getFirst();
    var liked = new ArrayList<Pass.Ranked>();
    int most = likes(node, next);
    for (Pass.Ranked other : close) {
      if (other.rank() - next.rank() <= WINDOW_MILLIS
          && other.first().scheduling().priority() == next.first().scheduling().priority()) {
        int likes = likes(node, other);
        if (likes > most) {
          most = likes;
          liked.clear();
        }
        if (likes == most) {
          liked.add(other);
        }
      }
    }
    return liked;
  }

  private static int likes(Node node, Pass.Ranked head) {
    var request = head.first().entry.request();
    return node.terms().accepts(request) ? node.terms().likes(request) : -1;
  }
}
