package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static xyz.openledger.pools.queue.Scene.ADA;
import static xyz.openledger.pools.queue.Scene.BOB;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FairShareTest {
  private static final long HALF_LIFE = 64_000;
  private static final long UNIT = 64L << 20;
  private static final FairShare.Capacity TEN = new FairShare.Capacity(10, 100 * UNIT);

  @Test
  void isTheWholeForWhoeverHasHadEverything() {
    var shares = new FairShare(HALF_LIFE);
    for (int i = 0; i < 10; i++) {
      shares.began(ADA, UNIT, 0);
    }

    assertThat(shares.of(ADA, TEN, 40 * HALF_LIFE)).isCloseTo(FairShare.WHOLE, within(10_000L));
  }

  @Test
  void halvesInAHalfLife() {
    var shares = new FairShare(HALF_LIFE);
    shares.began(ADA, 0, 0);
    shares.ended(ADA, 0, HALF_LIFE);
    long then = shares.of(ADA, TEN, HALF_LIFE);

    assertThat(shares.of(ADA, TEN, 2 * HALF_LIFE)).isCloseTo(then / 2, within(then / 1_000 + 1));
    assertThat(shares.of(ADA, TEN, 60 * HALF_LIFE)).isZero();
  }

  @Test
  void isThatOfTheResourceThatIsUsedMost() {
    var shares = new FairShare(HALF_LIFE);
    shares.began(ADA, 50 * UNIT, 0);
    shares.began(BOB, UNIT, 0);
    shares.began(BOB, UNIT, 0);

    assertThat(shares.of(ADA, TEN, 0)).isEqualTo(FairShare.WHOLE / 4);
    assertThat(shares.of(BOB, TEN, 0)).isEqualTo(FairShare.WHOLE / 10);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void isTheSameHoweverOftenItIsAsked(long seed) {
    var random = new SplittableRandom(seed);
    var asked = new FairShare(HALF_LIFE);
    var left = new FairShare(HALF_LIFE);
    long now = 0;
    int running = 0;
    for (int i = 0; i < 500; i++) {
      long next = now + random.nextLong(5_000);
      for (int j = random.nextInt(4); j > 0; j--) {
        asked.of(ADA, TEN, random.nextLong(now, next + 1));
        now = next;
      }
      now = next;
      boolean more = running == 0 || random.nextBoolean();
      for (FairShare shares : new FairShare[] {asked, left}) {
        if (more) {
          shares.began(ADA, UNIT, now);
        } else {
          shares.ended(ADA, UNIT, now);
        }
      }
      running += more ? 1 : -1;
      assertThat(asked.of(ADA, TEN, now)).isEqualTo(left.of(ADA, TEN, now));
    }
  }
}
