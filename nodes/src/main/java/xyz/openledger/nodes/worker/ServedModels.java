package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.engine.EngineSettings;
import xyz.openledger.models.engine.InferenceEngine;
import xyz.openledger.models.tokens.ChatTemplate;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nodes.sandbox.OwnedFolder;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * The models that a server has open, each with an engine of its own, and their adapters. The one
 * used longest ago is closed for another. Used by one thread.
 */
final class ServedModels implements AutoCloseable {
  /** The most that one question's last page may stand out of what it may take. */
  private static final int PAGES_BESIDE = 1;

  /** What part of the keys' and values' memory adapters may take beside them. */
  private static final int ADAPTER_SHARE = 4;

  private static final long SLAB_BYTES_MIN = 1 << 20;

  /** Copies of adapters, for each model. */
  private static final long ADAPTERS_BYTES_MAX = 384L << 20;

  private static final int ROWS_PER_SEQUENCE = 2;
  private static final int SEQUENCES_MAX = 64;

  private final Path folder;
  private final Path temporary;
  private final Shape shape;
  private final StrictKernels kernels = StrictKernels.best();
  private final LinkedHashMap<Digest, Open> open = new LinkedHashMap<>(16, 0.75f, true);

  /** What a server may have; see {@link ModelServerSettings}. */
  record Shape(int questionsMax, int modelsMax, long cacheMaxBytes, int threads) {}

  /**
   * A model that is open.
   *
   * @param store where its adapters are copied to
   * @param adapterBytes how much that is
   * @param underWay questions that it has
   */
  record Open(
      Model model,
      ChatTemplate template,
      AdapterStore adapters,
      Path store,
      Map<Digest, LoadedManifest> known,
      AtomicLong adapterBytes,
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
   */
  record LoadedManifest(Digest content, long weights) {}

  ServedModels(Path folder, Path temporary, Shape shape) {
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
    Open found = open.get(manifest);
    if (found != null && (found.engine().isClosed() || isFull(found))) {
      open.remove(manifest);
      found.close();
      found = null;
    }
    if (found != null) {
      return found;
    }
    if (open.size() >= shape.modelsMax()) {
      makeRoom();
    }
    Open opened = open(folder.resolve(manifest.hex()));
    open.put(manifest, opened);
    return opened;
  }

  /** Whether so many adapters were copied that it is time to begin anew. */
  private static boolean isFull(Open model) {
    return model.isIdle() && model.adapterBytes().get() > ADAPTERS_BYTES_MAX / 2;
  }

  /** What others asked is not given up for a further model. */
  private void makeRoom() {
    var oldest = open.values().iterator();
    while (oldest.hasNext()) {
      Open candidate = oldest.next();
      if (candidate.isIdle()) {
        candidate.close();
        oldest.remove();
        return;
      }
    }
    throw new IllegalStateException("%d models are in use already".formatted(open.size()));
  }

  private Open open(Path files) throws IOException {
    Model model = Model.open(files, kernels, true);
    Arena arena = Arena.ofShared();
    try {
      long cache = shape.cacheMaxBytes() / shape.modelsMax();
      var slab =
          new Slab(Long.highestOneBit(Math.max(SLAB_BYTES_MIN, cache / ADAPTER_SHARE)), arena);
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
          new HashMap<>(),
          new AtomicLong(),
          new AtomicInteger(),
          InferenceEngine.start(model, adapters, kernels, settings),
          arena);
    } catch (IOException | RuntimeException | Error failed) {
      model.close();
      arena.close();
      throw failed;
    }
  }

  /** The adapter of a manifest, taken into the store if it is not there. */
  LoadedManifest adapter(Open model, Digest manifest) throws IOException {
    LoadedManifest known = model.known().get(manifest);
    if (known != null) {
      return known;
    }
    Path files = folder.resolve(manifest.hex());
    long bytes = Files.size(files.resolve(ModelManifest.ADAPTER_WEIGHTS));
    if (model.adapterBytes().addAndGet(bytes) > ADAPTERS_BYTES_MAX) {
      model.adapterBytes().addAndGet(-bytes);
      throw new IllegalStateException("there is no room for further adapters just now");
    }
    var added =
        new LoadedManifest(model.adapters().add(files), ModelManifest.adapterWeights(bytes));
    model.known().put(manifest, added);
    return added;
  }

  @Override
  public void close() {
    open.values().forEach(Open::close);
    open.clear();
  }
}
