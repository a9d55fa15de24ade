package xyz.openledger.verification.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

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

  /** What is drawn: claims, speeds and moments of trouble. What holds: the rule in words. */
  @Test
  void changesWhatIsBelievedExactlyWhenTheMedianCrossesHalfOfTheClaim() {
    for (long seed = 0; seed < 500; seed++) {
      var random = new SplittableRandom(seed);
      long claim = random.nextLong(1_000, 1L << 40);
      Capacity capacity = Capacity.claimed(claim);
      boolean downgraded = false;
      for (int i = 0; i < 30; i++) {
        long fuel = random.nextInt(4) == 0 ? 0 : random.nextLong(claim * 2);
        capacity = capacity.measured(fuel, 1_000);
        Capacity.Change change = capacity.change(downgraded);
        long slow = capacity.measuredFuelPerSecond().stream().filter(it -> it <= claim / 2).count();
        int known = capacity.measuredFuelPerSecond().size();
        boolean half = known >= Capacity.LEAST && slow > known / 2;
        assertThat(change)
            .as("seed %d, challenge %d", seed, i)
            .isEqualTo(
                half == downgraded || known < Capacity.LEAST
                    ? Capacity.Change.NONE
                    : half ? Capacity.Change.DOWNGRADED : Capacity.Change.RESTORED);
        downgraded =
            switch (change) {
              case NONE -> downgraded;
              case DOWNGRADED -> true;
              case RESTORED -> false;
            };
      }
    }
  }

  /** As after a restart of the member, when nothing was measured yet. */
  @Test
  void isNotForgivenBeforeItWasMeasuredAgain() {
    Capacity capacity = Capacity.claimed(CLAIM);
    for (int i = 0; i < Capacity.LEAST; i++) {
      assertThat(capacity.change(true)).as("after %d", i).isEqualTo(Capacity.Change.NONE);
      capacity = capacity.measured(CLAIM, 1_000);
    }
    assertThat(capacity.change(true)).isEqualTo(Capacity.Change.RESTORED);
  }

  @Test
  void drawsFromTheSecretTheNodeAndTheNumberAlone() {
    NodeId ada = NodeId.of(new byte[32]);
    byte[] other = new byte[32];
    other[0] = 1;
    CapacityDraw first = CapacityDraw.of(Digest.of(new byte[] {1}), ada, 1);
    assertThat(CapacityDraw.of(Digest.of(new byte[] {1}), ada, 1)).isEqualTo(first);
    assertThat(
            Set.of(
                first,
                CapacityDraw.of(Digest.of(new byte[] {2}), ada, 1),
                CapacityDraw.of(Digest.of(new byte[] {1}), NodeId.of(other), 1),
                CapacityDraw.of(Digest.of(new byte[] {1}), ada, 2)))
        .hasSize(4);
  }

  /** Agents of all releases walk the same. */
  @Test
  void aWalkEndsWhereItAlwaysEnded() {
    assertThat(new MemoryWalk(-7, 1_000).digest())
        .hasToString("sha256:64bfbd62d05645d5f8e122d42e72d533dd7a0ddb551915558978305f277737f1");
    assertThat(new MemoryWalk(-7, 1_001).digest()).isNotEqualTo(new MemoryWalk(-7, 1_000).digest());
    assertThat(new MemoryWalk(-8, 1_000).digest()).isNotEqualTo(new MemoryWalk(-7, 1_000).digest());
  }
}
