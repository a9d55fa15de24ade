package xyz.openledger.nodes.execution;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Consumer;
import xyz.openledger.protocol.Digest;

/**
 * Modules that are ready to run, by a digest of the caller's choosing; forgets what was used
 * longest ago. Not thread-safe.
 *
 * @param <T> what is kept for each
 */
public final class ModuleCache<T> {
  private record Entry<T>(T value, long bytes) {}

  private final int modulesMax;
  private final long bytesMax;
  private final Consumer<T> forgotten;
  private final LinkedHashMap<Digest, Entry<T>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * An empty cache.
   *
   * @param bytesMax of all modules together, as {@link #put} counts them; one that is larger alone
   *     is kept alone
   */
  public ModuleCache(int modulesMax, long bytesMax) {
    this(modulesMax, bytesMax, _ -> {});
  }

  /** The same; {@code forgotten} hears of each that is not kept any more. */
  public ModuleCache(int modulesMax, long bytesMax, Consumer<T> forgotten) {
    this.modulesMax = modulesMax;
    this.bytesMax = bytesMax;
    this.forgotten = forgotten;
  }

  /** What is kept for {@code digest}, which counts as a use. */
  public Optional<T> get(Digest digest) {
    return Optional.ofNullable(entries.get(digest)).map(Entry::value);
  }

  /** Keeps {@code value}, and forgets others until all fit. */
  public void put(Digest digest, T value, long valueBytes) {
    Entry<T> replaced = entries.put(digest, new Entry<>(value, valueBytes));
    bytes += valueBytes - (replaced == null ? 0 : replaced.bytes());
    if (replaced != null) {
      forgotten.accept(replaced.value());
    }
    var eldest = entries.entrySet().iterator();
    while (entries.size() > 1 && (entries.size() > modulesMax || bytes > bytesMax)) {
      Entry<T> least = eldest.next().getValue();
      bytes -= least.bytes();
      eldest.remove();
      forgotten.accept(least.value());
    }
  }

  /** How many are kept. */
  public int size() {
    return entries.size();
  }
}
