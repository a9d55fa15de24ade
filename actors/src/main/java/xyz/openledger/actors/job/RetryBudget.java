package xyz.openledger.actors.job;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import xyz.openledger.pools.queue.Allowance;
import xyz.openledger.protocol.Problem;

/**
 * How many lost replicas a job may replace, all its tasks together: a job whose nodes keep going
 * away ends with a reason of its own instead of asking on and on.
 */
final class RetryBudget {
  /** Retries that any job has. */
  static final int STOCK = 16;

  /** And, in 10,000, for each replica that it needs anyway: as many again. */
  static final int BASIS_POINTS = 10_000;

  private RetryBudget() {}

  /** How many losses are made good. */
  static long retries(Job job) {
    Integer said = job.spec().scheduled().retriesMax();
    int agreement = job.spec().policy().verification().parameters().agreement();
    return said == null
        ? Allowance.inAll(BASIS_POINTS, STOCK, (long) job.tasks().size() * agreement)
        : said;
  }

  /** Why no further replica is leased, in words; empty while one may be. */
  static Optional<String> spent(Job job) {
    var reasons = new TreeMap<String, Integer>();
    for (Job.Task task : job.tasks()) {
      for (JobReplica replica : task.replicas()) {
        if (replica.phase() == JobReplica.Phase.LOST) {
          Problem problem = replica.problem();
          reasons.merge(problem == null ? "unknown" : problem.code(), 1, Integer::sum);
        }
      }
    }
    int lost = reasons.values().stream().mapToInt(Integer::intValue).sum();
    long retries = retries(job);
    return lost <= retries
        ? Optional.empty()
        : Optional.of(
            "%d replicas were lost and the job may retry %d (%s)"
                .formatted(lost, retries, words(reasons)));
  }

  private static String words(Map<String, Integer> reasons) {
    return reasons.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .map(reason -> "%d × %s".formatted(reason.getValue(), reason.getKey()))
        .collect(Collectors.joining(", "));
  }
}
