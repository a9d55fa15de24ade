package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.nativekernels.strict.StrictKernels;

class GradientTest {
  private static final double STEP = 1e-5;

  @Test
  void aModelsGradientIsThatOfDifferencesInDouble() {
    check(StrictKernels.best(), false, true, 0);
    check(StrictKernels.java(), false, false, 0);
  }

  @Test
  void anAdaptersGradientIsThatOfDifferencesInDouble() {
    check(StrictKernels.best(), true, true, 0);
    check(StrictKernels.java(), true, true, 0);
  }

  @Test
  void aWindowOfAttentionHasItsGradientToo() {
    check(StrictKernels.best(), true, true, 3);
    check(StrictKernels.best(), false, true, 3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void biasesOfAttentionHaveTheirGradient(boolean adapted) {
    check(StrictKernels.best(), adapted, Drawn.biased());
    check(StrictKernels.java(), adapted, Drawn.biased());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void normsOfQueriesAndKeysHaveTheirGradient(boolean adapted) {
    check(StrictKernels.best(), adapted, Drawn.normed());
    check(StrictKernels.java(), adapted, Drawn.normed());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stretchedPositionsHaveTheirGradient(boolean adapted) {
    check(StrictKernels.best(), adapted, Drawn.stretched());
  }

  @Test
  void aForgottenRootOfTheHeadSizeIsNoticed() {
    assertThatThrownBy(() -> check(PlantedKernels.unscaledAttentionGradient(), false, true, 0))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void swappedMatricesOfAnAdapterAreNoticed() {
    assertThatThrownBy(() -> check(PlantedKernels.swappedLowRank(3), true, true, 0))
        .isInstanceOf(AssertionError.class);
  }

  private static void check(StrictKernels kernels, boolean adapted, boolean tied, int window) {
    check(kernels, adapted, Drawn.config(tied, window));
  }

  private static void check(StrictKernels kernels, boolean adapted, ModelConfig config) {
    try (Arena arena = Arena.ofConfined();
        var workers = new Workers(1)) {
      Weights weights = adapted ? Drawn.adapted(config, 7, arena) : Drawn.model(config, 7, arena);
      List<Sample> samples = Drawn.samples(config, 11, 5, 9, 2);
      try (var sum = new GradientSum(kernels, workers, weights, 16)) {
        GradientSum.Result result = sum.of(samples);
        var plain = new DoubleModel(weights);
        assertThat(result.loss()).isCloseTo(plain.loss(samples), within(1e-5));
        assertThat(sum.lossOf(samples)).isEqualTo(result.loss());
        for (Layout.Parameter parameter : weights.trained().layout().parameters()) {
          double[] values = plain.weight(parameter.name());
          for (int i = 0; i < values.length; i++) {
            double before = values[i];
            values[i] = before + STEP;
            double above = plain.loss(samples);
            values[i] = before - STEP;
            double below = plain.loss(samples);
            values[i] = before;
            double expected = (above - below) / (2 * STEP);
            float found = result.gradient().of(parameter).getAtIndex(JAVA_FLOAT, i);
            assertThat((double) found)
                .as("%s[%d]", parameter.name(), i)
                .isCloseTo(expected, within(2e-6 + 1e-4 * Math.abs(expected)));
          }
        }
      }
    }
  }
}
