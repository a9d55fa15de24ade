package xyz.openledger.cluster.blob;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/** The small blobs that were used last, up to a number of bytes. Safe for many threads. */
final class SmallBlobs {
  /** The longest blob that is kept. */
  static final int BYTES_MAX = 64 << 10;

  /** What an entry costs beside its content, about. */
  private static final int OVERHEAD_BYTES = 200;

  private final LinkedHashMap<Digest, byte[]> blobs = new LinkedHashMap<>(64, 0.75f, true);
  private final long capacityBytes;
  private long heldBytes;

  SmallBlobs(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  synchronized byte @Nullable [] get(Digest digest) {
    return blobs.get(digest);
  }

  synchronized void remove(Digest digest) {
    byte[] content = blobs.remove(digest);
    heldBytes -= content == null ? 0 : content.length + OVERHEAD_BYTES;
  }

  synchronized void put(Digest digest, byte[] content) {
    if (content.length > BYTES_MAX || blobs.putIfAbsent(digest, content) != null) {
      return;
    }
    heldBytes += content.length + OVERHEAD_BYTES;
    var oldest = blobs.entrySet().iterator();
    while (heldBytes > capacityBytes && oldest.hasNext()) {
      heldBytes -= oldest.next().getValue().length + OVERHEAD_BYTES;
      oldest.remove();
    }
  }
}
