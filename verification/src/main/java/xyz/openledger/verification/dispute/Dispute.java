package xyz.openledger.verification.dispute;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * A dispute between two committed traces, as a pure state machine: both sides answer the same query
 * about their own trace; the referee checks both answers against what was said before and goes
 * where they part.
 *
 * <pre>
 *   trace ──▶ first operator that differs ──▶ its first tile ──▶ its first number ──▶ 64 terms
 *         log2 V                        log2 tiles                        log2(K / 64)
 * </pre>
 *
 * <p>Whoever answers what it has not committed to, or does not answer while its clock runs, has
 * lost; so the honest side wins whatever the other does. The referee's work in a round does not
 * depend on the network's size.
 *
 * @param query what both are asked now; null once it is decided
 * @param claimantAnswer waiting for the other's; null if it has not come
 * @param rounds that have been played
 * @param verdict once there is one
 */
public record Dispute(
    Matter matter,
    Terms terms,
    Clocks clocks,
    Position position,
    @Nullable Query query,
    @Nullable Answer claimantAnswer,
    @Nullable Answer challengerAnswer,
    int rounds,
    @Nullable Verdict verdict) {

  /**
   * How it ended.
   *
   * @param winner null if both were wrong
   * @param forfeitNanoOpen what each loser had put up
   */
  public record Verdict(@Nullable Side winner, String reason, long forfeitNanoOpen) {}

  /** Opens a dispute about two roots, which must differ. */
  public static Dispute open(
      Matter matter, Terms terms, Digest claimant, Digest challenger, long nowMillis) {
    if (claimant.equals(challenger)) {
      throw new IllegalArgumentException("the traces are the same: there is nothing to dispute");
    }
    if (matter.operators() < 1 || matter.rows() < 1) {
      throw new IllegalArgumentException("a dispute is about at least one operator and row");
    }
    Position start =
        matter.operators() == 1
            ? new Position.AtOperator(0, claimant, challenger, claimant, challenger)
            : new Position.Operators(
                0, matter.operators(), claimant, challenger, claimant, challenger);
    return new Dispute(
        matter,
        terms,
        new Clocks(terms.sideMillis(), terms.sideMillis(), nowMillis),
        start,
        start.query(),
        null,
        null,
        0,
        null);
  }

  /**
   * After a side's answer. One that comes too late, twice, or after the end changes nothing more.
   */
  public Dispute answer(Side side, Answer answer, long nowMillis) {
    if (verdict != null || answer(side) != null) {
      return this;
    }
    Dispute timed = expire(nowMillis);
    if (timed.verdict != null) {
      return timed;
    }
    Dispute heard =
        new Dispute(
            matter,
            terms,
            clocks.answered(side, nowMillis),
            position,
            query,
            side == Side.CLAIMANT ? answer : claimantAnswer,
            side == Side.CHALLENGER ? answer : challengerAnswer,
            rounds,
            null);
    return heard.claimantAnswer != null && heard.challengerAnswer != null
        ? heard.judge(heard.claimantAnswer, heard.challengerAnswer, nowMillis)
        : heard;
  }

  /** Time alone: who was to answer and has no time left has lost. */
  public Dispute expire(long nowMillis) {
    if (verdict != null) {
      return this;
    }
    boolean claimantLate = late(Side.CLAIMANT, nowMillis);
    boolean challengerLate = late(Side.CHALLENGER, nowMillis);
    return claimantLate || challengerLate
        ? ended(claimantLate, challengerLate, "did not answer in time")
        : this;
  }

  private boolean late(Side side, long nowMillis) {
    return answer(side) == null && clocks.left(side, nowMillis) <= 0;
  }

  private @Nullable Answer answer(Side side) {
    return side == Side.CLAIMANT ? claimantAnswer : challengerAnswer;
  }

  private Dispute judge(Answer claimant, Answer challenger, long nowMillis) {
    Ruling ruling = position.rule(matter, claimant, challenger);
    return switch (ruling) {
      case Ruling.Wrong(boolean claimantWrong, boolean challengerWrong, String reason) ->
          played(position, nowMillis).ended(claimantWrong, challengerWrong, reason);
      case Ruling.Onwards(Position next) -> played(next, nowMillis);
    };
  }

  private Dispute played(Position next, long nowMillis) {
    return new Dispute(
        matter,
        terms,
        clocks.nextRound(nowMillis),
        next,
        next.query(),
        null,
        null,
        rounds + 1,
        null);
  }

  private Dispute ended(boolean claimantWrong, boolean challengerWrong, String reason) {
    Side winner =
        claimantWrong && challengerWrong ? null : claimantWrong ? Side.CHALLENGER : Side.CLAIMANT;
    String who =
        winner == null ? "both sides" : winner == Side.CLAIMANT ? "the challenger" : "the claimant";
    return new Dispute(
        matter,
        terms,
        clocks,
        position,
        null,
        null,
        null,
        rounds,
        new Verdict(winner, who + " " + reason, terms.staked(position.level())));
  }
}
