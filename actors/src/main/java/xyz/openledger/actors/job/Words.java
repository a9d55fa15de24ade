package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Explanation;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.Route;
import xyz.openledger.protocol.PoolId;

/** What people are told of where a job went, and of what it waits for. */
final class Words {
  /** Pools told of beside the one that was chosen; of more, only how many. */
  private static final int OTHERS_MAX = 6;

  private Words() {}

  /**
   * Why this pool: {@code hearth of 2 pools: scored 9000 of 10000 (cost 9000 × 1); meadow scored
   * 8100}.
   *
   * @param left pools that were left for others before, and why
   */
  static String pool(Route.Ranked ranked, List<String> left) {
    Route.Choice best = ranked.pools().getFirst();
    int pools = ranked.pools().size() + ranked.refused().size() + left.size();
    var others = new ArrayList<String>();
    ranked.pools().stream()
        .skip(1)
        .forEach(other -> others.add(name(other.name(), other.pool()) + " " + score(other)));
    ranked.refused().forEach(refusal -> others.add(refused(refusal)));
    others.addAll(left);
    return "%s of %s: %s of 10000 (%s)%s%s"
        .formatted(
            name(best.name(), best.pool()),
            pools == 1 ? "1 pool" : pools + " pools",
            score(best),
            best.parts().stream().map(Explanation.Part::words).collect(Collectors.joining(", ")),
            best.holds().isEmpty() ? "" : "; " + best.holds(),
            others.isEmpty() ? "" : "; " + someOf(others));
  }

  private static String score(Route.Choice choice) {
    return "scored "
        + choice.score()
        + (choice.backlog() > 0 ? ", %d off for its queue,".formatted(choice.backlog()) : "")
        + (choice.reputable() ? "" : " without a node of the reputation asked");
  }

  /** Why no pool, a sentence each. */
  static List<String> nowhere(Route.Unsatisfiable none, List<String> left) {
    var lines = new ArrayList<String>();
    lines.add(
        none.refused().isEmpty() && !left.isEmpty()
            ? "no other pool is there to serve this"
            : none.detail());
    none.refused().stream().limit(OTHERS_MAX).forEach(pool -> lines.add("pool " + refused(pool)));
    left.stream().limit(OTHERS_MAX).forEach(pool -> lines.add("pool " + pool));
    return List.copyOf(lines);
  }

  /** Those pools that a task was sent to in vain, and why. */
  static List<String> left(Map<PoolId, String> reasons, List<PoolSummary> pools) {
    return pools.stream()
        .filter(pool -> reasons.containsKey(pool.pool()))
        .map(pool -> name(pool.name(), pool.pool()) + " " + reasons.get(pool.pool()))
        .toList();
  }

  /**
   * Why these leases, for those of the grants that the job took.
   *
   * @param pool why this pool, if the partition still knows
   */
  static List<String> placed(JobMessage.Granted granted, List<Grant> taken, @Nullable String pool) {
    var lines = new ArrayList<String>();
    if (pool != null) {
      lines.add(replicas(taken) + ": " + pool);
    }
    for (int i = 0; i < granted.grants().size() && i < granted.explanation().size(); i++) {
      Grant grant = granted.grants().get(i);
      if (taken.contains(grant)) {
        lines.add(replicas(List.of(grant)) + ": " + granted.explanation().get(i));
      }
    }
    return List.copyOf(lines);
  }

  private static String replicas(List<Grant> grants) {
    return "task %d, %s %s"
        .formatted(
            grants.getFirst().replica().task().index(),
            grants.size() == 1 ? "replica" : "replicas",
            grants.stream()
                .map(grant -> "r" + grant.replica().number())
                .collect(Collectors.joining(", ")));
  }

  /** What a job waits for now, as far as it has come. */
  static List<String> waiting(Job job, Progress now) {
    var lines = new ArrayList<String>();
    if (job.finished() != null) {
      if (!now.moved) {
        lines.add("its money to be settled");
      }
      if (now.logIndex == Progress.NOT_LOGGED) {
        lines.add("its receipt to enter the log");
      }
      return List.copyOf(lines);
    }
    if (!now.held) {
      return List.of("its price limit to be held in the requester's account");
    }
    for (Job.Task task : job.tasks()) {
      for (JobReplica replica : task.replicas()) {
        if (replica.live()) {
          lines.add(
              "%s: %s to %s"
                  .formatted(
                      replicas(List.of(replica.grant())),
                      replica.grant().node(),
                      replica.phase() == JobReplica.Phase.LEASED
                          ? "run it"
                          : "show what it committed to, once all have"));
        }
      }
      now.waiting
          .getOrDefault(task.index(), List.of())
          .forEach(reason -> lines.add("task " + task.index() + ": " + reason));
      if (now.requested.containsKey(task.index())) {
        Shortfall.of(job, task).ifPresent(it -> lines.add("task " + task.index() + ": " + it));
      }
    }
    return someOf(lines, Reason.LINES_MAX);
  }

  private static List<String> someOf(List<String> lines, int max) {
    if (lines.size() <= max) {
      return List.copyOf(lines);
    }
    var some = new ArrayList<>(lines.subList(0, max - 1));
    some.add("%d more".formatted(lines.size() - some.size()));
    return List.copyOf(some);
  }

  private static String someOf(List<String> others) {
    return String.join("; ", someOf(others, OTHERS_MAX));
  }

  private static String refused(Route.Refusal refusal) {
    return "%s cannot: %s"
        .formatted(
            name(refusal.name(), refusal.pool()),
            refusal.objections().stream()
                .map(Route.Objection::reason)
                .collect(Collectors.joining(", ")));
  }

  private static String name(String name, PoolId pool) {
    return name.isEmpty() ? pool.value() : name;
  }
}
