package xyz.openledger.actors.pool;

import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.TimeShift;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/**
 * Who waits in one pool, in the order in which they came, and the queue that decides whose turn it
 * is. Those who buy on the spot or ahead wait here too, but not in the queue.
 */
final class Waiting {
  private final Map<TaskId, Asked> asked = new LinkedHashMap<>();
  private final CleanHours cleanHours;
  private final Clock clock;
  private @Nullable Opened opened;

  /** What there is once a pool has terms. */
  private record Opened(Pool pool, Matcher matcher, PoolQueue queue) {}

  Waiting(CleanHours cleanHours, Clock clock) {
    this.cleanHours = cleanHours;
    this.clock = clock;
  }

  /** Puts all who wait into a new queue. */
  void open(Pool pool, Matcher matcher, PoolQueue queue) {
    asked.values().stream()
        .filter(Asked::isOnDemand)
        .forEach(waits -> queue.offer(waits.entry(), clock.millis()));
    opened = new Opened(pool, matcher, queue);
  }

  /** The pool that is open; null before it has terms. */
  @Nullable Pool pool() {
    return opened == null ? null : opened.pool();
  }

  /** Matches under the terms of the pool; null before it has some. */
  @Nullable Matcher matcher() {
    return opened == null ? null : opened.matcher();
  }

  /** The queue of the pool; null before it has terms. */
  @Nullable PoolQueue queue() {
    return opened == null ? null : opened.queue();
  }

  void add(Asked waits) {
    asked.put(waits.task(), waits);
  }

  /** Takes a task out that the queue does not have, or has no more. */
  void remove(TaskId task) {
    asked.remove(task);
  }

  /** Takes a task out that has no use for a lease any more. */
  void withdraw(TaskId task) {
    asked.remove(task);
    cleanHours.forget(task);
    if (opened != null) {
      opened.queue().cancel(task);
    }
  }

  @Nullable Asked find(TaskId task) {
    return asked.get(task);
  }

  boolean has(TaskId task) {
    return asked.containsKey(task);
  }

  Collection<Asked> all() {
    return asked.values();
  }

  int size() {
    return asked.size();
  }

  boolean isEmpty() {
    return asked.isEmpty();
  }

  /** What a task that could start now should wait for: a cleaner grid. */
  Optional<TimeShift.Wait> cleaner(PoolMessage.Request request, List<Node> nodes) {
    if (request.request().attempt() > 0 || has(request.request().task())) {
      return Optional.empty();
    }
    return cleanHours.wait(request.request(), nodes, request.deadlineAtMillis(), clock.millis());
  }

  /** Lets the queue count a lease. */
  void runs(Leases.Held held) {
    if (opened != null) {
      held.runsIn(opened.queue(), clock.millis());
    }
  }

  /** Tells the queue that a slot is free again. */
  void ended(TaskId task, NodeId node, PoolQueue.End end) {
    if (opened != null) {
      opened.queue().ended(task, node, end, clock.millis());
    }
  }

  /** Takes those out whose time is over. */
  void expire() {
    if (opened != null) {
      opened.queue().expire(clock.millis()).forEach(entry -> remove(entry.request().task()));
    }
    asked
        .values()
        .removeIf(waits -> !waits.isOnDemand() && waits.deadlineAtMillis() <= clock.millis());
  }
}
