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
