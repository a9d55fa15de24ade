package xyz.openledger.cluster.blob;

import com.typesafe.config.Config;
import xyz.openledger.protocol.Check;

/**
 * How much the blob store may hold.
 *
 * @param blobBytesMax the longest blob
 * @param totalBytesMax of all blobs together
 * @param cacheBytesMax of the small blobs that are kept in memory
 */
public record BlobSettings(long blobBytesMax, long totalBytesMax, int cacheBytesMax) {
  private static final int CACHE_MAX = 1 << 30;

  /** Checks the ranges. */
  public BlobSettings {
    Check.range("blob-max", blobBytesMax, 1, 1L << 40);
    Check.range("total-max", totalBytesMax, 1, 1L << 50);
    Check.range("cache-max", cacheBytesMax, 0, CACHE_MAX);
  }

  /** Reads {@code openledger.blobs}. */
  public static BlobSettings from(Config root) {
    var config = root.getConfig("openledger.blobs");
    return new BlobSettings(
        config.getBytes("blob-max"),
        config.getBytes("total-max"),
        Math.toIntExact(config.getBytes("cache-max")));
  }
}
