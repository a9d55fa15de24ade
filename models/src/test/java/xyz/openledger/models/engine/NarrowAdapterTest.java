package xyz.openledger.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.files.TensorFiles;
import xyz.openledger.models.files.TensorFiles.Weights;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/** An adapter whose numbers bf16 holds exactly is kept as bf16, and answers as if it were not. */
class NarrowAdapterTest {
  private static final TinyModel TINY = TinyModel.of("llama", 5);
  private static final int RANK = 8;

  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private Model model;

  @BeforeEach
  void open() throws IOException {
    model =
        Model.open(TINY.write(folder.resolve("base"), TensorType.F32), StrictKernels.best(), true);
  }

  @AfterEach
  void close() {
    model.close();
    arena.close();
  }

  @Test
  void takesHalfTheMemory() throws IOException {
    assertThat(used(written("narrow", TensorType.BF16, narrow())))
        .isEqualTo(used(written("wide", TensorType.F32, weights())) / 2);
  }

  @Test
  void isKeptNarrowWhereItsFileIsWide() throws IOException {
    assertThat(used(written("exact", TensorType.F32, narrow())))
        .isEqualTo(used(written("narrow", TensorType.BF16, narrow())));
  }

  @Test
  void isKeptWideWhereOneNumberIsNot() throws IOException {
    var almost = narrow();
    float[] last = almost.lastEntry().getValue().values();
    last[last.length - 1] = Math.nextUp(last[last.length - 1]);

    assertThat(used(written("almost", TensorType.F32, almost)))
        .isEqualTo(used(written("wide", TensorType.F32, weights())));
  }

  @Test
  void answersWithTheBitsOfTheSameNumbersKeptWide() throws IOException {
    // What is multiplied by zeros says nothing, and keeps all the rest of its adapter wide.
    var wide = narrow();
    TinyAdapter.of(TINY, RANK, 9)
        .withTargets("k_proj")
        .weights()
        .forEach((name, drawn) -> wide.put(name, name.endsWith("B.weight") ? zeros(drawn) : drawn));
    Path keptNarrow = written("narrow", TensorType.BF16, narrow());
    Path keptWide = written("wide", TensorType.F32, wide);

    assertThat(used(keptWide)).isGreaterThan(2 * used(keptNarrow));
    assertThat(digest(keptNarrow)).isEqualTo(digest(keptWide));
    // Whoever cut numbers to make them fit would be seen.
    assertThat(digest(keptNarrow))
        .isNotEqualTo(digest(written("uncut", TensorType.F32, weights())));
  }

  private static Weights zeros(Weights like) {
    return new Weights(like.shape(), new float[like.values().length]);
  }

  private static Map<String, Weights> weights() {
    return TinyAdapter.of(TINY, RANK, 1).weights();
  }

  /** The same, cut to what bf16 holds. */
  private static LinkedHashMap<String, Weights> narrow() {
    var cut = new LinkedHashMap<>(weights());
    for (Weights one : cut.values()) {
      for (int i = 0; i < one.values().length; i++) {
        int bits = Float.floatToRawIntBits(one.values()[i]);
        one.values()[i] = Float.intBitsToFloat(bits & 0xffff_0000);
      }
    }
    return cut;
  }

  private Path written(String name, TensorType type, Map<String, Weights> weights)
      throws IOException {
    Path to = Files.createDirectories(folder.resolve(name));
    Files.writeString(to.resolve("adapter_config.json"), TinyAdapter.of(TINY, RANK, 1).config());
    Files.write(to.resolve("adapter_model.safetensors"), TensorFiles.safetensors(weights, type));
    return to;
  }

  private AdapterStore store() throws IOException {
    return new AdapterStore(
        model.config(), StrictKernels.best(), folder.resolve("store"), new Slab(1 << 20, arena));
  }

  private long used(Path adapter) throws IOException {
    AdapterStore store = store();
    try (var _ = store.acquire(store.add(adapter)).orElseThrow()) {
      return store.figures().usedBytes();
    }
  }

  private Digest digest(Path adapter) throws IOException {
    AdapterStore store = store();
    var request =
        InferenceRequest.of("ada", "A question", 12).withAdapter(store.add(adapter).toString());
    try (var engine =
        InferenceEngine.start(
            model, store, StrictKernels.best(), new EngineSettings(64, 16, 512, 160, 1))) {
      return engine.submit(request).result().join().digest();
    }
  }
}
