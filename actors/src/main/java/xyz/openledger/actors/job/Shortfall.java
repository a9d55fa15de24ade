package xyz.openledger.actors.job;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import xyz.openledger.protocol.Policy;
import xyz.openledger.verification.Rehearsal;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Verdict;

/** What a task still lacks whose method of verification counts who says so, in words. */
final class Shortfall {
  private Shortfall() {}

  /** A sentence; empty before anybody has a lease, and where owners are merely counted. */
  static Optional<String> of(Job job, Job.Task task) {
    Policy.Verification policy = job.spec().policy().verification();
    List<Replica> replicas =
        task.replicas().stream()
            .filter(each -> each.outcome() != null || each.live())
            .map(JobRules::replica)
            .toList();
    Integer errorMax = policy.errorMaxPartsPerMillion();
    if (replicas.isEmpty()
        || (policy.method() != Policy.Method.ADAPTIVE && policy.method() != Policy.Method.TRUST)
        || !(JobRules.verdict(job, task) instanceof Verdict.Lease lease)) {
      return Optional.empty();
    }
    String weight =
        errorMax == null
            ? "they do not weigh the %d that its policy asks".formatted(policy.trust())
            : "an error of %s would be left, and %s is allowed"
                .formatted(percent(Rehearsal.errorPartsPerMillion(replicas)), percent(errorMax));
    return Optional.of(
        "if the %d at work agree, %s; that takes %d more of whom nothing is known, each for at most %d nano-OPEN"
            .formatted(
                replicas.size(),
                weight,
                lease.missing(),
                JobRules.replicaBudgetNanoOpen(job, lease.missing())));
  }

  private static String percent(int partsPerMillion) {
    return new BigDecimal(partsPerMillion).movePointLeft(4).stripTrailingZeros().toPlainString()
        + " %";
  }
}
