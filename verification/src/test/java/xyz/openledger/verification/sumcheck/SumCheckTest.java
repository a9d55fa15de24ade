package xyz.openledger.verification.sumcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.Tensor;

class SumCheckTest {
  /** A transcript of nine rows takes some microseconds. */
  private static final int TRANSCRIPTS = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;

  private static final int MUTATIONS = Boolean.getBoolean("thorough") ? 100_000 : 10_000;

  private static ProductStatement drawn(SplittableRandom random, int rows, int inner, int columns) {
    byte[] a = new byte[rows * inner];
    byte[] b = new byte[inner * columns];
    random.nextBytes(a);
    random.nextBytes(b);
    var product = new Operator.Product(Operator.INPUT, columns, b);
    int[] c = NetworkRun.product(product, new Tensor.Int8(rows, inner, a), () -> {}).elements();
    return new ProductStatement(rows, inner, columns, a, b, c);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "1,2,1", "3,5,7", "16,16,16", "33,64,10", "100,257,30", "512,512,512"})
  void provesAProductInTwentyFourBytesForEachDoubling(int rows, int inner, int columns) {
    ProductStatement statement = drawn(new SplittableRandom(rows), rows, inner, columns);
    byte[] proof = SumCheck.prove(statement);
    assertThat(proof).hasSize(24 * (int) Math.ceil(Math.log(inner) / Math.log(2)));
    assertThat(SumCheck.verify(statement, proof)).isTrue();
  }

  @Test
  void refusesEveryWrongProduct() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < MUTATIONS / 20; i++) {
      ProductStatement truth =
          drawn(random, random.nextInt(1, 12), random.nextInt(1, 12), random.nextInt(1, 12));
      int[] c = truth.c().clone();
      c[random.nextInt(c.length)] ^= 1 << random.nextInt(32);
      var wrong =
          new ProductStatement(
              truth.rows(), truth.inner(), truth.columns(), truth.a(), truth.b(), c);
      assertThat(SumCheck.verify(wrong, SumCheck.prove(wrong))).isFalse();
      assertThat(SumCheck.verify(wrong, SumCheck.prove(truth))).isFalse();
    }
  }

  @Test
  void refusesEveryMutatedTranscript() {
    var random = new SplittableRandom(8);
    ProductStatement statement = drawn(random, 9, 32, 5);
    byte[] proof = SumCheck.prove(statement);
    int accepted = 0;
    for (int i = 0; i < TRANSCRIPTS; i++) {
      if (SumCheck.verify(statement, mutated(proof, random))) {
        accepted++;
      }
    }
    assertThat(accepted).isZero();
  }

  /** Flips bits, moves elements by one so that sums stay, swaps rounds, cuts and adds. */
  private static byte[] mutated(byte[] proof, SplittableRandom random) {
    byte[] bytes = proof.clone();
    int round = random.nextInt(proof.length / SumCheck.ROUND_BYTES) * SumCheck.ROUND_BYTES;
    switch (random.nextInt(5)) {
      case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        var view = ByteBuffer.wrap(bytes);
        long by = random.nextLong(1, 1 << 20);
        view.putLong(round, Math.floorMod(view.getLong(round) + by, (1L << 61) - 1));
        view.putLong(round + 8, Math.floorMod(view.getLong(round + 8) - by, (1L << 61) - 1));
      }
      case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 30));
      default -> random.nextBytes(bytes);
    }
    return bytes;
  }
}
