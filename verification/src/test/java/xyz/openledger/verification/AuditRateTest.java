package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import xyz.openledger.verification.credibility.AuditFloor;

class AuditRateTest {
  private static final long REWARD = 1_000_000;

  @Test
  void everythingIsRepeatedOfANewcomerAndOfWhoeverHasNothingAtStake() {
    assertThat(AuditRate.partsPerMillion(0, REWARD, 100 * REWARD)).isEqualTo(1_000_000);
    assertThat(AuditRate.partsPerMillion(9, REWARD, 100 * REWARD)).isEqualTo(1_000_000);
    assertThat(AuditRate.partsPerMillion(10_000, REWARD, 0)).isEqualTo(1_000_000);
  }

  @Test
  void fallsAsANodeProvesItselfAndNeverBelowTheLeast() {
    assertThat(AuditRate.partsPerMillion(10, REWARD, 100 * REWARD)).isEqualTo(100_000);
    assertThat(AuditRate.partsPerMillion(1_000_000, REWARD, 1_000_000 * REWARD))
        .isEqualTo(AuditRate.LEAST_PARTS_PER_MILLION);
  }

  /** Where the stake is small beside the reward, the stake inequality decides. */
  @Test
  void staysAboveTheRateAtWhichLyingPays() {
    for (long stake = REWARD; stake <= 200 * REWARD; stake += REWARD) {
      double rate = AuditRate.partsPerMillion(1_000, REWARD, stake) / 1e6;
      var floor = new AuditFloor(REWARD, REWARD * 8 / 10, 0, stake, Adaptive.SABOTEURS, 1);
      if (floor.probability() <= 1) {
        assertThat(rate).isGreaterThanOrEqualTo(Math.min(1, floor.probability()));
        assertThat(floor.advantageOfLying(rate)).isNegative();
      }
    }
  }
}
