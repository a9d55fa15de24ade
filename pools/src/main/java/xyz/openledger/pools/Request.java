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
 */
public record Request(
    TaskId task,
    int attempt,
    Policy policy,
    long fuelMax,
    long memoryMaxBytes,
    Set<Address> ownersExcluded,
    Set<NodeId> nodesExcluded,
    long budgetNanoOpen) {

  /** Checks the ranges. */
  public Request {
    Check.range("fuelMax", fuelMax, 1, 10_000_000_000_000L);
    Check.range("budgetNanoOpen", budgetNanoOpen, 0, Long.MAX_VALUE);
  }

  /** The same task once {@code node} has a lease of it. */
  Request after(Node node) {
    var owners = new LinkedHashSet<>(ownersExcluded);
    owners.add(node.owner());
    return new Request(
        task, attempt + 1, policy, fuelMax, memoryMaxBytes, owners, nodesExcluded, budgetNanoOpen);
  }

  /** How many distinct owners must agree. */
  int agreement() {
    return policy.verification().parameters().agreement();
  }
}
