package xyz.openledger.pools;

import java.util.List;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;

/**
 * Which nodes have what a workload is run with. That a model of ONNX goes only where its runtime
 * is, and a task that names a profile only to nodes of it, is asked of their labels like anything
 * that a policy selects by.
 */
public final class Profiles {
  private Profiles() {}

  /** The policy of a task, with what its workload asks of nodes besides. */
  public static Policy of(Policy policy, Workload workload, JobSpec.Task task) {
    if (!(workload instanceof Workload.Onnx)) {
      return policy;
    }
    String profile = Workload.Onnx.profile(task.arguments());
    return policy.withLabel(
        profile == null
            ? new Policy.LabelRequirement(Workload.Onnx.LABEL, Policy.Operator.EXISTS, null)
            : new Policy.LabelRequirement(
                Workload.Onnx.LABEL, Policy.Operator.IN, List.of(profile)));
  }
}
