package xyz.openledger.models.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.PoolingType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.decoder.Decoder;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.models.decoder.Rows;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;

/**
 * What llama.cpp reckons from the same file, which shares no code with us: {@code -Doracle=true}.
 * It sums in another order and keeps keys and values in 16 bits, so the numbers agree to a
 * tolerance. Its last release on Maven Central does not know qwen3.
 */
@EnabledIfSystemProperty(named = "oracle", matches = "true")
class LlamaCppTest {
  private static final String PROMPT = "The pool of ada answers bob, and nobody else";
  private static final double TOLERANCE = 1e-2;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2"})
  void saysTheSame(String family) throws Exception {
    var tiny = new TinyModel(family, 64, 96, 2, 4, 2, 16, 256, 0, !family.equals("llama"), 31);
    Path file = tiny.writeGguf(folder.resolve(family), TensorType.F32);
    float[] theirs;
    int[] tokens;
    try (var model =
        new LlamaModel(
            new ModelParameters()
                .setModel(file.toString())
                .setCtxSize(256)
                .setThreads(1)
                .enableEmbedding()
                .setPoolingType(PoolingType.LAST))) {
      tokens = model.encode(PROMPT);
      theirs = model.embed(PROMPT);
    }

    float[] ours = ours(file, tokens);

    assertThat(theirs).hasSameSizeAs(ours);
    double length = length(ours) / length(theirs);
    for (int i = 0; i < ours.length; i++) {
      assertThat(length * theirs[i]).as("number %d", i).isCloseTo(ours[i], within(TOLERANCE));
    }
  }

  /** What goes into the head behind the last token. */
  private static float[] ours(Path file, int[] tokens) throws Exception {
    try (Model model = Model.open(file, StrictKernels.best(), true);
        Arena arena = Arena.ofShared()) {
      var cache = new KvCache(model.config(), 16, arena);
      float[] last = new float[model.config().hiddenSize()];
      try (var decoder =
          new Decoder(
              model.weights(), StrictKernels.best(), cache, arena.allocate(8), 96, 1, arena)) {
        int[] pages = IntStream.range(0, 16).toArray();
        decoder.step(
            List.of(new Rows(tokens, 0, pages, null, true)),
            (layer, _, values) -> {
              if (layer == model.config().layers()) {
                MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, 0, last, 0, last.length);
              }
            });
      }
      return last;
    }
  }

  private static double length(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
