package xyz.openledger.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.AdapterStore.Tier;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/** An engine loads the adapters of those who wait. */
class PrefetchTest {
  private static final TinyModel TINY = TinyModel.of("llama", 5);
  private static final EngineSettings ONE_AT_A_TIME = new EngineSettings(64, 1, 512, 160, 1);

  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final List<Digest> names = new ArrayList<>();
  private Model model;
  private AdapterStore store;

  @BeforeEach
  void open() throws IOException {
    model =
        Model.open(TINY.write(folder.resolve("base"), TensorType.F32), StrictKernels.best(), true);
    store =
        new AdapterStore(
            model.config(),
            StrictKernels.best(),
            folder.resolve("store"),
            new Slab(1 << 20, arena));
    for (int i = 0; i < 4; i++) {
      names.add(store.add(TinyAdapter.of(TINY, 4, i).write(folder.resolve("a" + i))));
    }
  }

  @AfterEach
  void close() {
    model.close();
    arena.close();
  }

  @Test
  void whileAnotherIsAnsweredWithTheSameBits() {
    var alone = new ArrayList<Digest>();
    var ahead = new ArrayList<Digest>();
    try (var engine = engine()) {
      for (Digest name : names) {
        alone.add(engine.submit(question(name)).result().join().digest());
      }
    }
    names.forEach(store::unload);
    long loads = store.figures().loads();

    try (var engine = engine()) {
      var first = engine.submit(question(null), (_, _) -> await(goOn));
      var waiting = names.stream().map(name -> engine.submit(question(name))).toList();
      // It computes until it is told to go on; who waits is seen by the turn after that.
      goOn.countDown();
      waiting.forEach(answer -> ahead.add(answer.result().join().digest()));
      first.result().join();
    }

    assertThat(ahead).isEqualTo(alone);
    assertThat(store.figures().aheadLoads()).isPositive();
    assertThat(store.figures().loads() + store.figures().aheadLoads() - loads)
        .isGreaterThanOrEqualTo(names.size());
  }

  @Test
  void holdsNothingForWhoWentAway() throws Exception {
    try (var engine = engine()) {
      var first =
          engine.submit(question(null).withPatience(java.time.Duration.ofMinutes(1)), slow());
      var waiting = engine.submit(question(names.getFirst()));
      awaitTier(names.getFirst(), Tier.RESIDENT);

      waiting.cancel();

      awaitTier(names.getFirst(), Tier.STORED);
      goOn.countDown();
      first.result().join();
    }
  }

  /** Leaves time between steps until it may go on. */
  private TokenListener slow() {
    return (_, _) -> {
      try {
        goOn.await(5, TimeUnit.MILLISECONDS);
      } catch (InterruptedException stopped) {
        throw new IllegalStateException(stopped);
      }
    };
  }

  private void awaitTier(Digest name, Tier tier) throws InterruptedException {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (store.tier(name) != tier) {
      assertThat(System.nanoTime()).as("it is " + tier).isLessThan(patience);
      Thread.sleep(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private InferenceEngine engine() {
    return InferenceEngine.start(model, store, StrictKernels.best(), ONE_AT_A_TIME);
  }

  private static InferenceRequest question(@org.jspecify.annotations.Nullable Digest adapter) {
    return InferenceRequest.of("ada", "A question", 200)
        .withAdapter(adapter == null ? null : adapter.toString());
  }
}
