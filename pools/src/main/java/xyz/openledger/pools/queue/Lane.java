package xyz.openledger.pools.queue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Asked;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.expression.JobExpression;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;

/**
 * Tasks of one tenant that fit the same nodes.
 *
 * @param gang the job whose tasks start together; null if they start one by one
 */
record Lane(Fit fit, TenantId tenant, @Nullable JobId gang) {

  /**
   * All that decides whether a node may run a task: what does not fit says so for all that are
   * equal, whosever they are.
   *
   * @param sold whose price counts
   * @param licences that the job is under; empty where its policy allows any
   * @param farFrom the nodes whose place it must not share
   * @param place what is a place; null where it is far from nothing
   */
  record Fit(
      Asked asked,
      ResourceClass sold,
      List<String> licences,
      long fuelMax,
      long memoryMaxBytes,
      long budgetNanoOpen,
      Set<Address> ownersExcluded,
      Set<NodeId> nodesExcluded,
      Governed governed,
      Map<String, Object> facts,
      Set<NodeId> farFrom,
      Policy.Spread.@Nullable By place) {}

  /**
   * The lane of a task.
   *
   * @param spokenOf the facts of jobs that the nodes' own terms speak of: others make no difference
   */
  static Lane of(Request request, Set<String> spokenOf) {
    Asked asked = Asked.of(request.policy());
    Policy.Spread spread = request.policy().spread();
    Set<NodeId> farFrom = request.farFrom();
    return new Lane(
        new Fit(
            asked,
            ResourceClass.of(request),
            asked.licences() == null ? List.of() : request.work().licences(),
            request.fuelMax(),
            request.memoryMaxBytes(),
            request.budgetNanoOpen(),
            request.ownersExcluded(),
            request.nodesExcluded(),
            request.work().governed(),
            spokenOf.isEmpty() ? Map.of() : JobExpression.project(request, spokenOf),
            farFrom,
            spread == null || farFrom.isEmpty() ? null : spread.by()),
        request.scheduling().tenant(),
        request.scheduling().gang() ? request.task().job() : null);
  }
}
