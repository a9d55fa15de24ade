package xyz.openledger.verification.credibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReplicationDecayTest {
  private final long seed = Long.getLong("seed", Long.getLong("run.seed", 7));

  @Test
  void repeatsAboutTheRootOfTwoOverNOfAllWork() {
    var random = new SplittableRandom(seed);
    double share = 0;
    int machines = 200;
    for (int machine = 0; machine < machines; machine++) {
      share += repeated(random, 10_000) / machines;
    }
    assertThat(share).isCloseTo(0.0141, within(0.0015));
  }

  private static double repeated(SplittableRandom random, int tasks) {
    var decay = ReplicationDecay.NEW;
    int repeats = 0;
    for (int task = 0; task < tasks; task++) {
      if (random.nextDouble() < decay.probability(0)) {
        repeats++;
        decay = decay.agreed();
      }
    }
    return (double) repeats / tasks;
  }

  @Test
  void repeatsEverythingUntilTenWereConfirmed() {
    var decay = ReplicationDecay.NEW;
    for (int i = 0; i < ReplicationDecay.ALWAYS; i++) {
      assertThat(decay.probability(0)).isEqualTo(1);
      decay = decay.agreed();
    }
    assertThat(decay.probability(0)).isEqualTo(0.1);
    assertThat(decay.probability(0.25)).isEqualTo(0.25);
    assertThat(decay.dissented().probability(0)).isEqualTo(1);
  }
}
