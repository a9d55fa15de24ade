package xyz.openledger.actors.pool;

import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;

/**
 * A request that is not wholly granted.
 *
 * @param replicas the numbers of those that still wait; each is taken out as it is granted
 * @param hedge whether the job wants to hear of stragglers
 * @param preemptible whether what it gets may be taken back after notice
 */
record Asked(
    TreeSet<Integer> replicas,
    Request request,
    long deadlineAtMillis,
    ActorRef<JobMessage> replyTo,
    boolean hedge,
    boolean preemptible) {

  TaskId task() {
    return request.task();
  }

  Policy.Capacity capacity() {
    return request.policy().capacity();
  }

  /** Whether the queue decides when it is its turn, and not the market. */
  boolean isOnDemand() {
    return capacity() == Policy.Capacity.ON_DEMAND;
  }

  /** The same for nodes of other owners than these. */
  Asked excluding(Set<Address> owners) {
    return new Asked(
        replicas, request.excluding(owners), deadlineAtMillis, replyTo, hedge, preemptible);
  }

  /** As it stands in the queue. */
  PoolQueue.Entry entry() {
    return new PoolQueue.Entry(request, replicas.size(), deadlineAtMillis);
  }
}
