package xyz.openledger.models.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.adapters.AdapterStore.Tier;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/** What is loaded ahead of its use. */
class AdapterPrefetchTest {
  private static final TinyModel BASE = TinyModel.of("llama", 1);
  private static final long SEED = 10;

  /** What an adapter of rank 4 takes, rounded up. */
  private static final long PIECE = 16_384;

  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private ModelConfig config;

  @BeforeEach
  void readConfig() {
    config = ConfigJson.read(BASE.config().getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void isThereWhenItIsAskedFor() throws IOException {
    var store = store(16);
    List<Digest> names = added(store, 2);

    prefetch(store, names);

    assertThat(store.figures().aheadLoads()).isEqualTo(2);
    names.forEach(name -> assertThat(store.tier(name)).isEqualTo(Tier.RESIDENT));
    store.acquire(names.getFirst()).orElseThrow().close();
    assertThat(store.figures().hits()).isEqualTo(1);
    assertThat(store.figures().loads()).isZero();
  }

  @Test
  void pushesOutNothingInUse() throws IOException {
    var store = store(4);
    List<Digest> names = added(store, 5);
    var leases = new ArrayList<AdapterStore.Lease>();
    var bytes = new ArrayList<byte[]>();
    for (Digest name : names.subList(0, 4)) {
      leases.add(store.acquire(name).orElseThrow());
      bytes.add(bytes(store, leases.getLast()));
    }

    prefetch(store, names.subList(4, 5));

    assertThat(store.tier(names.getLast())).isEqualTo(Tier.STORED);
    for (int i = 0; i < leases.size(); i++) {
      assertThat(bytes(store, leases.get(i))).isEqualTo(bytes.get(i));
    }
    leases.removeFirst().close();
    prefetch(store, List.of());
    prefetch(store, names.subList(4, 5));
    assertThat(store.tier(names.getLast())).isEqualTo(Tier.RESIDENT);
    for (int i = 0; i < leases.size(); i++) {
      assertThat(bytes(store, leases.get(i))).isEqualTo(bytes.get(i + 1));
    }
  }

  @Test
  void takesABoundedPartOfTheSlab() throws IOException {
    var small = store(16);
    prefetch(small, added(small, 20));
    assertThat(small.figures().usedBytes()).isEqualTo(4 * PIECE);

    var large = store(256);
    prefetch(large, added(large, 40));
    assertThat(large.figures().resident()).isEqualTo(AdapterStore.AHEAD_MAX);
  }

  @Test
  void goesBeforeAnyoneWhoAsksNowGoesWithout() throws IOException {
    var store = store(4);
    List<Digest> names = added(store, 5);
    for (Digest name : names.subList(0, 3)) {
      assertThat(store.acquire(name)).isPresent();
    }
    prefetch(store, names.subList(3, 4));
    assertThat(store.tier(names.get(3))).isEqualTo(Tier.RESIDENT);

    assertThat(store.acquire(names.get(4))).isPresent();

    assertThat(store.tier(names.get(3))).isEqualTo(Tier.STORED);
  }

  @Test
  void leavesNoTraceOfAWrongGuess() throws IOException {
    var store = store(16);
    List<Digest> names = added(store, 3);

    prefetch(store, names);
    prefetch(store, List.of());

    assertThat(store.figures().usedBytes()).isZero();
    assertThat(store.discard(names.getFirst())).isTrue();
  }

  @Test
  void leavesADamagedOneToWhoAsksForIt() throws IOException {
    var store = store(16);
    Digest name = added(store, 1).getFirst();
    Path packed = folder.resolve("store").resolve(name.hex()).resolve("packed-2.bin");
    byte[] damaged = Files.readAllBytes(packed);
    damaged[damaged.length - 1] ^= 1;
    Files.write(packed, damaged);

    prefetch(store, List.of(name));

    assertThat(store.tier(name)).isEqualTo(Tier.STORED);
    assertThat(store.figures().usedBytes()).isZero();
    assertThat(store.acquire(name)).isPresent();
  }

  @Test
  void neverShowsAnyoneAnothersBytes() throws Exception {
    var store = store(32);
    List<Digest> names = added(store, 48);
    var right = new HashMap<Digest, byte[]>();
    for (Digest name : names) {
      try (var lease = store.acquire(name).orElseThrow()) {
        right.put(name, bytes(store, lease));
      }
    }
    var asking = new AtomicBoolean(true);
    try (var threads = Executors.newFixedThreadPool(3)) {
      Future<?> guesses =
          threads.submit(
              () -> {
                var random = new SplittableRandom(SEED);
                while (asking.get()) {
                  store.prefetch(drawn(names, random));
                }
                return null;
              });
      List<Future<?>> users =
          IntStream.range(0, 2)
              .<Future<?>>mapToObj(i -> threads.submit(() -> use(store, names, right, i)))
              .toList();
      try {
        for (Future<?> user : users) {
          user.get(60, TimeUnit.SECONDS);
        }
      } finally {
        asking.set(false);
      }
      guesses.get(60, TimeUnit.SECONDS);
    }

    prefetch(store, List.of());
    names.forEach(store::unload);
    assertThat(store.figures().usedBytes()).isZero();
    assertThat(store.figures().aheadLoads()).isPositive();
  }

  private Void use(AdapterStore store, List<Digest> names, HashMap<Digest, byte[]> right, int seed)
      throws IOException {
    var random = new SplittableRandom(SEED + 1 + seed);
    for (int round = 0; round < 400; round++) {
      var leases = new HashMap<Digest, AdapterStore.Lease>();
      for (Digest name : drawn(names, random).subList(0, 6)) {
        store.acquire(name).ifPresent(lease -> leases.put(name, lease));
      }
      assertThat(leases).as("asked for 6 of 32 places").isNotEmpty();
      leases.forEach((name, lease) -> assertThat(bytes(store, lease)).isEqualTo(right.get(name)));
      leases.values().forEach(AdapterStore.Lease::close);
    }
    return null;
  }

  private static List<Digest> drawn(List<Digest> names, SplittableRandom random) {
    return random.ints(0, names.size()).distinct().limit(12).mapToObj(names::get).toList();
  }

  private static void prefetch(AdapterStore store, List<Digest> next) throws IOException {
    while (store.prefetch(next)) {
      // Step by step, as an engine does.
    }
  }

  private static byte[] bytes(AdapterStore store, AdapterStore.Lease lease) {
    long from = Arrays.stream(lease.adapter().offsetsA()).filter(at -> at >= 0).min().orElseThrow();
    return store.memory().asSlice(from, PIECE / 2).toArray(ValueLayout.JAVA_BYTE);
  }

  private List<Digest> added(AdapterStore store, int count) throws IOException {
    var names = new ArrayList<Digest>();
    for (int i = 0; i < count; i++) {
      names.add(store.add(TinyAdapter.of(BASE, 4, i).write(folder.resolve("a" + i))));
    }
    return names;
  }

  private AdapterStore store(int pieces) throws IOException {
    return new AdapterStore(
        config, StrictKernels.best(), folder.resolve("store"), new Slab(pieces * PIECE, arena));
  }
}
