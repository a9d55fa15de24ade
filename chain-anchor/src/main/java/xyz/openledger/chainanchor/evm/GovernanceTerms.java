package xyz.openledger.chainanchor.evm;

import xyz.openledger.protocol.Check;

/**
 * How a network decides.
 *
 * @param delaySeconds from a proposal to its first vote
 * @param periodSeconds how long votes are taken
 * @param thresholdNanoOpen the votes that a proposer needs, in 10^-9 GOPEN
 * @param quorumPercent of all votes, cast for or in abstention
 * @param timelockSeconds from the decision to its execution
 * @param noticeSeconds from the execution until the rules bind
 */
public record GovernanceTerms(
    long delaySeconds,
    long periodSeconds,
    long thresholdNanoOpen,
    int quorumPercent,
    long timelockSeconds,
    long noticeSeconds) {
  /** Those of a network where something is at stake. */
  public static final GovernanceTerms NETWORK =
      new GovernanceTerms(86_400, 14 * 86_400, 100_000_000_000L, 25, 86_400, 3_600);

  /** Short enough to be watched. */
  public static final GovernanceTerms DEVELOPMENT =
      new GovernanceTerms(2, 30, 100_000_000_000L, 25, 2, 3);

  private static final long SECONDS_MAX = 365L * 86_400;
  private static final long NOTICE_SECONDS_MAX = 30L * 86_400;

  /** Checks the ranges. */
  public GovernanceTerms {
    Check.range("delaySeconds", delaySeconds, 0, SECONDS_MAX);
    Check.range("periodSeconds", periodSeconds, 1, SECONDS_MAX);
    Check.range("thresholdNanoOpen", thresholdNanoOpen, 0, 1_000_000_000_000_000_000L);
    Check.range("quorumPercent", quorumPercent, 0, 100);
    Check.range("timelockSeconds", timelockSeconds, 0, SECONDS_MAX);
    Check.range("noticeSeconds", noticeSeconds, 0, NOTICE_SECONDS_MAX);
  }

  /** Whether they leave less time than a network's, so that nobody could rely on them. */
  public boolean isForDevelopment() {
    return delaySeconds < NETWORK.delaySeconds
        || periodSeconds < NETWORK.periodSeconds
        || timelockSeconds < NETWORK.timelockSeconds
        || noticeSeconds < NETWORK.noticeSeconds;
  }
}
