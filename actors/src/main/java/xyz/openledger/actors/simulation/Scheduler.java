package xyz.openledger.actors.simulation;

import java.util.List;
import java.util.Optional;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.pool.Notices;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;

/** Who decides which task gets which slot. */
interface Scheduler {
  void offer(PoolQueue.Entry entry, long nowMillis);

  void cancel(TaskId task);

  List<PoolQueue.Grant> next(Roster roster, long nowMillis);

  void ended(TaskId task, NodeId node, PoolQueue.End end, long nowMillis);

  /** Holds tenants to these quotas from now on; who knows none holds nobody to any. */
  default void limit(Quotas quotas) {}

  /** A slot was bought on the market. */
  default void bought(Request request, NodeId node, WorkloadClass workload, long nowMillis) {}

  /** A lease begins that may be taken back. */
  default void began(Grant grant, Node node, Request request, long nowMillis) {}

  /** A lease that might have been taken back is over. */
  default void over(ReplicaId replica) {}

  /** Which slots are wanted back for those that waited too long. */
  default List<Notices.Demand> demands(Roster roster, long nowMillis) {
    return List.of();
  }

  /** How long a waiting task is said to wait. */
  default Optional<Forecast.Eta> eta(TaskId task, long nowMillis) {
    return Optional.empty();
  }
}
