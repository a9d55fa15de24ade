package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Route;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.verification.Verdict;

/** What a job asks of pools, and what the answer says in words. */
final class Asking {
  private Asking() {}

  /**
   * What one task asks.
   *
   * @param pending replicas of the whole job that are still to be placed, this task's among them
   */
  static Request request(Job job, Job.Task task, int pending) {
    Set<Address> owners = new HashSet<>();
    Set<NodeId> nodes = Set.of();
    if (JobRules.verdict(job, task) instanceof Verdict.Lease lease) {
      owners.addAll(lease.ownersExcluded());
      nodes = lease.nodesExcluded();
    }
    return new Request(
        new TaskId(job.id(), task.index()),
        task.replicas().size(),
        job.spec().policy(),
        job.wasm().fuelMax(),
        job.wasm().memoryMaxBytes(),
        owners,
        nodes,
        JobRules.replicaBudgetNanoOpen(job, pending));
  }

  static List<String> words(Route.Ranked ranked) {
    var lines = new ArrayList<String>();
    var best = ranked.pools().getFirst();
    lines.add(
        "pool %s (%s) scored %d of 10000, best of %d"
            .formatted(best.name(), best.pool(), best.score(), ranked.pools().size()));
    ranked.pools().stream()
        .skip(1)
        .forEach(
            other ->
                lines.add(
                    "pool %s (%s) scored %d".formatted(other.name(), other.pool(), other.score())));
    ranked.refused().forEach(refusal -> lines.add(words(refusal)));
    return List.copyOf(lines);
  }

  static List<String> words(Route.Unsatisfiable none) {
    var lines = new ArrayList<String>();
    lines.add(none.detail());
    none.refused().forEach(refusal -> lines.add(words(refusal)));
    return List.copyOf(lines);
  }

  private static String words(Route.Refusal refusal) {
    return "pool %s cannot: %s"
        .formatted(
            refusal.name(),
            String.join("; ", refusal.objections().stream().map(Route.Objection::reason).toList()));
  }
}
