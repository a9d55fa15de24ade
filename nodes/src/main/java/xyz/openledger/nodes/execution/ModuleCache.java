package xyz.openledger.nodes.execution;

import java.util.LinkedHashMap;
import java.util.Optional;
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
  private final LinkedHashMap<Digest, Entry<T>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * An empty cache.
   *
   * @param bytesMax of all modules together, as {@link #put} counts them; one that is larger alone
   *     is kept alone
   */
  public ModuleCache(int modulesMax, long bytesMax) {
    this.modulesMax = modulesMax;
    this.bytesMax = bytesMax;
  }

  /** What is kept for {@code digest}, which counts as a use. */
  public Optional<T> get(Digest digest) {
    return Optional.ofNullable(entries.get(digest)).map(Entry::value);
  }

  /** Keeps {@code value}, and forgets others until all fit. */
  public void put(Digest digest, T value, long valueBytes) {
    Entry<T> replaced = entries.put(digest, new Entry<>(value, valueBytes));
    bytes += valueBytes - (replaced == null ? 0 : replaced.bytes());
    var eldest = entries.entrySet().iterator();
    while (entries.size() > 1 && (entries.size() > modulesMax || bytes > bytesMax)) {
      bytes -= eldest.next().getValue().bytes();
      eldest.remove();
    }
  }

  /** How many are kept. */
  public int size() {
    return entries.size();
  }
}
