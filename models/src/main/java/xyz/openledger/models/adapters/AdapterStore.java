package xyz.openledger.models.adapters;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.config.ConfigFields;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.LoadedAdapter;
import xyz.openledger.models.files.Refused;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.StrictProducts;
import xyz.openledger.protocol.Digest;

/**
 * The adapters of one base model: named by their content, resident in one slab as long as they earn
 * their place, on disk otherwise. Who stays is decided by how often each was used lately. Any
 * thread may call it.
 */
public final class AdapterStore {
  /** More than one machine registers. */
  private static final int ADAPTERS_MAX = 1_000_000;

  /** How many may have to leave for one, looked at from the coldest on. */
  private static final int VICTIMS_MAX = 1_024;

  /** How many are loaded ahead of their use, at most. */
  public static final int AHEAD_MAX = 16;

  /** What part of the slab those may take. */
  private static final int AHEAD_SHARE = 4;

  private final ModelConfig model;
  private final StrictKernels kernels;
  private final Slab slab;
  private final AdapterFolder folder;
  private final Map<String, Canary> names = new TreeMap<>();
  private final Map<Digest, Resident> pinned = new HashMap<>();
  private final Map<Digest, Resident> residents = new HashMap<>();
  private final Cache<Digest, Resident> warm;

  /** Held for who will ask for them next; they go before anyone who asks now goes without. */
  private final LinkedHashMap<Digest, Resident> ahead = new LinkedHashMap<>();

  /** Being read by who loads ahead, without the lock. */
  private final Set<Digest> arriving = new HashSet<>();

  private long loads;
  private long hits;
  private long aheadLoads;

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

  /**
   * How the store fares.
   *
   * @param loads for which somebody waited
   * @param hits adapters that were in the slab when they were asked for
   * @param aheadLoads of adapters that nobody had asked for yet
   */
  public record Figures(
      int registered,
      int resident,
      int pinned,
      long usedBytes,
      long bytes,
      long loads,
      long hits,
      long aheadLoads) {}

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
    this.folder = AdapterFolder.open(folder);
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
  }

  /** What adapters are loaded into. */
  public MemorySegment memory() {
    return slab.memory();
  }

  /**
   * Takes an adapter in the layout of PEFT, checks it, and copies it under its digest.
   *
   * @throws xyz.openledger.protocol.ProblemException if it does not fit the base
   * @throws IllegalStateException if it fits, and this slab is too small for it
   */
  public Digest add(Path adapter) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long bytes = PackedAdapter.bytes(AdapterFiles.read(adapter, model, arena, true));
      if (bytes > slab.bytes()) {
        throw new IllegalStateException(
            "the adapter takes %d bytes in memory, and the slab has %d here"
                .formatted(bytes, slab.bytes()));
      }
    }
    return folder.add(adapter, ADAPTERS_MAX, made -> PackedAdapter.make(made, model, kernels));
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

  /**
   * The most that an adapter takes in a slab, by its configuration and the length of its weights
   * alone: numbers of half the length may become whole ones, and ranks are rounded up.
   *
   * @param config its {@code adapter_config.json}
   * @throws xyz.openledger.protocol.ProblemException if it is none that is served
   */
  public static long slabBytesMax(byte[] config, long weightBytes) {
    int rank = AdapterConfig.of(ConfigFields.read("adapter_config.json", config)).rank();
    long padded = StrictProducts.packedWeights(rank, 1);
    return Math.ceilDiv(Math.multiplyExact(2 * padded, weightBytes), rank);
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
    return Optional.of(Digest.parse(name)).filter(folder::has);
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
    boolean waited = false;
    while (true) {
      Resident resident = residents.get(name);
      if (resident != null) {
        if (waited) {
          loads++;
        } else {
          hits++;
        }
        return Optional.of(leased(name, resident));
      }
      if (!arriving.contains(name)) {
        resident = load(name);
        if (resident != null) {
          loads++;
          return Optional.of(leased(name, resident));
        }
        if (arriving.isEmpty()) {
          return Optional.empty();
        }
      }
      // What is on its way is this one, or has the place for it.
      waited = true;
      try {
        wait();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("while an adapter was read");
      }
    }
  }

  private Lease leased(Digest name, Resident resident) {
    resident.uses++;
    letGo(name);
    // Counts as a use for those that decide who stays.
    if (warm.getIfPresent(name) == null && !pinned.containsKey(name)) {
      resident.kept = true;
      warm.put(name, resident);
    }
    return new Lease(resident);
  }

  /**
   * Takes one step towards having in the slab what will be asked for next: lets go what is no
   * longer named, and loads the first of {@code next} that is not there. Only what nobody uses
   * leaves for it, and it takes a bounded part of the slab. Others are served while it reads.
   *
   * @param next the first first; those after {@link #AHEAD_MAX} are not looked at
   * @return whether a further step may bring more
   */
  public boolean prefetch(List<Digest> next) throws IOException {
    List<Digest> wanted = next.subList(0, Math.min(AHEAD_MAX, next.size()));
    Digest missing;
    Path kept;
    synchronized (this) {
      List.copyOf(ahead.keySet()).stream()
          .filter(name -> !wanted.contains(name))
          .forEach(this::letGo);
      wanted.forEach(this::holdIfThere);
      missing =
          wanted.stream()
              .filter(name -> folder.has(name) && !residents.containsKey(name))
              .findFirst()
              .orElse(null);
      if (missing == null || !arriving.add(missing)) {
        return false;
      }
      kept = folder.of(missing);
    }
    Resident read = null;
    try (PackedAdapter packed = PackedAdapter.open(kept, model).orElse(null)) {
      // One that must be made anew waits for who asks for it.
      read = packed == null ? null : readAhead(missing, packed);
    } finally {
      arrived(missing, read);
    }
    return read != null;
  }

  private void holdIfThere(Digest name) {
    Resident resident = residents.get(name);
    if (resident != null && !ahead.containsKey(name) && hasRoomAhead(resident.bytes)) {
      resident.uses++;
      ahead.put(name, resident);
    }
  }

  private boolean hasRoomAhead(long bytes) {
    long held = ahead.values().stream().mapToLong(one -> Slab.pieceBytes(one.bytes)).sum();
    return ahead.size() < AHEAD_MAX && held + Slab.pieceBytes(bytes) <= slab.bytes() / AHEAD_SHARE;
  }

  private @Nullable Resident readAhead(Digest name, PackedAdapter packed) throws IOException {
    OptionalLong at;
    synchronized (this) {
      at = hasRoomAhead(packed.bytes()) ? place(packed.bytes()) : OptionalLong.empty();
    }
    if (at.isEmpty()) {
      return null;
    }
    Optional<LoadedAdapter> read = Optional.empty();
    try {
      read = packed.read(name, slab.memory(), at.getAsLong());
    } finally {
      if (read.isEmpty()) {
        synchronized (this) {
          slab.giveBack(at.getAsLong(), packed.bytes());
        }
      }
    }
    return read.map(adapter -> new Resident(adapter, at.getAsLong(), packed.bytes())).orElse(null);
  }

  private synchronized void arrived(Digest name, @Nullable Resident read) {
    arriving.remove(name);
    if (read != null) {
      aheadLoads++;
      read.uses++;
      residents.put(name, read);
      ahead.put(name, read);
    }
    notifyAll();
  }

  /** It is no longer held for who will ask for it. */
  private void letGo(Digest name) {
    Resident resident = ahead.remove(name);
    if (resident != null) {
      resident.uses--;
      freeIfIdle(resident);
    }
  }

  /** Loads an adapter ahead of its use, and keeps it until it is {@linkplain #unpin unpinned}. */
  public synchronized void pin(Digest name) throws IOException {
    if (pinned.containsKey(name)) {
      return;
    }
    try (Lease lease =
        acquire(name).orElseThrow(() -> Refused.because("pin", "the slab is full"))) {
      Resident resident = lease.resident;
      if (pinned.putIfAbsent(name, resident) == null) {
        resident.uses++;
        warm.invalidate(name);
      }
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
    letGo(name);
    warm.invalidate(name);
  }

  /**
   * Forgets an adapter and deletes its files.
   *
   * @return false if it is in use or pinned, and stays
   */
  public synchronized boolean discard(Digest name) throws IOException {
    letGo(name);
    Resident resident = residents.get(name);
    if (pinned.containsKey(name)
        || arriving.contains(name)
        || (resident != null && resident.uses > 0)) {
      return false;
    }
    unload(name);
    folder.delete(name);
    return true;
  }

  /** Where an adapter is. */
  public synchronized Tier tier(Digest name) {
    requireStored(name);
    return residents.containsKey(name) ? Tier.RESIDENT : Tier.STORED;
  }

  /** How the store fares. */
  public synchronized Figures figures() {
    return new Figures(
        folder.size(),
        residents.size(),
        pinned.size(),
        slab.usedBytes(),
        slab.bytes(),
        loads,
        hits,
        aheadLoads);
  }

  private void requireStored(Digest name) {
    if (!folder.has(name)) {
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
    Path kept = folder.of(name);
    for (int attempt = 0; attempt < 2; attempt++) {
      try (PackedAdapter packed = PackedAdapter.open(kept, model).orElse(null)) {
        if (packed != null) {
          OptionalLong at = placeBeforeThoseAhead(packed.bytes());
          if (at.isEmpty()) {
            return null;
          }
          Optional<LoadedAdapter> read = packed.read(name, slab.memory(), at.getAsLong());
          if (read.isPresent()) {
            var resident = new Resident(read.get(), at.getAsLong(), packed.bytes());
            residents.put(name, resident);
            return resident;
          }
          slab.giveBack(at.getAsLong(), packed.bytes());
        }
      }
      PackedAdapter.make(kept, model, kernels);
    }
    throw new IOException("what was written to " + kept + " was not read back: is the disk well?");
  }

  /** Who asks now comes before who may ask next. */
  private OptionalLong placeBeforeThoseAhead(long bytes) {
    OptionalLong at = place(bytes);
    while (at.isEmpty() && !ahead.isEmpty()) {
      letGo(ahead.lastEntry().getKey());
      at = place(bytes);
    }
    return at;
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
