package xyz.openledger.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

class SameBitsTest {
  private static final Settings SETTINGS = new Settings(6, 4, 1e-2f, 2, 0.05f, 0.5f, 5);

  @Test
  void threadsLeaveNoTrace() {
    assertThat(trained(StrictKernels.best(), true, 2, 64))
        .isEqualTo(trained(StrictKernels.best(), true, 1, 64));
    assertThat(trained(StrictKernels.best(), false, 2, 64))
        .isEqualTo(trained(StrictKernels.best(), false, 1, 64));
  }

  @Test
  void howManySamplesAreInMemoryLeavesNoTrace() {
    assertThat(trained(StrictKernels.best(), true, 1, 10))
        .isEqualTo(trained(StrictKernels.best(), true, 1, 64));
    assertThat(trained(StrictKernels.best(), false, 1, 10))
        .isEqualTo(trained(StrictKernels.best(), false, 1, 64));
  }

  @Test
  void whatComputesLeavesNoTrace() {
    assertThat(trained(StrictKernels.best(), true, 1, 64))
        .isEqualTo(trained(StrictKernels.java(), true, 1, 64));
    assertThat(trained(StrictKernels.best(), false, 1, 64))
        .isEqualTo(trained(StrictKernels.java(), false, 1, 64));
  }

  @Test
  void anotherOrderOfSumsIsNoticed() {
    assertThat(trained(PlantedKernels.reassociated(), true, 1, 64))
        .isNotEqualTo(trained(StrictKernels.java(), true, 1, 64));
  }

  @Test
  void anotherSeedIsAnotherModel() {
    var other = new Settings(6, 4, 1e-2f, 2, 0.05f, 0.5f, 6);
    assertThat(trained(StrictKernels.java(), true, 1, 64, other))
        .isNotEqualTo(trained(StrictKernels.java(), true, 1, 64, SETTINGS));
  }

  private static Digest trained(StrictKernels kernels, boolean adapted, int threads, int rows) {
    return trained(kernels, adapted, threads, rows, SETTINGS);
  }

  private static Digest trained(
      StrictKernels kernels, boolean adapted, int threads, int rows, Settings settings) {
    ModelConfig config = Drawn.config(true, 0);
    List<Sample> samples = Drawn.samples(config, 3, 9, 4, 7, 10, 3, 8);
    try (Arena arena = Arena.ofShared();
        var workers = new Workers(threads)) {
      Weights weights = adapted ? Drawn.adapted(config, 7, arena) : Drawn.model(config, 7, arena);
      TrainingState state = TrainingState.before(weights.trained(), arena);
      try (var trainer = new Trainer(kernels, workers, weights, samples, settings, state, rows)) {
        while (trainer.state().step() < settings.steps()) {
          trainer.step();
        }
        return trainer.state().weights().digest();
      }
    }
  }
}
