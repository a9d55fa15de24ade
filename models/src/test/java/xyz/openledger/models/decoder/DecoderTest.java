package xyz.openledger.models.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;

class DecoderTest {
  private static final int PAGES = 128;
  private static final String TEXT =
      "The pool of ada answers bob, and nobody else hears it. 0123456789!";

  @TempDir private static Path folder;

  private final Arena arena = Arena.ofShared();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    arena.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "qwen2", "qwen3"})
  void saysWhatASecondForwardInDoubleSays(String family) throws IOException {
    var tiny = TinyModel.of(family, 7);

    agrees(tiny, model(tiny, TensorType.F32));
  }

  @Test
  void addsWhatAnAdapterSays() throws IOException {
    var tiny = TinyModel.of("qwen2", 29);
    Model model = model(tiny, TensorType.F32);
    var store =
        new AdapterStore(
            model.config(),
            StrictKernels.best(),
            Files.createTempDirectory(folder, "store"),
            new Slab(1 << 18, arena));
    var adapter =
        TinyAdapter.of(tiny, 5, 3)
            .withTargets(
                "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
    var digest = store.add(adapter.write(Files.createTempDirectory(folder, "adapter")));
    try (var lease = store.acquire(digest).orElseThrow()) {
      agrees(
          new DoubleForward(tiny, adapter.weights(), adapter.scale()),
          model,
          store.memory(),
          lease.adapter());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16"})
  void readsEveryTypeOfWeights(TensorType type) throws IOException {
    var tiny = TinyModel.of("llama", 11);

    agrees(tiny, model(tiny, type));
  }

  @Test
  void forgetsWhatSlidOutOfTheWindow() throws IOException {
    var tiny = TinyModel.of("mistral", 13).withWindow(24);

    agrees(tiny, model(tiny, TensorType.F32));
  }

  @Test
  void answersFromGgufWithTheSameBits() throws IOException {
    for (String family : List.of("llama", "qwen2", "qwen3")) {
      var tiny = TinyModel.of(family, 17);
      Model published = model(tiny, TensorType.F32);
      Path file = tiny.writeGguf(Files.createTempDirectory(folder, "gguf"), TensorType.F32);
      Model converted = keep(Model.open(file, StrictKernels.best(), true));

      assertThat(converted.weights().digest()).isEqualTo(published.weights().digest());
      assertThat(alone(decoder(converted, 1), TinyModel.tokensOf(TEXT), 100))
          .isEqualTo(alone(decoder(published, 1), TinyModel.tokensOf(TEXT), 100));
      assertThat(
              converted
                  .weights()
                  .layers()
                  .getFirst()
                  .matrix(Projection.QUERY)
                  .plain()
                  .mismatch(
                      published.weights().layers().getFirst().matrix(Projection.QUERY).plain()))
          .isEqualTo(-1);
    }
  }

  @Test
  void givesTheSameBitsHoweverAPromptIsCut() throws IOException {
    Model model = model(TinyModel.of("qwen3", 19), TensorType.BF16);
    int[] tokens = TinyModel.tokensOf(TEXT);
    float[] whole = alone(decoder(model, 1), tokens, tokens.length);

    for (int chunk : new int[] {1, 2, 3, 16, 17, 33}) {
      assertThat(alone(decoder(model, 2), tokens, chunk)).as("chunks of " + chunk).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesTheSameBitsAloneAndInAnyBatch(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    Model model = model(TinyModel.of("llama", 23), TensorType.F32);
    int count = random.nextInt(2, 9);
    var prompts = new ArrayList<int[]>();
    for (int i = 0; i < count; i++) {
      prompts.add(
          IntStream.generate(() -> random.nextInt(256)).limit(random.nextInt(1, 60)).toArray());
    }
    List<float[]> expected =
        prompts.stream().map(prompt -> alone(decoder(model, 1), prompt, 100)).toList();

    Decoder together = decoder(model, 1 + (int) (seed % 2));
    int[] done = new int[count];
    var answers = new float[count][];
    while (Arrays.stream(answers).anyMatch(java.util.Objects::isNull)) {
      var batch = new ArrayList<Rows>();
      var whose = new ArrayList<Integer>();
      int left = 64;
      for (int i = 0; i < count; i++) {
        int remaining = prompts.get(i).length - done[i];
        int take = Math.min(Math.min(remaining, left), random.nextInt(0, 20));
        if (take > 0) {
          boolean last = take == remaining;
          batch.add(rows(prompts.get(i), done[i], take, i, last));
          done[i] += take;
          left -= take;
          if (last) {
            whose.add(i);
          }
        }
      }
      if (batch.isEmpty()) {
        continue;
      }
      MemorySegment logits = together.step(batch);
      for (int i = 0; i < whose.size(); i++) {
        answers[whose.get(i)] = together.logits(logits, i).toArray(ValueLayout.JAVA_FLOAT);
      }
    }
    for (int i = 0; i < count; i++) {
      assertThat(answers[i]).as("prompt " + i).isEqualTo(expected.get(i));
    }
  }

  @Test
  void refusesWeightsOfAnotherShape() throws IOException {
    Path wrong =
        TinyModel.of("llama", 1).write(Files.createTempDirectory(folder, "wrong"), TensorType.F32);
    Path config = wrong.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config).replace("\"intermediate_size\": 80", "\"intermediate_size\": 81"));

    assertThatThrownBy(() -> Model.open(wrong, StrictKernels.best(), false))
        .hasMessageContaining("model.layers.0.mlp.gate_proj.weight")
        .hasMessageContaining("has the shape [80, 48]");
  }

  @Test
  void refusesATokenizerThatNamesTokensBeyondTheVocabulary() throws IOException {
    Path wrong =
        TinyModel.of("llama", 1).write(Files.createTempDirectory(folder, "wrong"), TensorType.F32);
    Path tokenizer = wrong.resolve("tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"a\":97", "\"a\":259"));

    assertThatThrownBy(() -> Model.open(wrong, StrictKernels.best(), false))
        .hasMessageContaining("gives 'a' the number 259")
        .hasMessageContaining("knows 259 tokens");
  }

  private static void agrees(TinyModel tiny, Model model) {
    try (Arena arena = Arena.ofConfined()) {
      agrees(new DoubleForward(tiny), model, arena.allocate(8), null);
    }
  }

  private static void agrees(
      DoubleForward second, Model model, MemorySegment slab, @Nullable LoadedAdapter adapter) {
    int[] tokens = TinyModel.tokensOf(TEXT);
    double[][] expected = second.logits(tokens);
    try (Arena arena = Arena.ofShared()) {
      var cache = new KvCache(model.config(), PAGES, arena);
      try (var decoder =
          new Decoder(model.weights(), StrictKernels.best(), cache, slab, 96, 1, arena)) {
        for (int t = 0; t < tokens.length; t++) {
          Rows rows = rows(tokens, t, 1, 0, true);
          MemorySegment logits =
              decoder.step(
                  List.of(new Rows(rows.tokens(), rows.position(), rows.pages(), adapter, true)));
          double furthest = 0;
          for (int i = 0; i < expected[t].length; i++) {
            furthest = Math.max(furthest, Math.abs(Decoder.at(logits, i) - expected[t][i]));
          }
          assertThat(furthest).as("furthest logit of token %d", t).isLessThan(2e-4);
        }
      }
    }
  }

  private float[] alone(Decoder decoder, int[] tokens, int chunk) {
    MemorySegment logits = MemorySegment.NULL;
    for (int at = 0; at < tokens.length; at += chunk) {
      int length = Math.min(chunk, tokens.length - at);
      logits = decoder.step(List.of(rows(tokens, at, length, 3, at + length == tokens.length)));
    }
    return logits.toArray(ValueLayout.JAVA_FLOAT);
  }

  private static Rows rows(int[] tokens, int from, int length, int sequence, boolean logits) {
    // Pages of a sequence lie scattered.
    int[] pages = IntStream.range(0, 8).map(i -> (sequence * 8 + i) * 37 % PAGES).toArray();
    return new Rows(Arrays.copyOfRange(tokens, from, from + length), from, pages, null, logits);
  }

  private Decoder decoder(Model model, int lanes) {
    var cache = new KvCache(model.config(), PAGES, arena);
    return keep(
        new Decoder(
            model.weights(), StrictKernels.best(), cache, arena.allocate(8), 96, lanes, arena));
  }

  private Model model(TinyModel tiny, TensorType type) throws IOException {
    Path written = tiny.write(Files.createTempDirectory(folder, tiny.family()), type);
    return keep(Model.open(written, StrictKernels.best(), true));
  }

  private <T extends AutoCloseable> T keep(T one) {
    open.add(one);
    return one;
  }
}
