package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import xyz.openledger.nativekernels.strict.StrictRows.Function;

/** The kernels mean what their names say: the reference beside plain arithmetic in double. */
class StrictMeaningTest {
  private final StrictKernels kernels = StrictKernels.java();

  @Test
  void functionsLieWithinThreeUnitsOfTheTruth() {
    near(Function.EXP, -87, 88, Math::exp);
    near(Function.TANH, -9, 9, Math::tanh);
    near(Function.SIGMOID, -80, 80, x -> 1 / (1 + Math.exp(-x)));
    near(Function.LOG, 1e-38, 1e38, Math::log);
    near(Function.LOG, 0.5, 2, Math::log);
  }

  @Test
  void sineAndCosineHoldOverLongContexts() {
    var drawn = new Drawn(3, false);
    for (int i = 0; i < 20_000; i++) {
      float x = (float) (drawn.random.nextDouble() * 131_072);
      assertThat(one(Function.SINE, x)).isEqualTo((float) Math.sin(x), within(2e-7f));
      assertThat(one(Function.COSINE, x)).isEqualTo((float) Math.cos(x), within(2e-7f));
    }
  }

  @Test
  void functionsKnowTheirEdges() {
    assertThat(one(Function.EXP, Float.POSITIVE_INFINITY)).isInfinite();
    assertThat(one(Function.EXP, Float.NEGATIVE_INFINITY)).isZero();
    assertThat(one(Function.EXP, -103f)).isEqualTo(Float.MIN_VALUE);
    assertThat(one(Function.EXP, Float.NaN)).isNaN();
    assertThat(one(Function.EXP, 0f)).isEqualTo(1f);
    assertThat(one(Function.TANH, Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
    assertThat(Float.floatToIntBits(one(Function.TANH, -0f))).isEqualTo(0x8000_0000);
    assertThat(one(Function.TANH, Float.NaN)).isNaN();
    assertThat(one(Function.LOG, 0f)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(one(Function.LOG, -1f)).isNaN();
    assertThat(one(Function.LOG, Float.MIN_VALUE)).isEqualTo((float) Math.log(Float.MIN_VALUE));
    assertThat(one(Function.LOG, Float.POSITIVE_INFINITY)).isInfinite();
  }

  @Test
  void aProductIsOneChainPerOutput() {
    var drawn = new Drawn(5, false);
    int inputs = 700;
    MemorySegment x = drawn.numbers(inputs);
    MemorySegment w = drawn.numbers(3L * inputs);
    MemorySegment y = Drawn.empty(3);

    kernels.linear(1, 3, inputs, x, inputs, WeightType.F32, w, inputs, y, 3, false);

    for (int j = 0; j < 3; j++) {
      float sum = 0;
      for (int p = 0; p < inputs; p++) {
        float weight = w.getAtIndex(JAVA_FLOAT, j * inputs + p);
        sum = Math.fma(x.getAtIndex(JAVA_FLOAT, p), weight, sum);
      }
      assertThat(y.getAtIndex(JAVA_FLOAT, j)).isEqualTo(sum);
    }
  }

  @Test
  void philoxIsThePublishedGenerator() {
    // From the known answers of its authors: all zeros, and all ones in counter and key.
    assertThat(Philox.first(0, 0, 0, 0)).isEqualTo(0x6627e8d5);
  }

  private void near(Function function, double least, double most, DoubleUnaryOperator truth) {
    var drawn = new Drawn(1, false);
    for (int i = 0; i < 20_000; i++) {
      float x = (float) (least + (most - least) * drawn.random.nextDouble());
      double right = truth.applyAsDouble(x);
      double unit = Math.max(Math.ulp((float) right), Math.ulp(Float.MIN_NORMAL));
      assertThat((double) one(function, x))
          .as("%s(%s)", function, x)
          .isEqualTo(right, within(3 * unit));
    }
  }

  private float one(Function function, float x) {
    MemorySegment value = Drawn.of(x);
    kernels.apply(function, 1, value, value);
    return value.getAtIndex(JAVA_FLOAT, 0);
  }
}
