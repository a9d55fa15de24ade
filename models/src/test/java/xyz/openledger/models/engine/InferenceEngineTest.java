package xyz.openledger.models.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Canary;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.engine.InferenceRequest.Sampling;
import xyz.openledger.models.engine.InferenceResult.FinishReason;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;

class InferenceEngineTest {
  private static final TinyModel TINY = TinyModel.of("llama", 5);
  private static final int ADAPTERS = 12;
  private static final EngineSettings SETTINGS = new EngineSettings(64, 16, 512, 160, 1);

  @TempDir private static Path folder;
  private static final Arena ARENA = Arena.ofShared();
  private static Model model;
  private static AdapterStore store;

  private final List<InferenceEngine> engines = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    model =
        Model.open(TINY.write(folder.resolve("base"), TensorType.F32), StrictKernels.best(), true);
    store =
        new AdapterStore(
            model.config(),
            StrictKernels.best(),
            folder.resolve("store"),
            new Slab(1 << 20, ARENA));
    for (int i = 0; i < ADAPTERS; i++) {
      var adapter =
          TinyAdapter.of(TINY, 1 + i % 5 * 3, i)
              .withTargets(i % 2 == 0 ? new String[] {"q_proj", "v_proj"} : EVERYWHERE);
      // Both kinds in one batch.
      var type = i % 3 == 0 ? TensorType.BF16 : TensorType.F32;
      store.name("adapter" + i, Canary.of(store.add(adapter.write(folder.resolve("a" + i), type))));
    }
  }

  private static final String[] EVERYWHERE = {
    "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"
  };

  @AfterEach
  void closeEngines() {
    engines.forEach(InferenceEngine::close);
  }

  @AfterAll
  static void close() {
    model.close();
    ARENA.close();
  }

  /** Of 24 prompts each; {@code -Dthorough=true} takes ten thousand prompts. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 417 : 3);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void answersWithTheSameBitsAloneAndInAnyCrowd(long seed) {
    var random = new SplittableRandom(seed);
    var requests = IntStream.range(0, 24).mapToObj(_ -> draw(random)).toList();
    var alone = requests.stream().map(request -> done(engine(SETTINGS).submit(request))).toList();
    closeEngines();
    engines.clear();

    for (var settings :
        List.of(
            SETTINGS,
            new EngineSettings(8, 4, 512, 90, 2),
            new EngineSettings(96, 40, 512, 300, 2))) {
      var engine = engine(settings);
      var answers = requests.stream().map(engine::submit).toList();
      for (int i = 0; i < requests.size(); i++) {
        var together = done(answers.get(i));
        assertThat(together.digest())
            .as("request %d in %s", i, settings)
            .isEqualTo(alone.get(i).digest());
        assertThat(together.tokens()).isEqualTo(alone.get(i).tokens());
        assertThat(together.text()).isEqualTo(alone.get(i).text());
      }
    }
    assertThat(alone).extracting(InferenceResult::digest).doesNotHaveDuplicates();
  }

  private static InferenceRequest draw(SplittableRandom random) {
    // Many prompts begin alike, so that pages are shared.
    String common = "You are an assistant of the pool, and you answer briefly. ";
    String prompt =
        (random.nextInt(3) > 0 ? common : "") + "Question " + random.nextInt(1_000_000) + "?";
    var request = InferenceRequest.of("tenant" + random.nextInt(3), prompt, random.nextInt(1, 12));
    int adapter = random.nextInt(ADAPTERS + 4);
    return request
        .withAdapter(adapter < ADAPTERS ? "adapter" + adapter : null)
        .withSampling(
            random.nextBoolean()
                ? Sampling.GREEDY
                : new Sampling(0.8f, random.nextInt(20), 0.9f, random.nextLong()));
  }

  @Test
  void whoWaitsForTheRoomOfALargeAdapterIsOvertakenByWhoWantsNoneAlone() throws Exception {
    Path small = TinyAdapter.of(TINY, 1, 1).write(folder.resolve("small"));
    Path large = TinyAdapter.of(TINY, 16, 2).write(folder.resolve("large"));
    var one =
        new AdapterStore(
            model.config(),
            StrictKernels.best(),
            folder.resolve("one"),
            new Slab(AdapterStore.slabBytes(large, model.config()), ARENA));
    String smallName = one.add(small).toString();
    String largeName = one.add(large).toString();
    var begun = Collections.synchronizedList(new ArrayList<String>());
    var asked = new CountDownLatch(1);
    try (var engine = InferenceEngine.start(model, one, StrictKernels.best(), SETTINGS)) {
      var first =
          engine.submit(
              InferenceRequest.of("ada", "One", 8).withAdapter(smallName),
              (_, _) -> {
                begun.add("first");
                await(asked);
              });
      var second =
          engine.submit(
              InferenceRequest.of("bob", "Two", 2).withAdapter(largeName),
              (_, _) -> begun.add("large"));
      var third =
          engine.submit(
              InferenceRequest.of("cyd", "Three", 2).withAdapter(smallName),
              (_, _) -> begun.add("small"));
      var fourth =
          engine.submit(InferenceRequest.of("dan", "Four", 2), (_, _) -> begun.add("none"));
      asked.countDown();
      done(first);
      done(second);
      done(third);
      done(fourth);
    }
    assertThat(begun.stream().distinct().toList())
        .containsExactly("first", "none", "large", "small");
  }

  @Test
  void answersInJavaWithTheBitsOfTheFastestKernels() {
    var random = new SplittableRandom(8);
    try (var java = InferenceEngine.start(model, store, StrictKernels.java(), SETTINGS)) {
      for (int i = 0; i < 12; i++) {
        var request = draw(random);

        assertThat(done(java.submit(request)).digest())
            .isEqualTo(done(engine(SETTINGS).submit(request)).digest());
      }
    }
  }

  @Test
  void answersDifferentlyWithAnAdapter() {
    var engine = engine(SETTINGS);
    var request = InferenceRequest.of("ada", "hello", 4);
    var seen = new HashSet<>();
    seen.add(done(engine.submit(request)).digest());
    for (int i = 0; i < ADAPTERS; i++) {
      seen.add(done(engine.submit(request.withAdapter("adapter" + i))).digest());
    }

    assertThat(seen).hasSize(ADAPTERS + 1);
  }

  @Test
  void whatItHadWhenItBrokeHasFailedAndWasNotCancelled() {
    var engine = engine(SETTINGS);
    var broken = new OutOfMemoryError("planted");
    Answer answer =
        engine.submit(
            InferenceRequest.of("ada", "A begin", 3),
            new TokenListener() {
              @Override
              public boolean wantsState() {
                throw broken;
              }

              @Override
              public void onToken(int token, String text) {}
            });

    assertThat(answer.result())
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableThat()
        .withCause(broken);
    assertThat(engine.isClosed()).isTrue();
  }

  @Test
  void sharesThePagesOfACommonBeginWithinATenantAndNotBetweenTwo() {
    var engine = engine(SETTINGS);
    String common = "A long begin that everybody's prompt has, said once and computed once. ";
    var first = done(engine.submit(InferenceRequest.of("bob", common + "Ada?", 3)));
    var second = done(engine.submit(InferenceRequest.of("bob", common + "Bob?", 3)));
    var other =
        done(engine.submit(InferenceRequest.of("bob", common + "Bob?", 3).withAdapter("adapter1")));

    var stranger = done(engine.submit(InferenceRequest.of("mallory", common + "Bob?", 3)));

    assertThat(first.usage().sharedTokens()).isZero();
    // How soon an answer begins would tell her what he asked.
    assertThat(stranger.usage().sharedTokens()).isZero();
    assertThat(stranger.digest()).isEqualTo(second.digest());
    assertThat(second.usage().sharedTokens()).isEqualTo(64);
    // An adapter's keys and values are its own.
    assertThat(other.usage().sharedTokens()).isZero();
    assertThat(second.digest())
        .isEqualTo(
            done(engine(SETTINGS).submit(InferenceRequest.of("eve", common + "Bob?", 3))).digest());
  }

  @Test
  void streamsWhatItAnswers() {
    var streamed = new StringBuilder();
    var tokens = new ArrayList<Integer>();
    var listener =
        new TokenListener() {
          @Override
          public void onToken(int token, String text) {
            tokens.add(token);
            streamed.append(text);
          }

          @Override
          public void onRest(String text) {
            streamed.append(text);
          }
        };
    var request = InferenceRequest.of("ada", "stream", 60).withSampling(new Sampling(2f, 0, 1f, 9));

    var result = done(engine(SETTINGS).submit(request, listener));

    assertThat(tokens).isEqualTo(result.tokens());
    assertThat(streamed).hasToString(result.text());
  }

  @Test
  void endsBeforeAStopText() {
    var request = InferenceRequest.of("ada", "stop", 40).withSampling(new Sampling(2f, 0, 1f, 4));
    String whole = done(engine(SETTINGS).submit(request)).text();
    String stop = whole.substring(10, 13);

    var stopped = done(engine(SETTINGS).submit(request.withStop(stop, "never there")));

    assertThat(stopped.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void refusesWhatItCouldNeverAnswer() {
    var engine = engine(SETTINGS);

    assertThatThrownBy(() -> engine.submit(InferenceRequest.of("ada", "hi", 254)))
        .hasMessageContaining("max_tokens")
        .hasMessageContaining("the model's context is 256");
    assertThatThrownBy(() -> engine.submit(InferenceRequest.of("ada", "hi", 2).withAdapter("none")))
        .hasMessageContaining("there is none named none");
    assertThatThrownBy(
            () ->
                engine.submit(
                    new InferenceRequest(
                        "ada",
                        null,
                        new InferenceRequest.Prompt.Tokens(List.of(1, 259)),
                        2,
                        Sampling.GREEDY,
                        List.of(),
                        null)))
        .hasMessageContaining("259 is not in the vocabulary");
    assertThatThrownBy(() -> new Sampling(Float.NaN, 0, 1, 0)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> InferenceRequest.of("ada", "hi", 0))
        .hasMessageContaining("max_tokens");
  }

  @Test
  void takesTenThousandRequestsAtOnceWithinItsBounds() {
    var engine = engine(new EngineSettings(64, 32, 200, 160, 1));
    var everyoneIsHere = new CountDownLatch(1);
    var taken = new ArrayList<Answer>();
    // The first to be answered holds the engine up until all have come.
    taken.add(engine.submit(InferenceRequest.of("slow", "s", 1), (_, _) -> await(everyoneIsHere)));
    int refused = 0;
    for (int i = 1; i < 10_000; i++) {
      try {
        taken.add(engine.submit(InferenceRequest.of("tenant" + i % 7, "r" + i, 1)));
      } catch (OverloadedException full) {
        refused++;
        assertThat(full.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
      }
    }
    everyoneIsHere.countDown();

    // As many as wait, and as many as were let in before the engine stood still.
    assertThat(taken).hasSizeBetween(200, 200 + 32 + 1);
    taken.forEach(answer -> assertThat(done(answer).tokens()).hasSizeLessThanOrEqualTo(1));
    assertThat(taken.size() + refused).isEqualTo(10_000);
    awaitIdle(engine);
  }

  @Test
  void answersWhoAsksLittleBeforeWhoAskedAThousandTimes() {
    int flood = 1_000;
    var engine = engine(new EngineSettings(64, 8, 2_000, flood, 160, 1));
    var everyoneIsHere = new CountDownLatch(1);
    // Who comes first holds the engine up until all have come.
    var first = engine.submit(InferenceRequest.of("ada", "a", 1), (_, _) -> await(everyoneIsHere));
    var order = Collections.synchronizedList(new ArrayList<String>());
    var answers = new ArrayList<CompletableFuture<?>>();
    int refused = 0;
    for (int i = 0; i < flood + 100; i++) {
      try {
        var answer = engine.submit(InferenceRequest.of("ada", "a" + i, 2));
        answers.add(answer.result().thenRun(() -> order.add("ada")));
      } catch (OverloadedException full) {
        refused++;
      }
    }
    for (int i = 0; i < 5; i++) {
      var answer = engine.submit(InferenceRequest.of("bob", "b" + i, 2));
      answers.add(answer.result().thenRun(() -> order.add("bob")));
    }
    everyoneIsHere.countDown();
    answers.forEach(answer -> answer.orTimeout(120, TimeUnit.SECONDS).join());

    // Her thousandth and more found her places taken, and left room for his.
    assertThat(refused).isBetween(100 - 8, 100);
    // Those of hers that ran already, then turn by turn.
    assertThat(order.lastIndexOf("bob")).isLessThan(40);
    done(first);
  }

  @Test
  void freesThePagesOfWhatIsCancelledOrLate() {
    var engine = engine(SETTINGS);
    var begun = new CompletableFuture<Integer>();
    var cancelled =
        engine.submit(InferenceRequest.of("ada", "long", 200), (token, _) -> begun.complete(token));
    begun.join();
    cancelled.cancel();
    var late =
        engine.submit(InferenceRequest.of("bob", "late", 200).withPatience(Duration.ofNanos(1)));
    var gone =
        engine.submit(
            InferenceRequest.of("eve", "gone", 200),
            (token, _) -> {
              throw new IllegalStateException("the client disconnected");
            });

    assertThat(done(cancelled).finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(done(late).finishReason()).isEqualTo(FinishReason.DEADLINE);
    assertThat(done(gone).finishReason()).isEqualTo(FinishReason.CANCELLED);
    awaitIdle(engine);
  }

  @Test
  void endsWhatItHasWhenItCloses() {
    var engine = engine(SETTINGS);
    var answers =
        IntStream.range(0, 50)
            .mapToObj(i -> engine.submit(InferenceRequest.of("ada", "open " + i, 200)))
            .toList();
    engine.close();

    assertThat(answers).allMatch(answer -> answer.result().isDone());
    assertThatThrownBy(() -> engine.submit(InferenceRequest.of("ada", "late", 2)))
        .hasMessageContaining("closed");
    engines.clear();
  }

  @Test
  void servesAThousandAdaptersInOneProcess() throws IOException {
    int count = 1_000;
    try (Arena arena = Arena.ofShared()) {
      var many =
          new AdapterStore(
              model.config(),
              StrictKernels.best(),
              folder.resolve("many"),
              new Slab(64L << 20, arena));
      for (int i = 0; i < count; i++) {
        var adapter = TinyAdapter.of(TINY, 2, 1_000 + i).withTargets("v_proj");
        many.name("m" + i, Canary.of(many.add(adapter.write(folder.resolve("m/" + i)))));
      }
      try (var engine =
          InferenceEngine.start(
              model, many, StrictKernels.best(), new EngineSettings(64, 32, 1_024, 160, 1))) {
        var answers =
            IntStream.range(0, count)
                .mapToObj(
                    i -> engine.submit(InferenceRequest.of("ada", "a", 1).withAdapter("m" + i)))
                .toList();
        var digests = new HashSet<>();
        answers.forEach(answer -> digests.add(done(answer).digest()));

        assertThat(digests).hasSize(count);
        assertThat(many.figures().resident()).isEqualTo(count);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(120, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private static void awaitIdle(InferenceEngine engine) {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (engine.figures().pagesHeld() > 0 || engine.figures().running() > 0) {
      assertThat(System.nanoTime()).as("pages are free again").isLessThan(patience);
      Thread.onSpinWait();
    }
  }

  private InferenceEngine engine(EngineSettings settings) {
    var engine = InferenceEngine.start(model, store, StrictKernels.best(), settings);
    engines.add(engine);
    return engine;
  }

  private static InferenceResult done(Answer answer) {
    return answer.result().orTimeout(120, TimeUnit.SECONDS).join();
  }
}
