package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import xyz.openledger.cluster.member.Registrations.Step;
import xyz.openledger.protocol.NodeId;

class RegistrationsTest {
  private static final NodeId BOB = NodeId.wrap(new byte[16]);
  private static final long LOOK = 2_000;

  private final Registrations registrations = new Registrations();
  private long now;

  @Test
  void aRegistrationOnItsWayIsPlannedOnce() {
    assertThat(next(false)).isInstanceOf(Step.Plan.class);
    for (int look = 0; look < 1_000; look++) {
      assertThat(next(true)).isInstanceOf(Step.Wait.class);
    }
  }

  @Test
  void oneThatTheChainWillNotHaveIsTriedLessAndLessOften() {
    int planned = 0;
    int said = 0;
    for (long until = Duration.ofDays(1).toMillis(); now < until; ) {
      switch (next(false)) {
        case Step.Plan _ -> {
          planned++;
          next(true);
        }
        case Step.Pause(var pause) -> {
          said++;
          assertThat(pause).isBetween(Duration.ofMinutes(1), Duration.ofHours(1));
        }
        case Step.Wait _ -> {}
      }
    }

    // After 1, 2, 4, … minutes, then each hour; not 43,200 times a day.
    assertThat(planned).isBetween(24, 30);
    assertThat(said).isBetween(planned - 1, planned);
  }

  @Test
  void aNodeThatIsDoneStartsAfresh() {
    next(false);
    next(false);

    registrations.done(BOB);

    assertThat(next(false)).isInstanceOf(Step.Plan.class);
  }

  private Step next(boolean onItsWay) {
    now += LOOK;
    return registrations.next(BOB, onItsWay, now);
  }
}
