package xyz.openledger.pools.queue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.NodeId;

/**
 * When at the latest a gang that does not fit now will fit, and where. What stands behind it may
 * use the reserved slots only if it is done by then (EASY backfill).
 *
 * <pre>
 *   node ada ▓▓▓▓▓▓▓▓▓▓┐          ▓ runs     ┌ reserved for the gang
 *   node bob ▓▓▓▓┐ xxxx│GGGGGG    x fits in before
 *                      └ at
 * </pre>
 *
 * @param atMillis when the last lease that the gang waits for has burned all its fuel
 * @param spare slots on reserved nodes that the gang leaves free, by node
 */
record Reservation(long atMillis, Map<NodeId, Integer> spare) {

  /** The earliest one; none if the gang would not fit even if all that runs had ended. */
  static Optional<Reservation> of(
      Matcher matcher, Roster roster, List<PoolQueue.Entry> gang, List<Running.Lease> byEnd) {
    if (byEnd.isEmpty()
        || !Together.of(matcher, freed(roster, byEnd, byEnd.size()), gang).complete()) {
      return Optional.empty();
    }
    int fewest = 1;
    int enough = byEnd.size();
    while (fewest < enough) {
      int middle = (fewest + enough) >>> 1;
      if (Together.of(matcher, freed(roster, byEnd, middle), gang).complete()) {
        enough = middle;
      } else {
        fewest = middle + 1;
      }
    }
    Roster then = freed(roster, byEnd, enough);
    var spare = new HashMap<NodeId, Integer>();
    Together.of(matcher, then, gang)
        .placements()
        .forEach(
            placement ->
                placement.chosen().forEach(node -> spare.merge(node.id(), -1, Integer::sum)));
    spare.replaceAll((node, taken) -> then.find(node).map(it -> it.freeSlots() + taken).orElse(0));
    return Optional.of(new Reservation(byEnd.get(enough - 1).endsAtMillis(), spare));
  }

  /** The nodes as a task may see them that is not the one for whom they are reserved. */
  Roster limit(Roster roster, Request request, long nowMillis) {
    for (Map.Entry<NodeId, Integer> reserved : spare.entrySet()) {
      Node node = roster.find(reserved.getKey()).orElse(null);
      if (node != null && nowMillis + millis(node, request) > atMillis) {
        int free = Math.clamp(reserved.getValue(), 0, node.freeSlots());
        roster = free == node.freeSlots() ? roster : roster.with(node.withFreeSlots(free));
      }
    }
    return roster;
  }

  /** Notes what a task has been given behind the gang's back: it takes of what is spare. */
  Reservation after(List<Node> chosen, Request request, long nowMillis) {
    var left = new HashMap<>(spare);
    for (Node node : chosen) {
      if (nowMillis + millis(node, request) > atMillis) {
        left.computeIfPresent(node.id(), (_, slots) -> slots - 1);
      }
    }
    return new Reservation(atMillis, left);
  }

  /** How long a task takes at the most: all its fuel at the node's measured speed. */
  static long millis(Node node, Request request) {
    return Math.ceilDiv(node.durationMicros(request.fuelMax()), 1_000);
  }

  private static Roster freed(Roster roster, List<Running.Lease> byEnd, int count) {
    for (Running.Lease lease : byEnd.subList(0, count)) {
      Node node = roster.find(lease.key().node()).orElse(null);
      if (node != null && node.freeSlots() < node.slots()) {
        roster = roster.with(node.withFreeSlots(node.freeSlots() + 1));
      }
    }
    return roster;
  }
}
