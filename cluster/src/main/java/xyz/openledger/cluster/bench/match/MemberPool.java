package xyz.openledger.cluster.bench.match;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.QueueTerms;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/**
 * A pool as its member keeps it, without the actor: queue, matcher and roster. Tasks are offered,
 * placed and leased as a desk does it; ended, their slots are free again.
 */
final class MemberPool {
  static final int QUEUE_MAX = 1_000_000;
  private static final long FAR = Long.MAX_VALUE;

  private record Lease(TaskId task, NodeId node) {}

  private final PoolQueue queue;
  private final List<Lease> leases = new ArrayList<>();
  private Roster roster;
  private long millis;

  MemberPool(Roster roster) {
    this.roster = roster;
    var terms = new PoolTerms(500, 200, QUEUE_MAX);
    var secret = EpochSecret.of(Digest.of(new byte[] {1}).bytes());
    queue = new PoolQueue(new Matcher(terms, secret), terms, QueueTerms.DEFAULT);
  }

  void offer(Request request) {
    queue.offer(new PoolQueue.Entry(request, 1, FAR), millis);
  }

  /** Gives slots to those who wait, once; answers how many. */
  int give() {
    List<PoolQueue.Grant> grants = queue.next(roster, ++millis);
    int given = 0;
    for (PoolQueue.Grant grant : grants) {
      for (Node node : grant.placement().chosen()) {
        change(node.id(), -1);
        leases.add(new Lease(grant.entry().request().task(), node.id()));
        given++;
      }
    }
    return given;
  }

  /** A node with more slots taken than it has, or fewer than none, cannot be made. */
  private void change(NodeId id, int by) {
    Node node = roster.find(id).orElseThrow();
    roster = roster.with(node.withFreeSlots(node.freeSlots() + by));
  }

  /** Ends all leases. */
  void end() {
    for (Lease lease : leases) {
      queue.ended(lease.task(), lease.node(), PoolQueue.End.BROUGHT, millis);
      change(lease.node(), 1);
    }
    leases.clear();
  }

  int waiting() {
    return queue.size();
  }

  Roster roster() {
    return roster;
  }
}
