package xyz.openledger.verification.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private static final long CLAIM = 1_000_000_000;

  @Test
  void aNodeAtHalfOfItsClaimIsDowngradedToWhatItDoes() {
    Capacity capacity = Capacity.claimed(CLAIM);
    for (int i = 0; i < Capacity.LEAST; i++) {
      assertThat(capacity.downgraded()).as("after %d challenges", i).isFalse();
      capacity = capacity.measured(CLAIM / 2, 1_000);
    }

    assertThat(capacity.downgraded()).isTrue();
    assertThat(capacity.believedFuelPerSecond()).isEqualTo(CLAIM / 2);
  }

  @Test
  void oneChallengeOnABusyMachineDowngradesNobody() {
    Capacity capacity = Capacity.claimed(CLAIM);
    for (long millis : new long[] {1_000, 1_000, 30_000, 1_000, 1_000}) {
      capacity = capacity.measured(CLAIM, millis);
      assertThat(capacity.downgraded()).isFalse();
    }
  }

  @Test
  void aNodeThatKeepsUpAgainIsBelievedAgain() {
    Capacity capacity = Capacity.claimed(CLAIM);
    for (int i = 0; i < Capacity.WINDOW; i++) {
      capacity = capacity.measured(0, 60_000);
    }
    assertThat(capacity.believedFuelPerSecond()).isEqualTo(1);

    for (int i = 0; i < Capacity.LEAST; i++) {
      capacity = capacity.measured(CLAIM, 1_100);
    }

    assertThat(capacity.downgraded()).isFalse();
    assertThat(capacity.believedFuelPerSecond()).isEqualTo(CLAIM);
  }

  /** Whatever is drawn: challenges take at most a hundredth of the time. */
  @Test
  void challengesTakeNoMoreThanAHundredthOfANodesTime() {
    var random = new SplittableRandom(7);
    long nowMillis = 0;
    long busyMillis = 0;
    for (int i = 0; i < 10_000; i++) {
      long tookMillis = random.nextLong(1, 60_000);
      long next = Capacity.nextAtMillis(nowMillis, tookMillis, random.nextLong());
      assertThat(tookMillis * 100).isLessThanOrEqualTo(next - nowMillis);
      nowMillis = next;
      busyMillis += tookMillis;
    }
    assertThat((double) busyMillis / nowMillis).isBetween(0.003, 0.01);
  }
}
