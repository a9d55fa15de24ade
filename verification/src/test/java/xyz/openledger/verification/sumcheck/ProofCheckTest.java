package xyz.openledger.verification.sumcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.freivalds.TraceCheck;
import xyz.openledger.verification.matmul.DrawnNetworks;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.Shows;

/** Outputs whose products come with proofs. */
class ProofCheckTest {
  private static final int TASKS = Boolean.getBoolean("thorough") ? 3_000 : 150;

  private final SplittableRandom random = new SplittableRandom(51);

  @Test
  void holdForHonestRunsAndForNoChangedByte() {
    int proven = 0;
    for (int i = 0; i < TASKS; i++) {
      NetworkTask task = task(Shows.PROOF);
      byte[] output = ProvenRun.of(task, () -> {});
      assertThat(output.length)
          .isEqualTo(
              ProvenRun.of(shows(task, Shows.TRACE), () -> {}).length
                  + ProofCheck.proofBytes(task));
      assertThat(ProofCheck.of(task, outcome(task, output), output))
          .isEqualTo(new TraceCheck.Found.Holds(products(task.network())));
      proven += products(task.network());
      byte[] wrong = output.clone();
      wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(ProofCheck.of(task, outcome(task, wrong), wrong))
          .as("%d", i)
          .isInstanceOf(TraceCheck.Found.Refuted.class);
    }
    assertThat(proven).isPositive();
  }

  @Test
  void areNotTakenFromATaskThatDidNotAskForThem() {
    NetworkTask task = task(Shows.TRACE);
    byte[] output = ProvenRun.of(task, () -> {});
    assertThat(ProofCheck.of(task, outcome(task, output), output))
        .isInstanceOfSatisfying(
            TraceCheck.Found.Refuted.class,
            refuted -> assertThat(refuted.reason()).contains("does not ask for the proof"));
    NetworkTask proven = shows(task, Shows.PROOF);
    byte[] shorter = ProvenRun.of(shows(task, Shows.TRACE), () -> {});
    assertThat(ProofCheck.of(proven, outcome(proven, shorter), shorter))
        .isInstanceOf(TraceCheck.Found.Refuted.class);
  }

  /** (a + c + 2b) / (2^61 - 1) of one product of 8 rows, 64 × 16: 3 + 4 + 12 is below 2^5. */
  @Test
  void claimTheBoundOfTheirSizes() {
    var network =
        new Network(
            64, java.util.List.of(new Operator.Product(Operator.INPUT, 16, new byte[1024])));
    assertThat(ProofCheck.errorLog2(network, 8)).isEqualTo(5 - 61);
    assertThat(
            ProofCheck.proofBytes(
                new NetworkTask(network, new byte[512], Shows.PROOF, 1 << 30, 1 << 30, 1 << 20)))
        .isEqualTo(24 * 6);
  }

  private NetworkTask task(Shows shows) {
    Network network = DrawnNetworks.network(random, 24);
    byte[] input = DrawnNetworks.input(random, network, random.nextInt(1, 9)).elements();
    return new NetworkTask(network, input, shows, 1L << 40, 1 << 30, 1 << 24);
  }

  private static NetworkTask shows(NetworkTask task, Shows shows) {
    return new NetworkTask(task.network(), task.input(), shows, 1L << 40, 1 << 30, 1 << 24);
  }

  private static int products(Network network) {
    return (int) network.operators().stream().filter(Operator.Product.class::isInstance).count();
  }

  private static Outcome outcome(NetworkTask task, byte[] output) {
    return new Outcome(
        Outcome.Status.FINISHED, 0, task.ending().fuelUsed(), Digest.of(output), output.length);
  }
}
