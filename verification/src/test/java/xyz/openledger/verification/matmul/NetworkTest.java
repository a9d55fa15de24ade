package xyz.openledger.verification.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;

class NetworkTest {
  private static final int INPUTS = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;

  @Test
  void roundsHalvesUpAndCutsOff() {
    assertThat(Operator.Requantise.of(3, 1)).isEqualTo((byte) 2);
    assertThat(Operator.Requantise.of(-3, 1)).isEqualTo((byte) -1);
    assertThat(Operator.Requantise.of(-5, 1)).isEqualTo((byte) -2);
    assertThat(Operator.Requantise.of(7, 0)).isEqualTo((byte) 7);
    assertThat(Operator.Requantise.of(1000, 2)).isEqualTo((byte) 127);
    assertThat(Operator.Requantise.of(-1000, 2)).isEqualTo((byte) -128);
    assertThat(Operator.Requantise.of(Integer.MAX_VALUE, 31)).isEqualTo((byte) 1);
    assertThat(Operator.Requantise.of(Integer.MIN_VALUE, 31)).isEqualTo((byte) -1);
  }

  /**
   * By hand: (1 2) · ((1 -1 0) (2 0 3)) = (5 -1 6), + (1 1 -9) = (6 0 -3), relu, halves, largest.
   */
  @Test
  void computesWhatAPersonComputes() {
    var network =
        new Network(
            2,
            List.of(
                new Operator.Product(Operator.INPUT, 3, new byte[] {1, -1, 0, 2, 0, 3}),
                new Operator.Bias(0, new int[] {1, 1, -9}),
                new Operator.Relu(1),
                new Operator.Requantise(2, 1),
                new Operator.Sum(0, 1),
                new Operator.ArgMax(4)));
    var outputs = DrawnNetworks.run(network, new Tensor.Int8(1, 2, new byte[] {1, 2}));
    assertThat(outputs)
        .containsExactly(
            new Tensor.Int32(1, 3, new int[] {5, -1, 6}),
            new Tensor.Int32(1, 3, new int[] {6, 0, -3}),
            new Tensor.Int32(1, 3, new int[] {6, 0, 0}),
            new Tensor.Int8(1, 3, new byte[] {3, 0, 0}),
            new Tensor.Int32(1, 3, new int[] {11, -1, 3}),
            new Tensor.Int32(1, 1, new int[] {0}));
  }

  /** The bits of this network and its trace are what every release must give. */
  @Test
  void givesTheSameBitsInEveryRelease() {
    var random = new SplittableRandom(2026);
    Network network = DrawnNetworks.network(random, 50);
    byte[] input = DrawnNetworks.input(random, network, 33).elements();
    byte[] output = new NetworkTask(network, input, true, 1L << 40, 1 << 30, 1 << 24).run(() -> {});
    assertThat(List.of(Digest.of(NetworkBytes.write(network)).hex(), Digest.of(output).hex()))
        .containsExactly(
            "3c126d9c64c7c1a4e97091753e8faecfe02b0be233c19fb6ac6850c154e7a232",
            "5f9c7248a0383a872603c21e9917d700c5e028ec6649bee7f11000f27d8436a8");
  }

  @Test
  void readsWhatItWrites() {
    var random = new SplittableRandom(21);
    for (int i = 0; i < 300; i++) {
      Network network = DrawnNetworks.network(random, 30);
      byte[] bytes = NetworkBytes.write(network);
      assertThat(NetworkBytes.write(NetworkBytes.read(bytes))).isEqualTo(bytes);
      Tensor.Int8 input = DrawnNetworks.input(random, network, random.nextInt(1, 9));
      for (boolean trace : List.of(true, false)) {
        byte[] output =
            new NetworkTask(network, input.elements(), trace, 1L << 40, 1 << 30, 1 << 24)
                .run(() -> {});
        Cost cost = Cost.of(network, input.rows());
        assertThat(output).hasSize((int) (trace ? cost.traceBytes() : cost.resultBytes()));
        ResultBytes read = ResultBytes.read(network, input.rows(), output);
        assertThat(read.write(trace)).isEqualTo(output);
        assertThat(read.result()).isEqualTo(DrawnNetworks.run(network, input).getLast());
      }
    }
  }

  /** Whatever the bytes, there is an answer, and nothing is allocated that they do not pay for. */
  @Test
  void refusesWhatIsNoNetwork() {
    var random = new SplittableRandom(22);
    byte[] whole = NetworkBytes.write(DrawnNetworks.network(random, 12));
    Network network = NetworkBytes.read(whole);
    byte[] output =
        new NetworkTask(
                network,
                DrawnNetworks.input(random, network, 3).elements(),
                true,
                1L << 40,
                1 << 30,
                1 << 24)
            .run(() -> {});
    int read = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] bytes = mutated(i % 2 == 0 ? whole : output, random);
      try {
        if (i % 2 == 0) {
          assertThat(NetworkBytes.write(NetworkBytes.read(bytes))).isEqualTo(bytes);
        } else {
          ResultBytes.read(network, 3, bytes);
        }
        read++;
      } catch (NetworkRefusal refusal) {
        assertThat(refusal.byteOffset()).isBetween(0, bytes.length);
      }
    }
    assertThat(read).isBetween(1, INPUTS - 1);
  }

  /** Cuts, extends, flips, and puts edge numbers where counts and sizes stand. */
  private static byte[] mutated(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    for (int times = random.nextInt(1, 4); times > 0; times--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 9));
        case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> bytes[Math.min(at, 15)] = (byte) random.nextInt();
        case 4 -> {
          if (bytes.length >= 4) {
            int[] edges = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 65_536, 65_537};
            ByteBuffer.wrap(bytes)
                .putInt(random.nextInt(bytes.length - 3), edges[random.nextInt(edges.length)]);
          }
        }
        default -> bytes[at] = whole[Math.min(at, whole.length - 1)];
      }
    }
    return bytes;
  }

  @Test
  void knowsHowATaskEndsBeforeItRuns() {
    var network = new Network(4, List.of(new Operator.Product(Operator.INPUT, 3, new byte[12])));
    Cost cost = Cost.of(network, 5);
    assertThat(cost.fuel()).isEqualTo(5 * 4 * 3);
    assertThat(NetworkTask.ending(network, 5, Shows.TRACE, 60, 1 << 20, 1 << 20).fuelUsed())
        .isEqualTo(60);
    assertThat(NetworkTask.ending(network, 5, Shows.TRACE, 59, 1 << 20, 1 << 20).status().name())
        .isEqualTo("FUEL_EXHAUSTED");
    assertThat(
            NetworkTask.ending(network, 5, Shows.TRACE, 60, cost.memoryBytes() - 1, 1 << 20)
                .status())
        .isEqualTo(Outcome.Status.TRAPPED);
    assertThat(
            NetworkTask.ending(network, 5, Shows.TRACE, 60, 1 << 20, cost.traceBytes() - 1)
                .status())
        .isEqualTo(Outcome.Status.OUTPUT_EXCEEDED);
    assertThat(
            NetworkTask.ending(network, 5, Shows.RESULT, 60, 1 << 20, cost.resultBytes()).status())
        .isEqualTo(Outcome.Status.FINISHED);
    assertThat(NetworkTask.ending(network, 0, Shows.RESULT, 60, 1 << 20, 1 << 20).status())
        .isEqualTo(Outcome.Status.TRAPPED);
  }

  @Test
  void refusesOperatorsThatDoNotFit() {
    assertThatThrownBy(() -> new Network(2, List.of(new Operator.Bias(-1, new int[2]))))
        .hasMessageContaining("int32");
    assertThatThrownBy(() -> new Network(2, List.of(new Operator.Relu(0))))
        .hasMessageContaining("before its use");
    assertThatThrownBy(() -> new Network(2, List.of(new Operator.Product(-1, 2, new byte[3]))))
        .hasMessageContaining("weights");
  }
}
