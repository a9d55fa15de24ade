package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.pools.Explanation;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/**
 * Schedulers to compare with. All obey the same policies, take tasks in the order of arrival and
 * start gangs whole; they differ in the node that they choose, and in whether one that does not fit
 * lets others pass.
 */
class Baseline implements Scheduler {
  private final boolean strict;
  private final Comparator<Node> best;
  private final Map<TaskId, PoolQueue.Entry> waiting = new LinkedHashMap<>();

  private Baseline(boolean strict, Comparator<Node> best) {
    this.strict = strict;
    this.best = best.thenComparing(Node::id);
  }

  /** Nobody passes anybody; the first node that may. */
  static Scheduler fifo() {
    return new Baseline(true, Comparator.comparing(Node::id));
  }

  /** Any node that may. */
  static Scheduler random(long seed) {
    var dice = new Dice(seed);
    return new Baseline(false, (_, _) -> 0) {
      @Override
      Optional<Node> choose(List<Node> nodes) {
        return nodes.isEmpty()
            ? Optional.empty()
            : Optional.of(nodes.get(dice.below(nodes.size())));
      }
    };
  }

  /** The node that it fills up most. */
  static Scheduler bestFit() {
    return new Baseline(
        false,
        Comparator.comparingInt(Node::freeSlots).thenComparingLong(Node::memoryMaxBytesPerSlot));
  }

  /** The node with the largest part free. */
  static Scheduler leastAllocated() {
    return new Baseline(
        false, Comparator.comparingDouble(node -> -(double) node.freeSlots() / node.slots()));
  }

  /**
   * The node whose free slots are of least use to what is to come (fragmentation gradient descent,
   * Weng et al. 2023).
   */
  static Scheduler fragmentation(Usefulness usefulness) {
    return new Baseline(false, Comparator.comparingDouble(usefulness::of));
  }

  @Override
  public void offer(PoolQueue.Entry entry, long nowMillis) {
    waiting.put(entry.request().task(), entry);
  }

  @Override
  public void cancel(TaskId task) {
    waiting.remove(task);
  }

  @Override
  public void ended(TaskId task, NodeId node, PoolQueue.End end, long nowMillis) {}

  @Override
  public List<PoolQueue.Grant> next(Roster roster, long nowMillis) {
    var grants = new ArrayList<PoolQueue.Grant>();
    var gangsTried = new HashSet<JobId>();
    int free = roster.freeSlots();
    for (PoolQueue.Entry entry : List.copyOf(waiting.values())) {
      if (free == 0) {
        break;
      }
      boolean gang = entry.request().scheduling().gang();
      if (!waiting.containsKey(entry.request().task())
          || (gang && !gangsTried.add(entry.request().task().job()))) {
        continue;
      }
      List<PoolQueue.Grant> found = gang ? gang(entry, roster) : one(entry, roster);
      for (PoolQueue.Grant grant : found) {
        roster = taken(grant.placement().chosen(), roster);
        free -= grant.placement().chosen().size();
        keepRest(grant);
      }
      grants.addAll(found);
      if (strict && waiting.containsKey(entry.request().task())) {
        break;
      }
    }
    return grants;
  }

  private List<PoolQueue.Grant> one(PoolQueue.Entry entry, Roster roster) {
    List<Node> nodes = nodes(entry, roster);
    return nodes.isEmpty() ? List.of() : List.of(grant(entry, nodes));
  }

  private List<PoolQueue.Grant> gang(PoolQueue.Entry first, Roster roster) {
    var grants = new ArrayList<PoolQueue.Grant>();
    for (PoolQueue.Entry entry : List.copyOf(waiting.values())) {
      if (entry.request().task().job().equals(first.request().task().job())) {
        List<Node> nodes = nodes(entry, roster);
        if (nodes.size() < entry.count()) {
          return List.of();
        }
        grants.add(grant(entry, nodes));
        roster = taken(nodes, roster);
      }
    }
    return grants.size() == first.request().scheduling().gangTasks() ? grants : List.of();
  }

  private List<Node> nodes(PoolQueue.Entry entry, Roster roster) {
    var chosen = new ArrayList<Node>();
    Request request = entry.request();
    while (chosen.size() < entry.count()) {
      Request next = request;
      Optional<Node> node =
          choose(
              roster.nodes().stream()
                  .filter(each -> Clauses.broken(next, each, roster) == null)
                  .toList());
      if (node.isEmpty()) {
        return chosen;
      }
      chosen.add(node.get());
      request = request.after(node.get());
    }
    return chosen;
  }

  Optional<Node> choose(List<Node> nodes) {
    return nodes.stream().min(best);
  }

  private void keepRest(PoolQueue.Grant grant) {
    PoolQueue.Entry entry = grant.entry();
    int missing = entry.count() - grant.placement().chosen().size();
    if (missing == 0) {
      waiting.remove(entry.request().task());
      return;
    }
    Request rest = entry.request();
    for (Node node : grant.placement().chosen()) {
      rest = rest.after(node);
    }
    waiting.put(rest.task(), new PoolQueue.Entry(rest, missing, entry.deadlineMillis()));
  }

  private static PoolQueue.Grant grant(PoolQueue.Entry entry, List<Node> nodes) {
    int missing = entry.count() - nodes.size();
    return new PoolQueue.Grant(
        entry,
        new Placement(
            nodes,
            false,
            new Explanation(nodes.size(), List.of(), nodes.size(), List.of(), missing)));
  }

  private static Roster taken(List<Node> nodes, Roster roster) {
    for (Node node : nodes) {
      Node now = roster.find(node.id()).orElse(node);
      roster = roster.with(now.withFreeSlots(Math.max(0, now.freeSlots() - 1)));
    }
    return roster;
  }
}
