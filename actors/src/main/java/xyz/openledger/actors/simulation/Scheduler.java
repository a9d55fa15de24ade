package xyz.openledger.actors.simulation;

import java.util.List;
import java.util.Optional;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/** Who decides which task gets which slot. */
interface Scheduler {
  void offer(PoolQueue.Entry entry, long nowMillis);

  void cancel(TaskId task);

  List<PoolQueue.Grant> next(Roster roster, long nowMillis);

  void ended(TaskId task, NodeId node, PoolQueue.End end, long nowMillis);

  /** How long a waiting task is said to wait. */
  default Optional<Forecast.Eta> eta(TaskId task, long nowMillis) {
    return Optional.empty();
  }
}
