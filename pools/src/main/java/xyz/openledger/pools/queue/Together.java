package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.ResourceClass;

/**
 * Places for all tasks of a gang at once.
 *
 * @param placements in the order of the tasks; if they are not complete, up to the first that found
 *     too few nodes
 */
record Together(List<Placement> placements, boolean complete) {

  static Together of(Matcher matcher, Roster roster, List<PoolQueue.Entry> gang) {
    var placements = new ArrayList<Placement>(gang.size());
    for (PoolQueue.Entry entry : gang) {
      Placement placement =
          matcher.place(
              entry.request(), roster.inClass(ResourceClass.of(entry.request())), entry.count());
      placements.add(placement);
      if (!placement.complete()) {
        return new Together(placements, false);
      }
      roster = PoolQueue.without(placement.chosen(), roster);
    }
    return new Together(placements, true);
  }
}
