package xyz.openledger.actors.simulation.adversaries;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.protocol.Policy;

class AdversaryTrialTest {
  private static final long SEED = Long.getLong("seed", 7);
  private static final int TASKS = 12_000;

  private static AdversaryFigures run(Adversary adversary, Policy.Method method, boolean expels) {
    var policy =
        new Policy.Verification(
            method, null, null, method == Policy.Method.TRUST ? 100 : null, null);
    return run(adversary, policy, expels);
  }

  private static AdversaryFigures run(
      Adversary adversary, Policy.Verification policy, boolean expels) {
    return AdversaryTrial.run(adversary, new AdversaryPlan(SEED, 20, 20, TASKS, policy, expels));
  }

  @ParameterizedTest
  @EnumSource(Adversary.class)
  void adaptiveKeepsItsBoundAndAccusesNobodyHonest(Adversary adversary) {
    AdversaryFigures figures = run(adversary, Policy.Method.ADAPTIVE, false);

    double deviation = Math.sqrt(0.01 * 0.99 / TASKS) * 1e6;
    assertThat(figures.wrongPartsPerMillion() - 3 * deviation).isLessThanOrEqualTo(10_000);
    assertThat(figures.cheated()).isPositive();
    assertThat(figures.accused()).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Adversary.class)
  void underAdaptiveNoWayOfCheatingPaysForWhoLosesAStake(Adversary adversary) {
    assertThat(run(adversary, Policy.Method.ADAPTIVE, true).gainMilliRewards()).isNegative();
  }

  @Test
  void aRingThatOwnsTheWholeQuorumIsSeenByAuditsAlone() {
    AdversaryFigures quorum = run(Adversary.RING, Policy.Method.QUORUM, false);
    AdversaryFigures adaptive = run(Adversary.RING, Policy.Method.ADAPTIVE, false);

    assertThat(quorum.caughtPercent()).isZero();
    assertThat(quorum.gainMilliRewards()).isPositive();
    assertThat(adaptive.caughtPercent()).isGreaterThan(80);
    assertThat(adaptive.gainMilliRewards()).isNegative();
  }

  /** The bound in docs/verification.md: all of a quorum of two, drawn of 20 of which four lie. */
  @Test
  void aRingHoldsAQuorumAsOftenAsItIsDrawn() {
    double drawn = 4.0 * 3 / (20 * 19);
    double deviation = Math.sqrt(drawn * (1 - drawn) / TASKS);

    AdversaryFigures quorum = run(Adversary.RING, Policy.Method.QUORUM, false);

    assertThat(quorum.wrongPartsPerMillion() / 1e6)
        .isBetween(drawn - 3 * deviation, drawn + 3 * deviation);
  }

  /** As many owners as under a quorum, and audits: whoever holds as many does not know of those. */
  @Test
  void aRingThatOwnsAsManyAsThePolicyAsksForDoesNotPayWhereThereAreAudits() {
    var two = new Policy.Verification(Policy.Method.ADAPTIVE, new Policy.Parameters(2, 9));

    AdversaryFigures brought = run(Adversary.RING, two, true);

    assertThat(brought.cheated()).isPositive();
    assertThat(brought.gainMilliRewards()).isNegative();
    assertThat(run(Adversary.RING, two, false).caughtPercent()).isPositive();
  }

  @Test
  void whoPlaysForTimeInAHearingLosesItInTime() {
    for (boolean expels : new boolean[] {false, true}) {
      AdversaryFigures figures = run(Adversary.STALLER, Policy.Method.DISPUTE, expels);

      assertThat(figures.accused()).isZero();
      assertThat(figures.gainMilliRewards()).isNegative();
      assertThat(figures.hearings().heard()).isGreaterThan(20);
      assertThat(figures.hearings().roundsMax())
          .isLessThanOrEqualTo(figures.hearings().roundsBound());
      // One clock runs out at the most; the other's answers take no time to speak of.
      assertThat(figures.hearings().millisMax())
          .isBetween(Hearings.TERMS.sideMillis(), Hearings.TERMS.sideMillis() + 1_000);
    }
  }

  @ParameterizedTest
  @EnumSource(Adversary.class)
  void aDisputeIsNeverLostByAnHonestSide(Adversary adversary) {
    AdversaryFigures figures = run(adversary, Policy.Method.DISPUTE, false);

    assertThat(figures.accused()).isZero();
    assertThat(figures.hearings().roundsMax())
        .isLessThanOrEqualTo(figures.hearings().roundsBound());
  }

  @Test
  void whatIsShownMustFitWhatWasCommittedTo() {
    assertThat(run(Adversary.EQUIVOCATOR, Policy.Method.QUORUM, false))
        .returns(100.0, AdversaryFigures::caughtPercent)
        .returns(0L, AdversaryFigures::wrongPartsPerMillion);
    assertThat(run(Adversary.COPIER, Policy.Method.QUORUM, false))
        .returns(0L, AdversaryFigures::wrongPartsPerMillion);
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    assertThat(run(Adversary.SYBIL, Policy.Method.TRUST, true))
        .isEqualTo(run(Adversary.SYBIL, Policy.Method.TRUST, true));
  }
}
