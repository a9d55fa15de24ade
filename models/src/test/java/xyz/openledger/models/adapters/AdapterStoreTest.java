package xyz.openledger.models.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.files.TensorFiles;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

class AdapterStoreTest {
  private static final TinyModel BASE = TinyModel.of("llama", 1);

  /** What an adapter of rank 4 takes, rounded up. */
  private static final long PIECE = 16_384;

  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private ModelConfig config;

  @BeforeEach
  void readConfig() {
    config = ConfigJson.read(BASE.config().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void namesAnAdapterByItsContent() throws IOException {
    var store = store(8 * PIECE);
    Digest first = store.add(written(4, 1));

    assertThat(store.add(written(4, 1))).isEqualTo(first);
    assertThat(store.add(written(4, 2))).isNotEqualTo(first);
    assertThat(store.figures().registered()).isEqualTo(2);
  }

  @Test
  void knowsItsAdaptersAfterARestart() throws IOException {
    Digest first = store(8 * PIECE).add(written(4, 1));

    var again = store(8 * PIECE);

    assertThat(again.tier(first)).isEqualTo(AdapterStore.Tier.STORED);
    again.acquire(first).orElseThrow().close();
    assertThat(again.tier(first)).isEqualTo(AdapterStore.Tier.RESIDENT);
  }

  @Test
  void anAdapterThatCannotBeDeletedWholeIsNotLeftInHalves() throws IOException {
    AdapterStore store = store(8 * PIECE);
    Digest name = store.add(written(4, 1));
    Path there = folder.resolve("store").resolve(name.hex());
    // What no delete of files gets past: a folder with something in it.
    Files.createDirectories(there.resolve("aaa/stays"));

    assertThatThrownBy(() -> store.discard(name)).isInstanceOf(IOException.class);

    assertThat(there).doesNotExist();
    assertThat(store.add(written(4, 1))).isEqualTo(name);
    store.acquire(name).orElseThrow().close();
  }

  @Test
  void holdsThousandsInOneSlabAndKeepsThoseThatAreUsed() throws IOException {
    var store = store(256 * PIECE);
    List<Digest> adapters = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      adapters.add(store.add(written(4, i)));
    }
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < adapters.size(); i++) {
        store.acquire(adapters.get(i)).orElseThrow().close();
        for (int hot = 0; hot < 3; hot++) {
          store.acquire(adapters.get((i + hot) % 20)).orElseThrow().close();
        }
      }
    }

    assertThat(store.figures().registered()).isEqualTo(1_200);
    assertThat(store.figures().usedBytes()).isLessThanOrEqualTo(256 * PIECE);
    assertThat(store.figures().resident()).isBetween(200, 256);
    // A scan over everything does not push out what is asked for all the time.
    for (int hot = 0; hot < 20; hot++) {
      assertThat(store.tier(adapters.get(hot))).isEqualTo(AdapterStore.Tier.RESIDENT);
    }
  }

  @Test
  void keepsAnAdapterInUseWhereItIs() throws IOException {
    var store = store(2 * PIECE);
    var leases = new ArrayList<AdapterStore.Lease>();
    leases.add(store.acquire(store.add(written(4, 1))).orElseThrow());
    leases.add(store.acquire(store.add(written(4, 2))).orElseThrow());
    Digest third = store.add(written(4, 3));

    assertThat(store.acquire(third)).isEmpty();
    leases.getFirst().close();
    assertThat(store.acquire(third)).isPresent();
    assertThat(store.figures().usedBytes()).isEqualTo(2 * PIECE);
  }

  @Test
  void doesNotLetPinnedAdaptersGo() throws IOException {
    var store = store(4 * PIECE);
    Digest pinned = store.add(written(4, 1));
    store.pin(pinned);
    for (int i = 2; i < 40; i++) {
      store.acquire(store.add(written(4, i))).orElseThrow().close();
    }

    assertThat(store.tier(pinned)).isEqualTo(AdapterStore.Tier.RESIDENT);
    store.unload(pinned);
    assertThat(store.tier(pinned)).isEqualTo(AdapterStore.Tier.STORED);
    assertThat(store.figures().pinned()).isZero();
  }

  @Test
  void givesAVersionOnTrialItsShare() throws IOException {
    var store = store(8 * PIECE);
    Digest old = store.add(written(4, 1));
    Digest fresh = store.add(written(4, 2));
    store.name(
        "legal-es", new Canary(List.of(new Canary.Share(old, 95), new Canary.Share(fresh, 5))));
    var met = new HashMap<Digest, Integer>();
    for (long key = 0; key < 10_000; key++) {
      met.merge(store.resolve("legal-es", key).orElseThrow(), 1, Integer::sum);
    }

    assertThat(met.get(fresh)).isBetween(400, 600);
    assertThat(store.resolve("legal-es", 7)).isEqualTo(store.resolve("legal-es", 7));
    assertThat(store.resolve(old.toString(), 7)).hasValue(old);
    assertThat(store.resolve("legal-fr", 7)).isEmpty();
  }

  @Test
  void makesThePackedFormAnewWhereItIsMissingCutShortOrDamaged() throws IOException {
    var store = store(8 * PIECE);
    Digest name = store.add(written(4, 1));
    byte[] right = loaded(store, name);
    Path packed = folder.resolve("store").resolve(name.hex()).resolve("packed-2.bin");
    byte[] whole = Files.readAllBytes(packed);

    Files.delete(packed);
    assertThat(loaded(store(8 * PIECE), name)).isEqualTo(right);
    for (int cut : new int[] {0, 7, 31, 200, whole.length - 1}) {
      Files.write(packed, Arrays.copyOf(whole, cut));
      assertThat(loaded(store(8 * PIECE), name)).as("cut at %d", cut).isEqualTo(right);
    }
    for (int at : new int[] {0, 9, 13, 17, 21, 25, 33, 44, whole.length / 2, whole.length - 1}) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(packed, flipped);
      var again = store(8 * PIECE);
      assertThat(loaded(again, name)).as("flipped at %d", at).isEqualTo(right);
      assertThat(again.figures().usedBytes()).isEqualTo(PIECE);
      assertThat(packed).hasBinaryContent(whole);
    }
  }

  /** The matrices as they lie in the slab, from the first one on. */
  private static byte[] loaded(AdapterStore store, Digest name) throws IOException {
    try (var lease = store.acquire(name).orElseThrow()) {
      long from =
          Arrays.stream(lease.adapter().offsetsA()).filter(at -> at >= 0).min().orElseThrow();
      return store.memory().asSlice(from, PIECE / 2).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Test
  void refusesAnAdapterForAnotherBase() throws IOException {
    var wide = new TinyModel("llama", 64, 80, 2, 4, 2, 16, 256, 0, true, 1);
    var deep = new TinyModel("llama", 48, 80, 3, 4, 2, 16, 256, 0, true, 1);

    assertThatThrownBy(
            () -> store(PIECE).add(TinyAdapter.of(wide, 4, 1).write(folder.resolve("w"))))
        .hasMessageContaining("q_proj.lora_A")
        .hasMessageContaining("[4, 64] instead of [4, 48]")
        .hasMessageContaining("made for another base");
    assertThatThrownBy(
            () -> store(PIECE).add(TinyAdapter.of(deep, 4, 1).write(folder.resolve("d"))))
        .hasMessageContaining("is for layer 2; the base has 2");
  }

  @Test
  void refusesAnAdapterThatLies() throws IOException {
    Path rank = written(4, 1);
    replace(rank, "\"r\": 4", "\"r\": 8");
    Path dora = written(4, 2);
    replace(dora, "\"use_dora\": false", "\"use_dora\": true");
    Path number = written(4, 3);
    var weights = TinyAdapter.of(BASE, 4, 3).weights();
    weights.values().iterator().next().values()[5] = Float.NaN;
    Files.write(
        number.resolve("adapter_model.safetensors"),
        TensorFiles.safetensors(weights, TensorType.F32));
    Path half = written(4, 4);
    weights = TinyAdapter.of(BASE, 4, 4).weights();
    weights.remove("model.layers.1.self_attn.v_proj.lora_B.weight");
    Files.write(
        half.resolve("adapter_model.safetensors"),
        TensorFiles.safetensors(weights, TensorType.F32));

    assertThatThrownBy(() -> store(PIECE).add(rank)).hasMessageContaining("rank is not the one");
    assertThatThrownBy(() -> store(PIECE).add(dora)).hasMessageContaining("use_dora");
    assertThatThrownBy(() -> store(PIECE).add(number)).hasMessageContaining("number 5 is NaN");
    assertThatThrownBy(() -> store(PIECE).add(half)).hasMessageContaining("has no partner");
    // Fits the model: another machine may have the room.
    assertThatThrownBy(() -> store(PIECE / 2).add(written(4, 5)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the slab has");
  }

  private AdapterStore store(long slabBytes) throws IOException {
    return new AdapterStore(
        config, StrictKernels.best(), folder.resolve("store"), new Slab(slabBytes, arena));
  }

  private Path written(int rank, long seed) throws IOException {
    return TinyAdapter.of(BASE, rank, seed).write(folder.resolve(rank + "-" + seed));
  }

  private static void replace(Path adapter, String what, String by) throws IOException {
    Path config = adapter.resolve("adapter_config.json");
    Files.writeString(config, Files.readString(config).replace(what, by));
  }
}
