package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.engine.EngineSettings;
import xyz.openledger.models.engine.InferenceEngine;
import xyz.openledger.models.tokens.ChatTemplate;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nodes.sandbox.OwnedFolder;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * The models that a server has open, each with an engine of its own, and their adapters. The one
 * used longest ago is closed for another. Used by one thread; only {@link #whenOpen} has another
 * one open a model meanwhile.
 */
final class ServedModels implements AutoCloseable {
  /** The most that one question's last page may stand out of what it may take. */
  private static final int PAGES_BESIDE = 1;

  /** Copies of adapters, for each model. */
  private static final long ADAPTERS_BYTES_MAX = 384L << 20;

  /** Adapters that are remembered as unfit, for each model. */
  private static final int REFUSED_MAX = 256;

  private static final int ROWS_PER_SEQUENCE = 2;
  private static final int SEQUENCES_MAX = 64;

  private final Path folder;
  private final Path temporary;
  private final Shape shape;
  private final StrictKernels kernels = StrictKernels.best();
  private final Opener opener;
  private final long adaptersBytesMax;

  /** Models that are being opened, and who waits for each. */
  private final Map<Digest, List<Consumer<@Nullable Throwable>>> opening = new HashMap<>();

  private final LinkedHashMap<Digest, Open> open = new LinkedHashMap<>(16, 0.75f, true);

  /** What a server may have; see {@link ModelServerSettings}. */
  record Shape(int questionsMax, int modelsMax, long cacheMaxBytes, int threads) {}

  /** Reads a model and looks at every number of it, which may take long. */
  @FunctionalInterface
  interface Opener {
    Model open(Path files, StrictKernels kernels) throws IOException;
  }

  /**
   * A model that is open.
   *
   * @param store where its adapters are copied to
   * @param known those that are there, the one used longest ago first
   * @param refused those that do not fit the model, the one asked for longest ago first
   * @param underWay questions that it has
   */
  record Open(
      Model model,
      ChatTemplate template,
      AdapterStore adapters,
      Path store,
      LinkedHashMap<Digest, LoadedManifest> known,
      LinkedHashMap<Digest, ProblemException> refused,
      AtomicInteger underWay,
      InferenceEngine engine,
      Arena arena) {
    private boolean isIdle() {
      return underWay.get() == 0;
    }

    private void close() {
      engine.close();
      model.close();
      arena.close();
      try {
        OwnedFolder.deleteTree(store);
      } catch (IOException left) {
        System.err.println("model server: " + left.getMessage());
      }
    }
  }

  /**
   * An adapter that the store has.
   *
   * @param content its name in the store
   * @param weights how many numbers it has
   * @param underWay questions that have it
   */
  record LoadedManifest(Digest content, long weights, long bytes, AtomicInteger underWay) {}

  ServedModels(Path folder, Path temporary, Shape shape) {
    this(
        folder,
        temporary,
        shape,
        (files, kernels) -> Model.open(files, kernels, true),
        ADAPTERS_BYTES_MAX);
  }

  ServedModels(Path folder, Path temporary, Shape shape, Opener opener, long adaptersBytesMax) {
    this.adaptersBytesMax = adaptersBytesMax;
    this.opener = opener;
    this.folder = folder;
    this.temporary = temporary;
    this.shape = shape;
  }

  /**
   * What keys and values of one answer that is computed again may take, beside those of engines.
   */
  long cacheMaxBytes() {
    return shape.cacheMaxBytes();
  }

  /**
   * The model of a manifest, opened if it must be.
   *
   * @throws IllegalStateException if there is no room for it until others have been answered
   */
  Open model(Digest manifest) throws IOException {
    Open found = usable(manifest);
    if (found != null) {
      return found;
    }
    makeRoom();
    Open opened = open(folder.resolve(manifest.hex()));
    open.put(manifest, opened);
    return opened;
  }

  /**
   * Goes on when a model is open: now, or after it was opened elsewhere.
   *
   * @param elsewhere does what takes long
   * @param here this one thread, on which {@code then} hears what went wrong, or null
   * @throws IllegalStateException if there is no room for it until others have been answered
   */
  void whenOpen(
      Digest manifest, Executor elsewhere, Executor here, Consumer<@Nullable Throwable> then) {
    if (usable(manifest) != null) {
      then.accept(null);
      return;
    }
    List<Consumer<@Nullable Throwable>> waiting = opening.get(manifest);
    if (waiting != null) {
      waiting.add(then);
      return;
    }
    makeRoom();
    opening.put(manifest, new ArrayList<>(List.of(then)));
    try {
      elsewhere.execute(() -> openElsewhere(manifest, here));
    } catch (RuntimeException | Error refused) {
      // Nobody opens it: the next to ask for it tries again.
      opening.remove(manifest);
      throw refused;
    }
  }

  private void openElsewhere(Digest manifest, Executor here) {
    Open opened = null;
    Throwable failed = null;
    try {
      opened = open(folder.resolve(manifest.hex()));
    } catch (IOException | RuntimeException | Error refused) {
      failed = refused;
    }
    Open made = opened;
    Throwable why = failed;
    here.execute(() -> opened(manifest, made, why));
  }

  private void opened(Digest manifest, @Nullable Open made, @Nullable Throwable why) {
    if (made != null) {
      open.put(manifest, made);
    }
    List<Consumer<@Nullable Throwable>> waiting = opening.remove(manifest);
    if (waiting != null) {
      waiting.forEach(one -> one.accept(why));
    }
  }

  private @Nullable Open usable(Digest manifest) {
    Open found = open.get(manifest);
    if (found != null && found.engine().isClosed()) {
      open.remove(manifest);
      found.close();
      return null;
    }
    return found;
  }

  /** What others asked is not given up for a further model. */
  private void makeRoom() {
    if (open.size() + opening.size() < shape.modelsMax()) {
      return;
    }
    var oldest = open.values().iterator();
    while (oldest.hasNext()) {
      Open candidate = oldest.next();
      if (candidate.isIdle()) {
        // First: what breaks while it is closed is not there any more.
        oldest.remove();
        candidate.close();
        return;
      }
    }
    throw new IllegalStateException(
        "%d models are in use already".formatted(open.size() + opening.size()));
  }

  private Open open(Path files) throws IOException {
    Model model = opener.open(files, kernels);
    Arena arena = Arena.ofShared();
    try {
      long cache = shape.cacheMaxBytes() / shape.modelsMax();
      var slab = new Slab(slabBytes(cache), arena);
      // A name that nobody can know before: what lies there was checked by us.
      Path store = Files.createTempDirectory(temporary, "adapters-");
      var adapters = new AdapterStore(model.config(), kernels, store, slab);
      var usual = EngineSettings.of(model.config(), cache);
      var settings =
          new EngineSettings(
              ROWS_PER_SEQUENCE * SEQUENCES_MAX,
              SEQUENCES_MAX,
              shape.questionsMax(),
              usual.cachePages() + PAGES_BESIDE,
              shape.threads());
      return new Open(
          model,
          ChatTemplate.read(files),
          adapters,
          store,
          new LinkedHashMap<>(16, 0.75f, true),
          new LinkedHashMap<>(16, 0.75f, true),
          new AtomicInteger(),
          InferenceEngine.start(model, adapters, kernels, settings),
          arena);
    } catch (IOException | RuntimeException | Error failed) {
      model.close();
      arena.close();
      throw failed;
    }
  }

  /** A power of two that has room for every adapter that a slot of this memory is leased for. */
  private static long slabBytes(long cache) {
    long least =
        Math.max(Workload.Inference.ADAPTER_BYTES_MIN, cache / Workload.Inference.ADAPTER_SHARE);
    return Long.highestOneBit(2 * least - 1);
  }

  /**
   * The adapter of a manifest, taken into the store if it is not there.
   *
   * @throws ProblemException if it does not fit the model
   * @throws IllegalStateException if there is no room for it until others have been answered
   */
  LoadedManifest adapter(Open model, Digest manifest) throws IOException {
    LoadedManifest known = model.known().get(manifest);
    if (known != null) {
      return known;
    }
    ProblemException refused = model.refused().get(manifest);
    if (refused != null) {
      throw refused;
    }
    Path files = folder.resolve(manifest.hex());
    long bytes = Files.size(files.resolve(ModelManifest.ADAPTER_WEIGHTS));
    makeRoom(model, bytes);
    LoadedManifest added = added(model, manifest, files, bytes);
    model.known().put(manifest, added);
    return added;
  }

  private static LoadedManifest added(Open model, Digest manifest, Path files, long bytes)
      throws IOException {
    try {
      Digest content = model.adapters().add(files);
      return new LoadedManifest(
          content, ModelManifest.adapterWeights(bytes), bytes, new AtomicInteger());
    } catch (ProblemException unfit) {
      model.refused().put(manifest, unfit);
      if (model.refused().size() > REFUSED_MAX) {
        model.refused().pollFirstEntry();
      }
      throw unfit;
    }
  }

  /** Those that nobody uses leave, the one used longest ago first, until there is room. */
  private void makeRoom(Open model, long bytes) throws IOException {
    long held = model.known().values().stream().mapToLong(LoadedManifest::bytes).sum();
    var coldest = model.known().values().iterator();
    while (held + bytes > adaptersBytesMax && coldest.hasNext()) {
      LoadedManifest cold = coldest.next();
      if (cold.underWay().get() == 0 && left(model, cold)) {
        coldest.remove();
        held -= cold.bytes();
      }
    }
    if (held + bytes > adaptersBytesMax) {
      throw new IllegalStateException("there is no room for further adapters just now");
    }
  }

  /** Another manifest may name the same content, which then stays. */
  @SuppressWarnings("ReferenceEquality") // each is there once
  private static boolean left(Open model, LoadedManifest cold) throws IOException {
    boolean shared =
        model.known().values().stream()
            .anyMatch(other -> other != cold && other.content().equals(cold.content()));
    return shared || model.adapters().discard(cold.content());
  }

  @Override
  public void close() {
    open.values().forEach(Open::close);
    open.clear();
  }
}
