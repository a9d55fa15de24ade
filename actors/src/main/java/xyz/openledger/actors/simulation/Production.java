package xyz.openledger.actors.simulation;

import java.util.List;
import java.util.Optional;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.pool.Notices;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Preempting;
import xyz.openledger.pools.queue.QueueTerms;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;

/** The queue and the matcher as pools have them. */
final class Production implements Scheduler {
  static final PoolTerms POOL = new PoolTerms(500, 200, 100_000);

  private final PoolQueue queue;
  private final Notices notices = new Notices();
  private final Preempting preempting;

  Production(long seed) {
    this(seed, Preempting.DEFAULT);
  }

  Production(long seed, Preempting preempting) {
    this.preempting = preempting;
    var secret = EpochSecret.of(Fleet.bytes("epoch of seed " + seed));
    queue = new PoolQueue(new Matcher(POOL, secret), POOL, QueueTerms.DEFAULT);
  }

  @Override
  public void offer(PoolQueue.Entry entry, long nowMillis) {
    queue.offer(entry, nowMillis);
  }

  @Override
  public void cancel(TaskId task) {
    queue.cancel(task);
  }

  @Override
  public List<PoolQueue.Grant> next(Roster roster, long nowMillis) {
    return queue.next(roster, nowMillis);
  }

  @Override
  public void ended(TaskId task, NodeId node, PoolQueue.End end, long nowMillis) {
    queue.ended(task, node, end, nowMillis);
  }

  @Override
  public void limit(Quotas quotas) {
    queue.limit(quotas);
  }

  @Override
  public void bought(Request request, NodeId node, WorkloadClass workload, long nowMillis) {
    queue.runs(
        request.scheduling().tenant(),
        request.task(),
        node,
        request.memoryMaxBytes(),
        workload,
        nowMillis + request.fuelMax() / (Scenario.REFERENCE_FUEL_PER_SECOND / 1_000),
        true,
        nowMillis);
  }

  @Override
  public void began(Grant grant, Node node, Request request, long nowMillis) {
    notices.began(grant, node, request, nowMillis);
  }

  @Override
  public void over(ReplicaId replica) {
    notices.ended(replica);
  }

  @Override
  public List<Notices.Demand> demands(Roster roster, long nowMillis) {
    return notices.look(preempting, queue, roster, nowMillis);
  }

  @Override
  public Optional<Forecast.Eta> eta(TaskId task, long nowMillis) {
    return queue.eta(task, nowMillis);
  }
}
