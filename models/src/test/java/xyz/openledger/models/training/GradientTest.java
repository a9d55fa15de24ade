package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.nativekernels.strict.StrictKernels;

class GradientTest {
  private static final double STEP = 1e-5;

  @Test
  void aModelsGradientIsThatOfDifferencesInDouble() {
    check(false, true, 0);
    check(false, false, 0);
  }

  @Test
  void anAdaptersGradientIsThatOfDifferencesInDouble() {
    check(true, true, 0);
  }

  @Test
  void aWindowOfAttentionHasItsGradientToo() {
    check(true, true, 3);
    check(false, true, 3);
  }

  private static void check(boolean adapted, boolean tied, int window) {
    ModelConfig config = Drawn.config(tied, window);
    try (Arena arena = Arena.ofConfined();
        var workers = new Workers(1)) {
      Weights weights =
          adapted ? Drawn.adapted(config, 7, arena) : Drawn.model(config, 7, arena);
      List<Sample> samples = Drawn.samples(config, 11, 5, 9, 2);
      try (var sum = new GradientSum(StrictKernels.best(), workers, weights, 16)) {
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
