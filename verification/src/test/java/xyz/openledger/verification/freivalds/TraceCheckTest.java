package xyz.openledger.verification.freivalds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.matmul.DrawnNetworks;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkTask;

class TraceCheckTest {
  private static final int TASKS = Boolean.getBoolean("thorough") ? 2_000 : 100;
  private static final int LIES = 20;

  private static NetworkTask task(SplittableRandom random, boolean trace) {
    Network network = DrawnNetworks.network(random, 40);
    byte[] input = DrawnNetworks.input(random, network, random.nextInt(1, 20)).elements();
    return new NetworkTask(network, input, trace, 1L << 40, 1 << 30, 1 << 24);
  }

  private static Outcome outcome(NetworkTask task, byte[] output) {
    NetworkTask.Ending ending = task.ending();
    return new Outcome(ending.status(), 0, ending.fuelUsed(), Digest.of(output), output.length);
  }

  private static TraceCheck.Found check(NetworkTask task, Outcome outcome, byte[] output) {
    return TraceCheck.of(Digest.of(task.input()), task, outcome, output);
  }

  @Test
  void findsEveryTruthTrueAndEveryLieALie() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < TASKS; i++) {
      NetworkTask task = task(random, true);
      byte[] output = task.run(() -> {});
      assertThat(check(task, outcome(task, output), output))
          .isInstanceOf(TraceCheck.Found.Holds.class);
      for (int lie = 0; lie < LIES; lie++) {
        byte[] wrong = output.clone();
        wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
        assertThat(check(task, outcome(task, wrong), wrong))
            .isInstanceOf(TraceCheck.Found.Refuted.class);
      }
    }
  }

  @Test
  void refutesAnOutcomeThatEndsOtherwise() {
    var random = new SplittableRandom(12);
    NetworkTask task = task(random, true);
    byte[] output = task.run(() -> {});
    Outcome right = outcome(task, output);
    byte[] nothing = new byte[0];
    for (Outcome.Status status : Outcome.Status.values()) {
      if (status != right.status()) {
        var other = new Outcome(status, 0, right.fuelUsed(), Digest.of(nothing), 0);
        assertThat(check(task, other, nothing)).isInstanceOf(TraceCheck.Found.Refuted.class);
      }
    }
    var dearer =
        new Outcome(
            right.status(), 0, right.fuelUsed() + 1, right.outputDigest(), right.outputBytes());
    assertThat(check(task, dearer, output)).isInstanceOf(TraceCheck.Found.Refuted.class);
    assertThat(check(task, right, nothing)).isInstanceOf(TraceCheck.Found.Refuted.class);
  }

  @Test
  void acceptsThatATaskRanOutOfFuelOnlyWhereItDoes() {
    var random = new SplittableRandom(13);
    NetworkTask whole = task(random, true);
    long fuel = whole.ending().fuelUsed();
    var poor = new NetworkTask(whole.network(), whole.input(), true, fuel - 1, 1 << 30, 1 << 24);
    byte[] nothing = poor.run(() -> {});
    assertThat(nothing).isEmpty();
    Outcome outcome = outcome(poor, nothing);
    assertThat(outcome.status()).isEqualTo(Outcome.Status.FUEL_EXHAUSTED);
    assertThat(check(poor, outcome, nothing)).isInstanceOf(TraceCheck.Found.Holds.class);
    assertThat(check(whole, outcome, nothing)).isInstanceOf(TraceCheck.Found.Refuted.class);
  }

  @Test
  void needsTheTrace() {
    var random = new SplittableRandom(14);
    NetworkTask task = task(random, false);
    byte[] output = task.run(() -> {});
    assertThat(check(task, outcome(task, output), output))
        .isInstanceOf(TraceCheck.Found.Refuted.class);
  }
}
