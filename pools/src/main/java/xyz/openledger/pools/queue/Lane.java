package xyz.openledger.pools.queue;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Asked;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.expression.JobExpression;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TenantId;

/**
 * Tasks of one tenant that fit the same nodes.
 *
 * @param gang the job whose tasks start together; null if they start one by one
 */
record Lane(Fit fit, TenantId tenant, @Nullable JobId gang) {

  /** All that decides whether a node may run a task. */
  record Fit(
      Asked asked,
      long fuelMax,
      long memoryMaxBytes,
      long budgetNanoOpen,
      Set<Address> ownersExcluded,
      Set<NodeId> nodesExcluded,
      Governed governed,
      Map<String, Object> facts,
      Set<NodeId> farFrom) {}

  /**
   * The lane of a task.
   *
   * @param spokenOf the facts of jobs that the nodes' own terms speak of: others make no difference
   */
  static Lane of(Request request, Set<String> spokenOf) {
    return new Lane(
        new Fit(
            Asked.of(request.policy()),
            request.fuelMax(),
            request.memoryMaxBytes(),
            request.budgetNanoOpen(),
            request.ownersExcluded(),
            request.nodesExcluded(),
            request.work().governed(),
            spokenOf.isEmpty() ? Map.of() : JobExpression.project(request, spokenOf),
            request.farFrom()),
        request.scheduling().tenant(),
        request.scheduling().gang() ? request.task().job() : null);
  }
}
