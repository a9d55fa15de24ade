package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.nativekernels.strict.StrictKernels;

/**
 * Gradients beside PyTorch's, which share no code with ours: {@code -Ppytorch -Dpytorch=true}
 * fetches it (some 110 MB). Ours are sums in fp32, PyTorch's here in double, so they agree to a
 * tolerance: of each parameter, the length of the difference over the length of the gradient.
 */
@EnabledIfSystemProperty(named = "pytorch", matches = "true")
class PyTorchGradientTest {
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @CsvSource({
    "llama, true, 0, true",
    "llama, true, 0, false",
    "llama, false, 7, true",
    "llama, false, 7, false",
    "qwen2, true, 0, true",
    "qwen2, true, 0, false",
    "qwen3, true, 0, true",
    "qwen3, true, 0, false"
  })
  void theGradientIsPyTorchs(String family, boolean tied, int window, boolean adapted) {
    check(StrictKernels.best(), config(family, tied, window), adapted);
  }

  @Test
  void aForgottenRootOfTheHeadSizeIsNoticed() {
    assertThatThrownBy(
            () ->
                check(PlantedKernels.unscaledAttentionGradient(), config("llama", true, 0), false))
        .isInstanceOf(AssertionError.class);
  }

  private static ModelConfig config(String family, boolean tied, int window) {
    boolean qwen3 = family.equals("qwen3");
    return new ModelConfig(
        family,
        160,
        64,
        96,
        3,
        4,
        2,
        qwen3 ? 24 : 16,
        64,
        window,
        10_000,
        Optional.empty(),
        1e-5,
        qwen3,
        family.equals("qwen2"),
        tied,
        List.of(0));
  }

  private static void check(StrictKernels kernels, ModelConfig config, boolean adapted) {
    var shape = new AdapterShape(8, 16, EnumSet.allOf(Projection.class));
    try (Arena arena = Arena.ofConfined();
        var workers = new Workers(1)) {
      Weights weights =
          adapted ? Drawn.adapted(config, shape, 7, arena) : Drawn.model(config, 7, arena);
      soften(weights.model());
      weights.adapter().ifPresent(adapter -> soften(adapter.parameters()));
      List<Sample> samples = Drawn.samples(config, 11, 33, 48, 2);
      try (var sum = new GradientSum(kernels, workers, weights, 64);
          var torch = new TorchModel(weights)) {
        GradientSum.Result ours = sum.of(samples);
        assertThat(ours.loss()).isCloseTo(torch.learn(samples), within(1e-5));
        for (Layout.Parameter parameter : weights.trained().layout().parameters()) {
          assertThat(
                  distance(
                      ours.gradient().of(parameter).toArray(JAVA_FLOAT),
                      torch.gradient(parameter.name())))
              .as(parameter.name())
              .isLessThan(TOLERANCE);
        }
      }
    }
  }

  /** Matrices as large as trained ones are: attention that is all or nothing tells of rounding. */
  private static void soften(Parameters parameters) {
    for (Layout.Parameter parameter : parameters.layout().parameters()) {
      MemorySegment values = parameters.of(parameter);
      for (long i = 0; i < parameter.count() && !parameter.isVector(); i++) {
        values.setAtIndex(JAVA_FLOAT, i, values.getAtIndex(JAVA_FLOAT, i) * 0.25f);
      }
    }
  }

  private static double distance(float[] found, double[] expected) {
    double apart = 0;
    double length = 0;
    for (int i = 0; i < found.length; i++) {
      apart += (found[i] - expected[i]) * (found[i] - expected[i]);
      length += expected[i] * expected[i];
    }
    assertThat(length).isPositive();
    return Math.sqrt(apart / length);
  }
}
