package xyz.openledger.verification.toploc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ActivationProofTest {
  private static final int CHUNKS = Boolean.getBoolean("thorough") ? 500 : 25;
  private static final int VALUES = 32 * 512;

  private static float[] drawn(Random random) {
    float[] values = new float[VALUES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void goesThroughItsPoints() {
    var random = new Random(1);
    int[] x = random.ints(0, Polynomial.P).distinct().limit(128).toArray();
    int[] y = random.ints(128, 0, Polynomial.P).toArray();
    int[] coefficients = Polynomial.through(x, y);
    for (int i = 0; i < x.length; i++) {
      assertThat(Polynomial.at(coefficients, x[i])).isEqualTo(y[i]);
    }
    // By hand: 1 + 2X + 3X^2 at 0, 1, 2.
    assertThat(Polynomial.through(new int[] {0, 1, 2}, new int[] {1, 6, 17}))
        .containsExactly(1, 2, 3);
  }

  @Test
  void takesTwoHundredAndFiftyEightBytesAndComesBack() {
    ActivationProof proof = ActivationProof.of(drawn(new Random(2)));
    byte[] bytes = proof.bytes();
    assertThat(bytes).hasSize(258);
    assertThat(ActivationProof.read(bytes).bytes()).isEqualTo(bytes);
    assertThatThrownBy(() -> ActivationProof.read(new byte[257]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ActivationProof.read(new byte[258])).hasMessageContaining("modulus");
  }

  /** Drawn numbers in place of a model's: sums in another order differ in their last bits. */
  @Test
  void findsTheSameChunkNearAndAnotherFar() {
    var random = new Random(3);
    for (int i = 0; i < CHUNKS; i++) {
      float[] values = drawn(random);
      ActivationProof proof = ActivationProof.of(values);
      float[] again = values.clone();
      for (int j = 0; j < again.length; j++) {
        again[j] *= 1 + (float) (random.nextGaussian() * 1e-3);
      }
      assertThat(proof.likeness(values).exponents()).isEqualTo(128);
      assertThat(proof.likeness(again).near()).isTrue();
      assertThat(proof.likeness(drawn(random)).near()).isFalse();
    }
  }

  @Test
  void refusesWhatIsNoNumber() {
    float[] values = drawn(new Random(4));
    values[7] = Float.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> ActivationProof.of(values)).hasMessageContaining("not finite");
    values[7] = Float.MAX_VALUE;
    assertThatThrownBy(() -> ActivationProof.of(values)).hasMessageContaining("bfloat16");
  }
}
