package xyz.openledger.verification.comparator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Tolerance;
import xyz.openledger.protocol.tensors.NumberType;
import xyz.openledger.protocol.tensors.Tensor;
import xyz.openledger.protocol.tensors.Tensors;

class ComparatorTest {
  private static final Comparator ULPS = new Comparator(Tolerance.ulps(4));
  private static final Comparator RELATIVE = new Comparator(Tolerance.relative(100));
  private static final Comparator TOP = new Comparator(Tolerance.top(2));

  private static byte[] floats(float... values) {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static float steps(float from, int steps) {
    float value = from;
    for (int i = 0; i < Math.abs(steps); i++) {
      value = steps > 0 ? Math.nextUp(value) : Math.nextDown(value);
    }
    return value;
  }

  @Test
  void countsTheStepsBetweenFloatsAcrossZeroToo() {
    for (float from : new float[] {1, -1, 1e-30f, Float.MIN_VALUE, 0f, -0f, 3e38f}) {
      assertThat(ULPS.equal(floats(from), floats(steps(from, 4)))).as("%s + 4", from).isTrue();
      assertThat(ULPS.equal(floats(from), floats(steps(from, -4)))).as("%s - 4", from).isTrue();
      assertThat(ULPS.equal(floats(from), floats(steps(from, 5)))).as("%s + 5", from).isFalse();
      assertThat(ULPS.equal(floats(from), floats(steps(from, -5)))).as("%s - 5", from).isFalse();
    }
  }

  @Test
  void measuresADifferenceByTheLargerMagnitude() {
    assertThat(RELATIVE.equal(floats(10_000), floats(10_001))).isTrue();
    assertThat(RELATIVE.equal(floats(10_000), floats(10_002))).isFalse();
    assertThat(RELATIVE.equal(floats(1e-38f), floats(-1e-38f))).isFalse();
  }

  @Test
  void looksAtThePlacesOfTheLargestAndAtTheirOrder() {
    assertThat(TOP.equal(floats(5, 1, 4, 0), floats(5.5f, 0, 4.1f, 1))).isTrue();
    assertThat(TOP.equal(floats(5, 1, 4, 0), floats(4, 1, 5, 0))).isFalse();
    assertThat(TOP.equal(floats(5, 1, 4, 0), floats(5, 4, 1, 0))).isFalse();
  }

  @Test
  void neverTakesNonsenseForAResult() {
    for (Comparator comparator : new Comparator[] {ULPS, RELATIVE, TOP}) {
      assertThat(comparator.equal(floats(1, Float.NaN), floats(1, 2))).isFalse();
      assertThat(comparator.equal(floats(Float.MAX_VALUE), floats(Float.POSITIVE_INFINITY)))
          .isFalse();
      assertThat(comparator.equal(floats(1, 2), floats(1))).as("another length").isFalse();
      assertThat(comparator.equal(new byte[] {1, 2, 3}, new byte[] {1, 2, 4}))
          .as("no array of floats")
          .isFalse();
      assertThat(comparator.equal(floats(Float.NaN), floats(Float.NaN))).as("same bytes").isTrue();
    }
  }

  @Test
  void isSymmetric() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      byte[] left = floats(Float.intBitsToFloat(random.nextInt()), random.nextInt(4));
      byte[] right = left.clone();
      right[random.nextInt(right.length)] ^= (byte) (1 << random.nextInt(3));
      for (Comparator comparator : new Comparator[] {ULPS, RELATIVE, TOP}) {
        assertThat(comparator.equal(left, right)).isEqualTo(comparator.equal(right, left));
      }
    }
  }

  private static byte[] tensors(float last, long whole, float... values) {
    float[] all = Arrays.copyOf(values, values.length + 1);
    all[values.length] = last;
    var number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(whole);
    return Tensors.write(
        List.of(
            Tensor.floats("y", List.of((long) all.length), all),
            new Tensor("n", NumberType.I64, List.of(1L), number.array())));
  }

  @Test
  void tensorsAreComparedByWhatTheyAre() {
    byte[] one = tensors(1, 7, 3, 2);

    assertThat(ULPS.equal(one, tensors(steps(1, 4), 7, 3, 2))).isTrue();
    assertThat(ULPS.equal(one, tensors(steps(1, 5), 7, 3, 2))).isFalse();
    // A whole number is right or wrong, however near its bits are as floats.
    assertThat(ULPS.equal(one, tensors(1, 8, 3, 2))).isFalse();
    assertThat(TOP.equal(one, tensors(0.5f, 7, 30, 20))).isTrue();
    assertThat(TOP.equal(one, tensors(2.5f, 7, 3, 2))).isFalse();
    assertThat(ULPS.equal(tensors(Float.NaN, 7), tensors(Float.NaN, 7))).isTrue();
    assertThat(ULPS.equal(tensors(Float.NaN, 7), tensors(1, 7))).isFalse();
  }

  @Test
  void tensorsOfAnotherShapeAreOtherTensors() {
    byte[] flat = Tensors.write(List.of(Tensor.floats("y", List.of(1L, 4L), 1, 2, 3, 4)));
    byte[] square = Tensors.write(List.of(Tensor.floats("y", List.of(2L, 2L), 1, 2, 3, 4)));

    assertThat(flat).hasSameSizeAs(square);
    assertThat(ULPS.equal(flat, square)).isFalse();
  }

  @Test
  void whatOnlyBeginsLikeTensorsEqualsItselfAlone() {
    byte[] broken = tensors(1, 7, 3, 2);
    broken[12] = 'x';
    byte[] other = broken.clone();
    other[other.length - 9] ^= 1;

    assertThat(ULPS.equal(broken, broken.clone())).isTrue();
    assertThat(ULPS.equal(broken, other)).isFalse();
  }
}
