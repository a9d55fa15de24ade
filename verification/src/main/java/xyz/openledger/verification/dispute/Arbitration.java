package xyz.openledger.verification.dispute;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.freivalds.TraceCheck;
import xyz.openledger.verification.matmul.NetworkTask;

/**
 * Settles which of two outcomes of one task is right, from their bytes, in three steps: each must
 * bear itself out; if both do, their {@link Hearing} is played; whoever is left is checked as a
 * whole by {@link TraceCheck}. So of two wrong ones neither stands, also where one of them is right
 * at the first number in which they differ.
 */
public final class Arbitration {
  private Arbitration() {}

  /**
   * What it came to.
   *
   * @param winner whose outcome is right; null if neither is
   * @param reason why the other is not, or neither
   * @param rounds of the hearing; 0 if there was none
   * @param roundsMax the most that a hearing about this network can take
   * @param products of the winner that were checked
   */
  public record Award(
      @Nullable Side winner, String reason, int rounds, int roundsMax, int products) {
    /** Whether that side's outcome is right. */
    public boolean stands(Side side) {
      return winner == side;
    }
  }

  /**
   * Settles it.
   *
   * @param identity of the task
   */
  public static Award of(Digest identity, NetworkTask task, Claim claimant, Claim challenger) {
    if (claimant.outcome().equals(challenger.outcome())) {
      throw new IllegalArgumentException("the outcomes are the same: there is nothing to dispute");
    }
    if (task.ending().status() != Outcome.Status.FINISHED) {
      return withoutTrace(identity, task, claimant, challenger);
    }
    int roundsMax = Hearing.roundsMax(task.network(), task.rows());
    Claim.Stand first = claimant.stand(task);
    Claim.Stand second = challenger.stand(task);
    if (first instanceof Claim.Stand.Ready(Party a)
        && second instanceof Claim.Stand.Ready(Party b)) {
      Dispute over = Hearing.of(a, b);
      Dispute.Verdict verdict = Objects.requireNonNull(over.verdict());
      return checked(
          identity,
          task,
          claimant,
          challenger,
          new Award(verdict.winner(), verdict.reason(), over.rounds(), roundsMax, 0));
    }
    Side left =
        first instanceof Claim.Stand.Ready
            ? Side.CLAIMANT
            : second instanceof Claim.Stand.Ready ? Side.CHALLENGER : null;
    String reason =
        left == null
            ? "both sides contradict themselves: " + why(first)
            : left == Side.CLAIMANT
                ? "the challenger: " + why(second)
                : "the claimant: " + why(first);
    return checked(identity, task, claimant, challenger, new Award(left, reason, 0, roundsMax, 0));
  }

  private static String why(Claim.Stand stand) {
    return stand instanceof Claim.Stand.Contradicted(String reason) ? reason : "";
  }

  /** Who is left must be right in everything, not only where the other is wrong. */
  private static Award checked(
      Digest identity, NetworkTask task, Claim claimant, Claim challenger, Award award) {
    Side winner = award.winner();
    if (winner == null) {
      return award;
    }
    return switch (check(identity, task, winner == Side.CLAIMANT ? claimant : challenger)) {
      case TraceCheck.Found.Holds(int products) ->
          new Award(winner, award.reason(), award.rounds(), award.roundsMax(), products);
      case TraceCheck.Found.Refuted(String reason) ->
          new Award(
              null,
              award.reason() + "; the other side is wrong too: " + reason,
              award.rounds(),
              award.roundsMax(),
              0);
    };
  }

  private static Award withoutTrace(
      Digest identity, NetworkTask task, Claim claimant, Claim challenger) {
    boolean first = check(identity, task, claimant) instanceof TraceCheck.Found.Holds;
    boolean second = check(identity, task, challenger) instanceof TraceCheck.Found.Holds;
    Side winner = first ? Side.CLAIMANT : second ? Side.CHALLENGER : null;
    return new Award(winner, "the task ends as " + task.ending().status(), 0, 0, 0);
  }

  private static TraceCheck.Found check(Digest identity, NetworkTask task, Claim claim) {
    byte[] output = claim.output();
    return output == null
        ? new TraceCheck.Found.Refuted("its output is not to be had")
        : TraceCheck.of(identity, task, claim.outcome(), output);
  }
}
