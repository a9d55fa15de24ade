package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.decoder.Decoder;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.decoder.Rows;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

class ServedAsTrainedTest {
  private static final int[] TOKENS = {256, 104, 101, 108, 108, 111, 32, 119, 111, 114, 108, 100};

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "qwen3"})
  void theServingDecoderComputesTheBitsThatTrainingSaw(String family) throws IOException {
    Path path = TinyModel.of(family, 5).write(folder.resolve("model"), TensorType.BF16);
    Path data = folder.resolve("data.jsonl");
    Files.writeString(data, "{\"prompt\": \"sun\", \"completion\": \" shines\"}");
    float[] trained;
    try (var tune =
        new FineTune(
            StrictKernels.best(),
            1,
            path,
            data,
            FineTuneTest.SHAPE,
            FineTuneTest.settings(5),
            false)) {
      TrainingState state = tune.run(tune.beginning(), 5, 0, folder.resolve("out"), _ -> {});
      tune.publish(state, folder.resolve("adapter"));
      try (GradientSum sum = tune.gradientsAt(state)) {
        trained = sum.logits(TOKENS);
      }
    }
    assertThat(served(path, true)).containsExactly(trained);
    assertThat(served(path, false)).isNotEqualTo(trained);
  }

  private float[] served(Path path, boolean adapted) throws IOException {
    try (Model model = Model.open(path, StrictKernels.best(), true);
        Arena arena = Arena.ofShared()) {
      var slab = new Slab(1 << 20, arena);
      var store =
          new AdapterStore(model.config(), StrictKernels.best(), folder.resolve("store"), slab);
      Digest digest = store.add(folder.resolve("adapter"));
      var cache = new KvCache(model.config(), 8, arena);
      try (AdapterStore.Lease lease = store.acquire(digest).orElseThrow();
          var decoder =
              new Decoder(
                  model.weights(), StrictKernels.best(), cache, store.memory(), 64, 1, arena)) {
        var rows =
            new Rows(
                TOKENS, 0, IntStream.range(0, 4).toArray(), adapted ? lease.adapter() : null, true);
        return decoder.logits(decoder.step(List.of(rows)), 0).toArray(JAVA_FLOAT);
      }
    }
  }
}
