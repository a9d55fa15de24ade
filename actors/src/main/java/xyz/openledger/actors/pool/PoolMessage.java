package xyz.openledger.actors.pool;

import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.verification.NodeRecord;

/** What a {@link PoolEntity} is told and asked. */
public sealed interface PoolMessage extends MemberMessage {

  /**
   * Find nodes for these replicas of one task, of distinct owners. May be repeated: a replica that
   * was granted is granted again, one that is queued stays queued.
   *
   * @param replicas their numbers
   * @param hedge whether to tell the job when one of them takes much longer than its like
   * @param preemptible whether they may be stopped, after notice, for more urgent work
   */
  record Request(
      xyz.openledger.pools.Request request,
      List<Integer> replicas,
      long deadlineAtMillis,
      ActorRef<JobMessage> replyTo,
      boolean hedge,
      boolean preemptible)
      implements PoolMessage {
    /** A request whose replicas run to their end. */
    public Request(
        xyz.openledger.pools.Request request,
        List<Integer> replicas,
        long deadlineAtMillis,
        ActorRef<JobMessage> replyTo,
        boolean hedge) {
      this(request, replicas, deadlineAtMillis, replyTo, hedge, false);
    }

    /** A request that wants to hear of no straggler. */
    public Request(
        xyz.openledger.pools.Request request,
        List<Integer> replicas,
        long deadlineAtMillis,
        ActorRef<JobMessage> replyTo) {
      this(request, replicas, deadlineAtMillis, replyTo, false);
    }
  }

  /**
   * A job's live leases: said after a start, and again from time to time, since a pool that has
   * started anew knows nothing of them.
   *
   * @param fuelMax of the job's tasks, as is the memory
   */
  record Leased(TenantId tenant, long fuelMax, long memoryMaxBytes, List<Grant> grants)
      implements PoolMessage {}

  /** These leases are over; their slots are free. */
  record Release(List<ReplicaId> replicas, PoolQueue.End end) implements PoolMessage {}

  /** No further replicas of this task are wanted. */
  record Withdraw(TaskId task) implements PoolMessage {}

  /**
   * A node is there, or what it offers has changed.
   *
   * @param held leases it holds already
   * @param fenceSeen its next lease needs a higher fence
   */
  record NodeUp(NodeOffer offer, List<ReplicaId> held, long fenceSeen) implements PoolMessage {}

  /**
   * A node takes no more work: drained, quiet or lost.
   *
   * @param left whether it is gone for good
   */
  record NodeDown(NodeId node, String reason, boolean left) implements PoolMessage {}

  /** What the receipts say of nodes of this pool. */
  record Reputations(Map<NodeId, NodeRecord> records) implements PoolMessage {}

  /** A node's owner has put up a stake for it. */
  record Staked(NodeId node, long nanoOpen) implements PoolMessage {}

  /** Open the pool; nothing changes if it is open already. */
  record Open(Pool pool, ActorRef<PoolView> replyTo) implements PoolMessage {}

  /** Change the terms of an open pool; what waits goes on waiting under the new ones. */
  record Amend(PoolTerms terms, ActorRef<PoolView> replyTo) implements PoolMessage {}

  /**
   * Set what a tenant may use of an open pool; what runs goes on running.
   *
   * @param tenant null for all that have no quota of their own
   * @param quota null for none
   */
  record SetQuota(
      @Nullable TenantId tenant, Quotas.@Nullable Quota quota, ActorRef<PoolView> replyTo)
      implements PoolMessage {}

  /** Give a fence above that one, for a lease that is not a job's: a challenge. */
  record NextFence(long fenceSeen, ActorRef<NodeMessage> replyTo) implements PoolMessage {}

  /** Tell how the pool is. */
  record Show(ActorRef<PoolView> replyTo) implements PoolMessage {}

  /**
   * Tell which nodes there are, as they stand; nothing changes.
   *
   * @param max tell of so many at the most
   * @param capacity as those see them who buy that
   * @param priority of a task that might come, whose wait is foretold
   * @param slots how many it would want
   * @param of the class of its work, whose prices are told
   */
  record Survey(
      int max,
      Policy.Capacity capacity,
      int priority,
      int slots,
      ResourceClass of,
      ActorRef<PoolSurvey> replyTo)
      implements PoolMessage {
    /** For a WebAssembly task of the usual priority and one slot, on demand. */
    public Survey(int max, ActorRef<PoolSurvey> replyTo) {
      this(
          max,
          Policy.Capacity.ON_DEMAND,
          Scheduling.PRIORITY_USUAL,
          1,
          ResourceClass.WASM,
          replyTo);
    }
  }

  /**
   * Tell what a task would meet beside the nodes; nothing changes.
   *
   * @param tenant whose it would be
   * @param fuelMax of the task, as are the memory and the class
   */
  record Prospects(
      TenantId tenant,
      long fuelMax,
      long memoryMaxBytes,
      ResourceClass of,
      ActorRef<PoolProspects> replyTo)
      implements PoolMessage {}

  /**
   * Which blobs a node holds, in place of what it said before.
   *
   * @param blobs the first eight bytes of their digests
   */
  record Warm(NodeId node, List<Long> blobs) implements PoolMessage {}

  /** Tell how the market of a class is, with so many of its last clearings. */
  record ShowMarket(ResourceClass of, int rounds, ActorRef<MarketView> replyTo)
      implements PoolMessage {}

  /**
   * Buy slots ahead, all or none. A repeat is answered as the first one was.
   *
   * @param order names it
   * @param slotHourMaxNanoOpen the most that a slot may cost by the hour
   */
  record Reserve(
      JobId order,
      TenantId tenant,
      int slots,
      long periodMillis,
      long slotHourMaxNanoOpen,
      ActorRef<ReserveReply> replyTo)
      implements PoolMessage {
    /** What is wanted, whoever is answered. */
    SlotsAhead.Order terms() {
      return new SlotsAhead.Order(order, tenant, slots, periodMillis, slotHourMaxNanoOpen);
    }
  }

  /** What was bought, or why nothing was. */
  record ReserveReply(
      List<MarketView.BookingView> bookings, @Nullable Problem problem, String detail)
      implements MemberMessage {}

  /**
   * What the tenant may spend, who wants to buy ahead.
   *
   * @param availableNanoOpen below 0 if the books do not answer
   */
  record Afforded(Reserve reserve, long availableNanoOpen) implements PoolMessage {}

  /** A booking's money is held, or has moved; or why not. */
  record Paid(JobId booking, boolean held, @Nullable Problem problem, String detail)
      implements PoolMessage {}

  /** Looks after deadlines of what is queued, and publishes the summary. */
  enum Tick implements PoolMessage {
    INSTANCE
  }
}
