package xyz.openledger.models.adapters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.LoadedAdapter;
import xyz.openledger.models.files.Refused;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/**
 * The adapters of one base model: named by their content, resident in one slab as long as they earn
 * their place, on disk otherwise. Who stays is decided by how often each was used lately. Any
 * thread may call it.
 */
public final class AdapterStore {
  /** More than one machine registers. */
  private static final int ADAPTERS_MAX = 1_000_000;

  /** How folders begin that are being deleted. */
  private static final String OLD = ".old";

  /** How many may have to leave for one, looked at from the coldest on. */
  private static final int VICTIMS_MAX = 1_024;

  private final ModelConfig model;
  private final StrictKernels kernels;
  private final Slab slab;
  private final Path folder;
  private final Map<Digest, Path> stored = new HashMap<>();
  private final Map<String, Canary> names = new TreeMap<>();
  private final Map<Digest, Resident> pinned = new HashMap<>();
  private final Map<Digest, Resident> residents = new HashMap<>();
  private final Cache<Digest, Resident> warm;
  private long loads;
  private long hits;

  /** An adapter in the slab. It leaves when nobody keeps it and nobody uses it. */
  private static final class Resident {
    final LoadedAdapter adapter;
    final long at;
    final long bytes;
    int uses;
    boolean kept;

    Resident(LoadedAdapter adapter, long at, long bytes) {
      this.adapter = adapter;
      this.at = at;
      this.bytes = bytes;
    }
  }

  /** Where an adapter is. */
  public enum Tier {
    /** In the slab. */
    RESIDENT,
    /** On disk, mapped while it is loaded. */
    STORED
  }

  /** How the store fares. */
  public record Figures(
      int registered,
      int resident,
      int pinned,
      long usedBytes,
      long bytes,
      long loads,
      long hits) {}

  /** An adapter in use: it stays where it is until this is closed. */
  public final class Lease implements AutoCloseable {
    private final Resident resident;
    private boolean closed;

    private Lease(Resident resident) {
      this.resident = resident;
    }

    /** What the decoder needs. */
    public LoadedAdapter adapter() {
      return resident.adapter;
    }

    @Override
    public void close() {
      synchronized (AdapterStore.this) {
        if (!closed) {
          closed = true;
          resident.uses--;
          freeIfIdle(resident);
        }
      }
    }
  }

  /**
   * A store.
   *
   * @param folder where adapters are kept by their digest; those that are there already are known
   * @param slab what they are loaded into
   */
  public AdapterStore(ModelConfig model, StrictKernels kernels, Path folder, Slab slab)
      throws IOException {
    this.model = model;
    this.kernels = kernels;
    this.folder = Files.createDirectories(folder);
    this.slab = slab;
    this.warm =
        Caffeine.newBuilder()
            .maximumWeight(slab.bytes() / Slab.PIECE_BYTES_MIN)
            .weigher(
                (Digest name, Resident resident) ->
                    (int) (Slab.pieceBytes(resident.bytes) / Slab.PIECE_BYTES_MIN))
            // Here and now: what is evicted is freed under our lock.
            .executor(Runnable::run)
            .removalListener((name, resident, cause) -> leave(resident))
            .build();
    recover();
  }

  private void recover() throws IOException {
    try (var entries = Files.list(folder)) {
      for (Path entry : entries.filter(Files::isDirectory).sorted().toList()) {
        String name = entry.getFileName().toString();
        if (name.matches("[0-9a-f]{64}")) {
          stored.put(Digest.parse("sha256:" + name), entry);
        } else if (name.startsWith(OLD)) {
          delete(entry);
        }
      }
    }
  }

  /** What adapters are loaded into. */
  public MemorySegment memory() {
    return slab.memory();
  }

  /**
   * Takes an adapter in the layout of PEFT, checks it, and copies it under its digest.
   *
   * @throws xyz.openledger.protocol.ProblemException if it does not fit the base
   */
  public Digest add(Path adapter) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long bytes = PackedAdapter.bytes(AdapterFiles.read(adapter, model, arena, true));
      if (bytes > slab.bytes()) {
        throw Refused.because(
            adapter.toString(),
            "takes %d bytes in memory, and the slab has %d".formatted(bytes, slab.bytes()));
      }
    }
    Digest name = AdapterFiles.digest(adapter);
    Path kept = folder.resolve(name.hex());
    if (!Files.isDirectory(kept)) {
      copy(adapter, kept);
    }
    synchronized (this) {
      if (stored.size() >= ADAPTERS_MAX) {
        throw Refused.because("adapters", "are " + ADAPTERS_MAX + " already");
      }
      stored.put(name, kept);
    }
    return name;
  }

  /** The name that an adapter has or would have: the digest of its files. */
  public static Digest digest(Path adapter) throws IOException {
    return AdapterFiles.digest(adapter);
  }

  /** What an adapter takes in a slab, to make one that fits. */
  public static long slabBytes(Path adapter, ModelConfig model) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return Slab.pieceBytes(PackedAdapter.bytes(AdapterFiles.read(adapter, model, arena, false)));
    }
  }

  /** Whole or not at all: readers never see half an adapter. */
  private void copy(Path adapter, Path kept) throws IOException {
    Path made = Files.createTempDirectory(folder, ".new");
    for (String file : List.of(AdapterFiles.CONFIG, AdapterFiles.WEIGHTS)) {
      Files.copy(adapter.resolve(file), made.resolve(file));
    }
    PackedAdapter.make(made, model, kernels);
    try {
      Files.move(made, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException same) {
      delete(made);
    }
  }

  /** Lets a name stand for one adapter, or for several by weight. */
  public synchronized void name(String name, Canary canary) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}")) {
      throw Refused.because("name", "letters, digits, '.', '_', '/', '-', at most 128");
    }
    for (Canary.Share share : canary.shares()) {
      requireStored(share.adapter());
    }
    if (names.size() >= ADAPTERS_MAX && !names.containsKey(name)) {
      throw Refused.because("name", "there are " + ADAPTERS_MAX + " already");
    }
    names.put(name, canary);
  }

  /** Forgets a name; the adapter stays. */
  public synchronized void forget(String name) {
    names.remove(name);
  }

  /** The adapter that a request meets under a name, which may also be its digest. */
  public synchronized Optional<Digest> resolve(String name, long requestKey) {
    Canary canary = names.get(name);
    if (canary != null) {
      return Optional.of(canary.choose(requestKey));
    }
    if (!name.matches("sha256:[0-9a-f]{64}")) {
      return Optional.empty();
    }
    return Optional.of(Digest.parse(name)).filter(stored::containsKey);
  }

  /** All names. */
  public synchronized List<String> names() {
    return List.copyOf(names.keySet());
  }

  /**
   * Takes an adapter into use, loading it if need be.
   *
   * @return empty if the slab is full of adapters in use: try again when one has ended
   */
  public synchronized Optional<Lease> acquire(Digest name) throws IOException {
    Resident resident = residents.get(name);
    if (resident != null) {
      hits++;
      // Counts as a use for those that decide who stays.
      if (warm.getIfPresent(name) == null && !pinned.containsKey(name)) {
        resident.kept = true;
        resident.uses++;
        warm.put(name, resident);
        return Optional.of(new Lease(resident));
      }
      resident.uses++;
      return Optional.of(new Lease(resident));
    }
    resident = load(name);
    if (resident == null) {
      return Optional.empty();
    }
    resident.uses++;
    resident.kept = true;
    warm.put(name, resident);
    return Optional.of(new Lease(resident));
  }

  /** Loads an adapter ahead of its use, and keeps it until it is {@linkplain #unpin unpinned}. */
  public synchronized void pin(Digest name) throws IOException {
    if (pinned.containsKey(name)) {
      return;
    }
    try (Lease lease =
        acquire(name).orElseThrow(() -> Refused.because("pin", "the slab is full"))) {
      Resident resident = lease.resident;
      resident.uses++;
      pinned.put(name, resident);
      warm.invalidate(name);
    }
  }

  /** Lets a pinned adapter go as any other. */
  public synchronized void unpin(Digest name) {
    Resident resident = pinned.remove(name);
    if (resident != null) {
      resident.uses--;
      resident.kept = true;
      warm.put(name, resident);
    }
  }

  /** Makes an adapter leave the slab as soon as nobody uses it; its files stay. */
  public synchronized void unload(Digest name) {
    Resident resident = pinned.remove(name);
    if (resident != null) {
      resident.uses--;
      freeIfIdle(resident);
    }
    warm.invalidate(name);
  }

  /**
   * Forgets an adapter and deletes its files.
   *
   * @return false if it is in use or pinned, and stays
   */
  public synchronized boolean discard(Digest name) throws IOException {
    Resident resident = residents.get(name);
    if (pinned.containsKey(name) || (resident != null && resident.uses > 0)) {
      return false;
    }
    unload(name);
    Path kept = stored.remove(name);
    if (kept != null) {
      // At once or not at all: half an adapter under its name would be taken for a whole one.
      Path old = kept.resolveSibling(OLD + name.hex());
      delete(old);
      Files.move(kept, old, StandardCopyOption.ATOMIC_MOVE);
      delete(old);
    }
    return true;
  }

  private static void delete(Path kept) throws IOException {
    if (!Files.isDirectory(kept)) {
      return;
    }
    try (var files = Files.list(kept)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(kept);
  }

  /** Where an adapter is. */
  public synchronized Tier tier(Digest name) {
    requireStored(name);
    return residents.containsKey(name) ? Tier.RESIDENT : Tier.STORED;
  }

  /** How the store fares. */
  public synchronized Figures figures() {
    return new Figures(
        stored.size(),
        residents.size(),
        pinned.size(),
        slab.usedBytes(),
        slab.bytes(),
        loads,
        hits);
  }

  private void requireStored(Digest name) {
    if (!stored.containsKey(name)) {
      throw Refused.because("adapter", "there is none with the digest " + name);
    }
  }

  private synchronized void leave(@Nullable Resident resident) {
    if (resident != null && resident.kept) {
      resident.kept = false;
      freeIfIdle(resident);
    }
  }

  private void freeIfIdle(Resident resident) {
    if (!resident.kept && resident.uses == 0) {
      residents.remove(resident.adapter.digest());
      slab.giveBack(resident.at, resident.bytes);
    }
  }

  private @Nullable Resident load(Digest name) throws IOException {
    requireStored(name);
    Path kept = Objects.requireNonNull(stored.get(name));
    for (int attempt = 0; attempt < 2; attempt++) {
      try (PackedAdapter packed = PackedAdapter.open(kept, model).orElse(null)) {
        if (packed != null) {
          OptionalLong at = place(packed.bytes());
          if (at.isEmpty()) {
            return null;
          }
          Optional<LoadedAdapter> read = packed.read(name, slab.memory(), at.getAsLong());
          if (read.isPresent()) {
            var resident = new Resident(read.get(), at.getAsLong(), packed.bytes());
            residents.put(name, resident);
            loads++;
            return resident;
          }
          slab.giveBack(at.getAsLong(), packed.bytes());
        }
      }
      PackedAdapter.make(kept, model, kernels);
    }
    throw new IOException("what was written to " + kept + " was not read back: is the disk well?");
  }

  /** A place in the slab; the coldest leave until there is one. */
  private OptionalLong place(long bytes) {
    OptionalLong at = slab.take(bytes);
    if (at.isPresent()) {
      return at;
    }
    var eviction = warm.policy().eviction().orElseThrow();
    for (Digest cold : eviction.coldest(VICTIMS_MAX).keySet()) {
      Resident resident = residents.get(cold);
      if (resident != null && resident.uses == 0) {
        warm.invalidate(cold);
        at = slab.take(bytes);
        if (at.isPresent()) {
          return at;
        }
      }
    }
    return at;
  }
}
