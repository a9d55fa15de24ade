package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.queue.Scene.node;
import static xyz.openledger.pools.queue.Scene.roster;

import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.Breakers.State;

class BreakersTest {
  private static final WorkloadClass LARGE = WorkloadClass.of(1L << 40, 1L << 30);
  private static final WorkloadClass SMALL = WorkloadClass.of(1L << 20, 1L << 20);

  private final Breakers breakers = new Breakers();
  private final Node bad = node("bad", 4, 4);
  private final Node good = node("good", 4, 4);

  @Test
  void aFlappingNodeGetsTwoTasksBeforeItIsLeftAlone() {
    fail(1, 0);
    assertThat(breakers.state(bad.id(), LARGE, 0)).isEqualTo(State.CLOSED);
    fail(1, 0);

    assertThat(breakers.state(bad.id(), LARGE, 0)).isEqualTo(State.OPEN);
    assertThat(breakers.state(bad.id(), SMALL, 0)).isEqualTo(State.CLOSED);
    assertThat(offered(0)).isZero();
  }

  @Test
  void comesBackByProbesOneAtATime() {
    fail(2, 0);
    long later = Breakers.PAUSE_MILLIS;
    for (int i = 0; i < Breakers.CLEAN_PROBES; i++) {
      assertThat(breakers.state(bad.id(), LARGE, later)).isEqualTo(State.HALF_OPEN);
      assertThat(offered(later)).isEqualTo(1);
      breakers.began(bad.id(), LARGE);
      assertThat(offered(later)).isZero();
      breakers.brought(bad.id(), LARGE);
    }

    assertThat(breakers.state(bad.id(), LARGE, later)).isEqualTo(State.CLOSED);
    assertThat(offered(later)).isEqualTo(4);
  }

  @Test
  void pausesTwiceAsLongAfterAFailedProbeUntilItIsForgiven() {
    fail(2, 0);
    fail(1, Breakers.PAUSE_MILLIS);
    long half = 2 * Breakers.PAUSE_MILLIS;
    assertThat(breakers.state(bad.id(), LARGE, half)).isEqualTo(State.OPEN);
    assertThat(breakers.state(bad.id(), LARGE, half + Breakers.PAUSE_MILLIS))
        .isEqualTo(State.HALF_OPEN);

    long muchLater = half + 10 * Breakers.FORGIVEN_MILLIS;
    fail(1, muchLater);
    assertThat(breakers.state(bad.id(), LARGE, muchLater + Breakers.PAUSE_MILLIS))
        .isEqualTo(State.HALF_OPEN);
  }

  @Test
  void keepsNobodyAwayIfEverybodyWouldBe() {
    fail(2, 0);

    Roster alone = roster(bad);
    assertThat(breakers.limit(alone, LARGE, 0).freeSlots()).isEqualTo(4);
  }

  @Test
  void aProbeThatWasCalledBackMakesRoomForAnother() {
    fail(2, 0);
    breakers.began(bad.id(), LARGE);
    breakers.ended(bad.id(), LARGE);

    assertThat(offered(Breakers.PAUSE_MILLIS)).isEqualTo(1);
  }

  private void fail(int times, long nowMillis) {
    for (int i = 0; i < times; i++) {
      breakers.began(bad.id(), LARGE);
      breakers.lost(bad.id(), LARGE, nowMillis);
    }
  }

  /** Slots of the bad node that a large task may see. */
  private int offered(long nowMillis) {
    return breakers.limit(roster(bad, good), LARGE, nowMillis).freeSlots() - good.freeSlots();
  }
}
