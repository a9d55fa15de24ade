package xyz.openledger.cluster.cli;

import java.time.Duration;
import xyz.openledger.chainanchor.evm.Proposal;
import xyz.openledger.chainanchor.evm.Standing;

/** Where a proposal stands, told to people: what comes next, and when. Pure. */
final class ProposalText {
  /** That a step can never be done, or not before another. */
  static final long NEVER = -1;

  private ProposalText() {}

  /** What can be done with a proposal. */
  enum Step {
    VOTE,
    QUEUE,
    EXECUTE
  }

  /** Seconds until a step can be done; {@value #NEVER} if waiting alone does not help. */
  static long secondsUntil(Step step, Proposal proposal, Standing standing) {
    long now = standing.nowSeconds();
    return switch (step) {
      case VOTE ->
          switch (standing.state()) {
            case PENDING -> Math.max(1, proposal.voteStartSeconds() + 1 - now);
            case ACTIVE -> 0;
            default -> NEVER;
          };
      case QUEUE ->
          switch (standing.state()) {
            case PENDING, ACTIVE -> Math.max(1, proposal.voteEndSeconds() + 1 - now);
            case SUCCEEDED -> 0;
            default -> NEVER;
          };
      case EXECUTE ->
          standing.state() == Standing.State.QUEUED
              ? Math.max(0, standing.etaSeconds() - now)
              : NEVER;
    };
  }

  /** In which state it is, and for how long. */
  static String state(Proposal proposal, Standing standing) {
    long now = standing.nowSeconds();
    return switch (standing.state()) {
      case PENDING ->
          "pending: votes are taken from %s, in %s"
              .formatted(
                  moment(proposal.voteStartSeconds() + 1),
                  left(proposal.voteStartSeconds() + 1, now));
      case ACTIVE ->
          "open: votes are taken until %s, for another %s"
              .formatted(
                  moment(proposal.voteEndSeconds()), left(proposal.voteEndSeconds() + 1, now));
      case CANCELED -> "cancelled";
      case DEFEATED -> "defeated: " + whyDefeated(standing);
      case SUCCEEDED -> "accepted, and not queued yet";
      case QUEUED ->
          standing.etaSeconds() > now
              ? "queued: can be executed from %s, in %s"
                  .formatted(moment(standing.etaSeconds()), left(standing.etaSeconds(), now))
              : "queued: can be executed";
      case EXPIRED -> "expired: nobody executed it in time";
      case EXECUTED -> "executed";
    };
  }

  /** The votes. */
  static String tally(Standing standing) {
    return "%s for, %s against, %s abstained; %s"
        .formatted(
            govOpen(standing.inFavourNanoOpen()),
            govOpen(standing.againstNanoOpen()),
            govOpen(standing.abstainedNanoOpen()),
            standing.quorumNanoOpen() == 0
                ? "the quorum is known when voting begins"
                : "the quorum is " + govOpen(standing.quorumNanoOpen()) + " GOPEN");
  }

  /** The command that takes it further; empty if none does. */
  static String next(Proposal proposal, Standing standing) {
    String number = " " + proposal.number();
    return switch (standing.state()) {
      case PENDING -> "openledger gov vote" + number + " for --wait";
      case ACTIVE ->
          "openledger gov vote"
              + number
              + " for; when voting has ended: openledger gov queue"
              + number;
      case SUCCEEDED -> "openledger gov queue" + number;
      case QUEUED -> "openledger gov execute" + number + " --wait";
      case CANCELED, DEFEATED, EXPIRED, EXECUTED -> "";
    };
  }

  /** GOPEN without its unit, as short as it is exact. */
  static String govOpen(long nanoOpen) {
    return java.math.BigDecimal.valueOf(nanoOpen, 9).stripTrailingZeros().toPlainString();
  }

  private static String whyDefeated(Standing standing) {
    long counted = standing.inFavourNanoOpen() + standing.abstainedNanoOpen();
    return counted < standing.quorumNanoOpen()
        ? "%s GOPEN for it or in abstention, and the quorum is %s"
            .formatted(govOpen(counted), govOpen(standing.quorumNanoOpen()))
        : "%s GOPEN for it, and %s against"
            .formatted(govOpen(standing.inFavourNanoOpen()), govOpen(standing.againstNanoOpen()));
  }

  private static String moment(long seconds) {
    return Text.moment(seconds * 1_000);
  }

  private static String left(long then, long now) {
    return Text.duration(Duration.ofSeconds(Math.max(0, then - now)));
  }
}
