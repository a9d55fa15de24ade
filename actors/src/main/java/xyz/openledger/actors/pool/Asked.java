package xyz.openledger.actors.pool;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.OnDemand;
import xyz.openledger.pools.market.ResourceClass;
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
 * @param postedNanoOpen what a gigafuel cost on demand when it asked; -1 for what the node asks
 */
record Asked(
    TreeSet<Integer> replicas,
    Request request,
    long deadlineAtMillis,
    ActorRef<JobMessage> replyTo,
    boolean hedge,
    boolean preemptible,
    long postedNanoOpen) {

  TaskId task() {
    return request.task();
  }

  Policy.Capacity capacity() {
    return request.policy().capacity();
  }

  /** What kind of good its slots are. */
  ResourceClass resourceClass() {
    return ResourceClass.of(request);
  }

  /** Whether the queue decides when it is its turn, and not the market. */
  boolean isOnDemand() {
    return capacity() == Policy.Capacity.ON_DEMAND;
  }

  /** Why it cannot buy at the posted price; empty if it can. */
  Optional<String> isTooDear() {
    return OnDemand.objection(postedNanoOpen, request.fuelMax(), request.budgetNanoOpen());
  }

  /** What a gigafuel costs it on a node. */
  long price(Node node) {
    return isOnDemand()
        ? OnDemand.price(postedNanoOpen, node.priceNanoOpenPerGigafuel())
        : node.priceNanoOpenPerGigafuel();
  }

  /** How it buys, where there is something to say of it. */
  String words() {
    return isOnDemand() && postedNanoOpen != Clearing.NO_PRICE
        ? "on demand at the posted price of %d nano-OPEN a gigafuel, or what the node asks if that is more"
            .formatted(postedNanoOpen)
        : "";
  }

  /** The same for nodes of other owners than these. */
  Asked excluding(Set<Address> owners) {
    return new Asked(
        replicas,
        request.excluding(owners),
        deadlineAtMillis,
        replyTo,
        hedge,
        preemptible,
        postedNanoOpen);
  }

  /** As it stands in the queue. */
  PoolQueue.Entry entry() {
    return new PoolQueue.Entry(request, replicas.size(), deadlineAtMillis);
  }
}
