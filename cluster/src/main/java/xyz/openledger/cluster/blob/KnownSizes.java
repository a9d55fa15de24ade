package xyz.openledger.cluster.blob;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * How long blobs are, and a model as a whole by its manifest, remembered: matching asks for each
 * node, and the disk is asked once. A blob never changes its length. Thread-safe.
 */
public final class KnownSizes implements ToLongFunction<Digest> {
  private static final int REMEMBERED_MAX = 16_384;

  private final BlobStore blobs;
  private final Map<Digest, Long> sizes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Long> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  /** Of the blobs in a store. */
  public KnownSizes(BlobStore blobs) {
    this.blobs = blobs;
  }

  @Override
  public synchronized long applyAsLong(Digest digest) {
    Long known = sizes.get(digest);
    if (known != null) {
      return known;
    }
    long bytes = blobs.find(digest).map(this::bytes).orElse(0L);
    if (bytes > 0) {
      sizes.put(digest, bytes);
    }
    return bytes;
  }

  /** A node that holds a manifest has worked with the model, and most likely has its files. */
  private long bytes(Blob blob) {
    if (blob.bytes() > ModelManifest.BYTES_MAX) {
      return blob.bytes();
    }
    byte[] content = blobs.read(blob.digest()).orElse(new byte[0]);
    if (!ModelManifest.begins(content)) {
      return blob.bytes();
    }
    try {
      return ModelManifest.read(content).totalBytes();
    } catch (ProblemException noManifest) {
      return blob.bytes();
    }
  }
}
