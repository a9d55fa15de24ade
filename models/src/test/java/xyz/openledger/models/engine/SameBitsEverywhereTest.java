package xyz.openledger.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Canary;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.engine.InferenceRequest.Sampling;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.models.recipe.Conversation;
import xyz.openledger.models.recipe.DrawnAdapter;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/**
 * A question asked alone of the fastest kernels has the answer that all others give to it in a
 * batch: in Java and by each variant in C, by one thread or two, among 1 to 64.
 *
 * <p>{@code -Dthorough=true} asks 10,400 questions in batches of every size, {@code -Drun.model}
 * another model than a drawn one.
 */
class SameBitsEverywhereTest {
  private static final boolean THOROUGH = Boolean.getBoolean("thorough");
  private static final long SEED = Long.getLong("run.seed", 64);
  private static final int BATCH_MAX = 64;
  private static final int ADAPTERS = 16;
  private static final int TOKENS = 4;
  private static final Arena ARENA = Arena.ofShared();

  @TempDir private static Path folder;
  private static Model model;
  private static AdapterStore store;

  @BeforeAll
  static void open() throws IOException {
    String path = System.getProperty("run.model");
    Path read =
        path == null
            ? TinyModel.of("llama", 9).write(folder.resolve("base"), TensorType.F32)
            : Path.of(path);
    model = Model.open(read, StrictKernels.best(), true);
    store =
        new AdapterStore(
            model.config(),
            StrictKernels.best(),
            folder.resolve("store"),
            new Slab(8 << 20, ARENA));
    for (int i = 0; i < ADAPTERS; i++) {
      var type = i % 2 == 0 ? TensorType.BF16 : TensorType.F32;
      Path drawn = DrawnAdapter.write(folder.resolve("a" + i), model.config(), 1 + i % 9, i, type);
      store.name("adapter" + i, Canary.of(store.add(drawn)));
    }
  }

  @AfterAll
  static void close() {
    model.close();
    ARENA.close();
  }

  @Test
  void inEveryVariantByOneThreadOrTwoAmongOneToSixtyFour() {
    var random = new SplittableRandom(SEED);
    int questions = 0;
    for (int round = 0; round < (THOROUGH ? 5 : 2); round++) {
      for (int batch : batches()) {
        List<InferenceRequest> asked =
            IntStream.range(0, batch).mapToObj(_ -> draw(random)).toList();
        List<Digest> alone = answers(StrictKernels.best(), 1, 1, asked);
        int turn = round + batch;
        for (StrictKernels kernels : StrictKernels.all()) {
          int threads = 1 + turn++ % 2;
          assertThat(answers(kernels, threads, batch, asked))
              .as("%s, %d threads, %d at a time", kernels.name(), threads, batch)
              .isEqualTo(alone);
        }
        questions += batch;
      }
    }
    assertThat(questions).isEqualTo(THOROUGH ? 10_400 : 2 * 74);
  }

  @Test
  void aSumThatIsSplitInLargerBatchesIsSeen() {
    var random = new SplittableRandom(SEED);
    List<InferenceRequest> asked = IntStream.range(0, 12).mapToObj(_ -> draw(random)).toList();
    List<Digest> alone = answers(StrictKernels.best(), 1, 1, asked);
    // More rows than one prompt has.
    StrictKernels planted = SplitInBatches.kernels(32);

    assertThat(answers(planted, 1, 1, asked.subList(0, 3))).isEqualTo(alone.subList(0, 3));
    assertThat(answers(planted, 1, 12, asked)).isNotEqualTo(alone);
  }

  private static int[] batches() {
    return THOROUGH
        ? IntStream.rangeClosed(1, BATCH_MAX).toArray()
        : new int[] {1, 2, 7, BATCH_MAX};
  }

  private static InferenceRequest draw(SplittableRandom random) {
    int adapter = random.nextInt(ADAPTERS + 4);
    return new InferenceRequest(
            "ada",
            null,
            prompt("Is " + random.nextInt(1_000_000) + " odd?"),
            TOKENS,
            Sampling.GREEDY,
            List.of(),
            null)
        .withAdapter(adapter < ADAPTERS ? "adapter" + adapter : null)
        .withSampling(
            random.nextBoolean()
                ? Sampling.GREEDY
                : new Sampling(0.8f, random.nextInt(20), 0.9f, random.nextLong()));
  }

  /** A model that ships was taught to answer questions; a drawn one continues any text. */
  private static InferenceRequest.Prompt prompt(String question) {
    return System.getProperty("run.model") == null
        ? new InferenceRequest.Prompt.Text(question)
        : new InferenceRequest.Prompt.Tokens(
            Arrays.stream(new Conversation(model.tokenizer()).ask(question).tokens())
                .boxed()
                .toList());
  }

  /** So many at a time, all of which come before any is begun. */
  private static List<Digest> answers(
      StrictKernels kernels, int threads, int batch, List<InferenceRequest> asked) {
    var settings = new EngineSettings(2 * BATCH_MAX, batch, 128, 1_024, threads);
    var everyoneIsHere = new CountDownLatch(1);
    var together = new AtomicInteger();
    try (var engine = InferenceEngine.start(model, store, kernels, settings)) {
      engine.submit(InferenceRequest.of("ada", "first", 1), new Holding(everyoneIsHere));
      var answers = new ArrayList<Answer>();
      for (InferenceRequest request : asked) {
        answers.add(
            engine.submit(
                request,
                (_, _) -> together.accumulateAndGet(engine.figures().running(), Math::max)));
      }
      everyoneIsHere.countDown();
      List<InferenceResult> results =
          answers.stream()
              .map(one -> one.result().orTimeout(600, TimeUnit.SECONDS).join())
              .toList();
      // What ends early, at its first token at the earliest, may be gone before the last has begun.
      long whole =
          results.stream()
              .filter(result -> result.finishReason() == InferenceResult.FinishReason.LENGTH)
              .count();
      assertThat((long) together.get())
          .as("so many at the same time")
          .isBetween(Math.min(whole, batch), (long) batch);
      return results.stream().map(InferenceResult::digest).toList();
    }
  }

  /** Holds the engine up before its first step, whatever comes of it. */
  private record Holding(CountDownLatch latch) implements TokenListener {
    @Override
    public void onToken(int token, String text) {}

    @Override
    public boolean wantsState() {
      await(latch);
      return false;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
