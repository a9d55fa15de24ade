package xyz.openledger.pools;

import java.util.LinkedHashSet;
import java.util.Set;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;

/**
 * What a task needs of the nodes that run it.
 *
 * @param attempt how many leases the task has had: a further replica is drawn anew
 * @param fuelMax the most fuel one replica may burn
 * @param memoryMaxBytes the most linear memory it may take
 * @param ownersExcluded who has a say in this task already
 * @param nodesExcluded which are not asked again
 * @param budgetNanoOpen the most one replica may cost if it burns all its fuel
 * @param scheduling where it stands in a queue
 * @param affinity what it would rather be near to, or far from
 */
public record Request(
    TaskId task,
    int attempt,
    Policy policy,
    long fuelMax,
    long memoryMaxBytes,
    Set<Address> ownersExcluded,
    Set<NodeId> nodesExcluded,
    long budgetNanoOpen,
    Scheduling scheduling,
    Affinity affinity) {

  /** A request that is near to nothing and far from nothing. */
  public Request(
      TaskId task,
      int attempt,
      Policy policy,
      long fuelMax,
      long memoryMaxBytes,
      Set<Address> ownersExcluded,
      Set<NodeId> nodesExcluded,
      long budgetNanoOpen,
      Scheduling scheduling) {
    this(
        task,
        attempt,
        policy,
        fuelMax,
        memoryMaxBytes,
        ownersExcluded,
        nodesExcluded,
        budgetNanoOpen,
        scheduling,
        Affinity.NONE);
  }

  /** A request that stands in a queue as is usual. */
  public Request(
      TaskId task,
      int attempt,
      Policy policy,
      long fuelMax,
      long memoryMaxBytes,
      Set<Address> ownersExcluded,
      Set<NodeId> nodesExcluded,
      long budgetNanoOpen) {
    this(
        task,
        attempt,
        policy,
        fuelMax,
        memoryMaxBytes,
        ownersExcluded,
        nodesExcluded,
        budgetNanoOpen,
        Scheduling.USUAL);
  }

  /** Checks the ranges. */
  public Request {
    Check.range("fuelMax", fuelMax, 1, 10_000_000_000_000L);
    Check.range("budgetNanoOpen", budgetNanoOpen, 0, Long.MAX_VALUE);
  }

  /** The same task once {@code node} has a lease of it. */
  public Request after(Node node) {
    var owners = new LinkedHashSet<>(ownersExcluded);
    owners.add(node.owner());
    var near = policy.spread() == null ? affinity : affinity.beside(node.id());
    return with(attempt + 1, owners, scheduling, near);
  }

  /** The same task if others than those have a say in it. */
  public Request excluding(Set<Address> owners) {
    return with(attempt, owners, scheduling, affinity);
  }

  /** The same task at another place in a queue. */
  public Request scheduled(Scheduling place) {
    return with(attempt, ownersExcluded, place, affinity);
  }

  /** The same task near to, or far from, something else. */
  public Request near(Affinity other) {
    return with(attempt, ownersExcluded, scheduling, other);
  }

  private Request with(int attempts, Set<Address> owners, Scheduling place, Affinity near) {
    return new Request(
        task,
        attempts,
        policy,
        fuelMax,
        memoryMaxBytes,
        owners,
        nodesExcluded,
        budgetNanoOpen,
        place,
        near);
  }

  /** The nodes whose region or failure domain it must not share; empty if it may share any. */
  public Set<NodeId> farFrom() {
    Policy.Spread spread = policy.spread();
    return spread == null || !spread.hard() ? Set.of() : affinity.beside();
  }

  /** How many distinct owners must agree. */
  int agreement() {
    return policy.verification().parameters().agreement();
  }
}
