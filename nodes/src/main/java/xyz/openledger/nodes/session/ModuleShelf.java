package xyz.openledger.nodes.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import xyz.openledger.nodes.worker.WorkerModule;
import xyz.openledger.protocol.Digest;

/**
 * Modules that were used lately, in memory, since the next lease is likely to want the same.
 * Thread-safe.
 */
final class ModuleShelf {
  private final long bytesMax;
  // From the one used longest ago to the latest.
  private final LinkedHashMap<Digest, WorkerModule> modules = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** A shelf for that many bytes, or for one module of any size. */
  ModuleShelf(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  synchronized Optional<WorkerModule> find(Digest digest) {
    return Optional.ofNullable(modules.get(digest));
  }

  /** Those used last, the latest in front. */
  synchronized List<Digest> latest(int max) {
    return modules.sequencedKeySet().reversed().stream().limit(max).toList();
  }

  /** Keeps a module, and drops what was used longest ago if it must. */
  synchronized WorkerModule keep(WorkerModule module) {
    if (modules.put(module.digest(), module) == null) {
      bytes += module.bytes().length;
    }
    var oldest = modules.values().iterator();
    while (bytes > bytesMax && modules.size() > 1) {
      bytes -= oldest.next().bytes().length;
      oldest.remove();
    }
    return module;
  }
}
