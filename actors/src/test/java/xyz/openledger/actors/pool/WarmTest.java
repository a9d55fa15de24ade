package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.digest;
import static xyz.openledger.actors.job.Cast.node;

import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.HeldBlobs;
import xyz.openledger.protocol.Digest;

class WarmTest {
  private static final Digest INPUT = digest("input");
  private final Warm warm = new Warm();

  @Test
  void othersAreToldWhatAnyNodeHoldsUntilNoneDoes() {
    warm.holds(node("bob"), List.of(INPUT.first(), 7L));
    warm.holds(node("cyd"), List.of(INPUT.first()));
    assertThat(told().mayHold(INPUT)).isTrue();

    warm.forget(node("bob"));
    assertThat(told().mayHold(INPUT)).as("cyd has it").isTrue();

    warm.holds(node("cyd"), List.of());
    assertThat(told()).isEqualTo(HeldBlobs.UNKNOWN);
  }

  @Test
  void isNotSummedAtEveryTick() {
    warm.holds(node("bob"), List.of(7L));
    HeldBlobs first = warm.sum();
    warm.holds(node("bob"), List.of(INPUT.first()));

    assertThat(warm.sum()).isSameAs(first);
    assertThat(told().mayHold(INPUT)).isTrue();
  }

  /** After a few ticks. */
  private HeldBlobs told() {
    for (int i = 0; i < 20; i++) {
      warm.sum();
    }
    return warm.sum();
  }
}
