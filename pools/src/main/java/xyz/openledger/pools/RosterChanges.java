package xyz.openledger.pools;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.index.WaitingPolicies;

/** Which nodes changed from one roster to the next that is shown. */
public final class RosterChanges {
  private @Nullable Cell cell;
  private int cutFor;
  private long seen;

  /**
   * Visits the nodes that are there and changed since a roster was shown last, some perhaps
   * repeatedly.
   *
   * @return false, and nothing is visited, if any node may have changed
   */
  public boolean show(Roster roster, Consumer<Node> visit) {
    if (!(roster instanceof IndexedRoster indexed)) {
      cell = null;
      return false;
    }
    Cell now = indexed.cell();
    boolean known =
        now == cell && now.changes().remembers(seen) && now.size() <= 2 * Math.max(1, cutFor);
    long before = seen;
    seen = now.changes().end();
    if (known) {
      now.changes()
          .visit(
              before,
              row -> {
                if (now.index().isLive(row)) {
                  visit.accept(now.index().node(row));
                }
              });
    } else {
      cell = now;
      cutFor = now.size();
    }
    return known;
  }

  /** Room for policies that wait for the nodes shown last; empty if those are not indexed. */
  public <T> Optional<WaitingPolicies<T>> waiting(int classesMax) {
    return Optional.ofNullable(cell).map(it -> new WaitingPolicies<>(it.index(), classesMax));
  }
}
