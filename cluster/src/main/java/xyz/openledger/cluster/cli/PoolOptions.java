package xyz.openledger.cluster.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import xyz.openledger.pools.Membership;
import xyz.openledger.protocol.api.PoolChange;

/** How a pool shall place work, as options. */
final class PoolOptions {
  @Option(
      names = "--score-margin",
      paramLabel = "POINTS",
      description = "nodes this far below the best, of 10000, count as good (new pools: 500)")
  @Nullable Integer scoreMargin;

  @Option(
      names = "--exploration-basis-points",
      paramLabel = "N",
      description = "how often, of 10000, a newcomer is tried beside a node that checks it (200)")
  @Nullable Integer explorationBasisPoints;

  @Option(
      names = "--queue-max",
      paramLabel = "TASKS",
      description = "how many tasks may wait; more are asked to come back (10000)")
  @Nullable Integer queueMax;

  @Option(
      names = "--admit",
      paramLabel = "EXPRESSION",
      description = "what must hold of a node for it to work here, as in policies; '' for nothing")
  @Nullable String admit;

  @Option(
      names = "--clearing-millis",
      paramLabel = "MS",
      description = "how often its spot market clears, 1000 to 3600000 (5000)")
  @Nullable Integer clearingMillis;

  @Option(
      names = "--preempt-after-millis",
      paramLabel = "MS",
      description = "how long work waits before less urgent work that allows it makes room (60000)")
  @Nullable Integer preemptAfterMillis;

  @Option(
      names = "--notice-millis",
      paramLabel = "MS",
      description = "how long what makes room may run on (30000)")
  @Nullable Integer noticeMillis;

  @Option(
      names = "--prefer",
      paramLabel = "EXPRESSION",
      description = "how much it likes a node, 0 to 10000, as in policies; '' for all alike")
  @Nullable String prefer;

  PoolChange change() {
    if (prefer != null && !prefer.isBlank()) {
      Membership.preference(prefer);
    }
    if (admit != null && !admit.isBlank()) {
      // What is wrong with it is known here, before a member is asked.
      Membership.requirement(admit);
    }
    return new PoolChange(
        scoreMargin,
        explorationBasisPoints,
        queueMax,
        admit,
        clearingMillis,
        preemptAfterMillis,
        noticeMillis,
        prefer);
  }
}
