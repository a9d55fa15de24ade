package xyz.openledger.verification.toploc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /**
   * What the thresholds of float32 rest on: activations off by a part {@code error} each, normally,
   * come to mantissas about 150 times that apart, since a step of bfloat16 is 2^-7 of a power of
   * two. So 0.5 stands for an error of 0.3 %, and a sum in another order is far below.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 1e-3, 2e-3, 1e-2, 2e-2})
  void liesAsFarApartAsTheErrorOfItsActivationsSays(double error) {
    var random = new java.util.SplittableRandom(11);
    double apart = 0;
    int near = 0;
    int chunks = 60;
    for (int i = 0; i < chunks; i++) {
      float[] said = new float[32 * 256];
      float[] again = new float[said.length];
      for (int j = 0; j < said.length; j++) {
        said[j] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        again[j] = (float) (said[j] * (1 + error * random.nextGaussian()));
      }
      var likeness = ActivationProof.of(said).likeness(again);
      apart += likeness.mantissaMean() / chunks;
      near += likeness.nearInFloat32() ? 1 : 0;
    }

    if (error <= 2e-3) {
      assertThat(apart).isBetween(110 * error, 190 * error);
      assertThat(near).isEqualTo(chunks);
    }
    if (error >= 1e-2) {
      assertThat(near).isZero();
    }
  }
}
