package xyz.openledger.pools;

import java.util.LinkedHashSet;
import java.util.Set;
import xyz.openledger.pools.expression.JobExpression;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

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
 * @param work what the job is, for the terms of nodes and the rules of governance
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
    Work work,
    Affinity affinity) {

  private static final TaskId ANY_TASK = new TaskId(JobId.of(new TenantId("any"), "any"), 0);

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
      Scheduling scheduling,
      Work work) {
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
        work,
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

  /** A request of a job without labels, of which governance says nothing. */
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
        Work.PLAIN);
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
    return with(attempt + 1, owners, scheduling, work, near);
  }

  /** The same task if others than those have a say in it. */
  public Request excluding(Set<Address> owners) {
    return with(attempt, owners, scheduling, work, affinity);
  }

  /** The same task at another place in a queue. */
  public Request scheduled(Scheduling place) {
    return with(attempt, ownersExcluded, place, work, affinity);
  }

  /** The same task near to, or far from, something else. */
  public Request near(Affinity other) {
    return with(attempt, ownersExcluded, scheduling, work, other);
  }

  /** The same request of that job. */
  public Request of(Work job) {
    return with(attempt, ownersExcluded, scheduling, job, affinity);
  }

  /** The same task if a replica may cost so much. */
  public Request spending(long nanoOpen) {
    return asking(policy, fuelMax, nanoOpen);
  }

  private Request with(
      int attempts, Set<Address> owners, Scheduling place, Work job, Affinity near) {
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
        job,
        near);
  }

  /**
   * What it has in common with all that ask the same of a node, but for what each excludes.
   *
   * @param spokenOf the facts of jobs that the nodes' own terms speak of: others make no difference
   */
  Request kind(Set<String> spokenOf) {
    return new Request(
        ANY_TASK,
        0,
        policy,
        fuelMax,
        memoryMaxBytes,
        Set.of(),
        Set.of(),
        budgetNanoOpen,
        spokenOf.isEmpty() ? Scheduling.USUAL : JobExpression.spoken(scheduling, spokenOf),
        JobExpression.spoken(work, spokenOf),
        Affinity.NONE);
  }

  /** The same request under another policy, for another amount of work and money. */
  Request asking(Policy other, long fuel, long nanoOpen) {
    return new Request(
        task,
        attempt,
        other,
        fuel,
        memoryMaxBytes,
        ownersExcluded,
        nodesExcluded,
        nanoOpen,
        scheduling,
        work,
        affinity);
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

  /** Distinct owners that a pool must have: where several must agree, an audit asks one more. */
  int ownersMin() {
    Policy.Verification asked = policy.verification();
    boolean audited =
        asked.method() == Policy.Method.ADAPTIVE || asked.method() == Policy.Method.TRUST;
    return audited && agreement() > 1
        ? Math.min(agreement() + 1, asked.parameters().replicasMax())
        : agreement();
  }
}
