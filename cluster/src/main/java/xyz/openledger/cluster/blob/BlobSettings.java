package xyz.openledger.cluster.blob;

import com.typesafe.config.Config;
import xyz.openledger.protocol.Check;

/**
 * How much the blob store may hold.
 *
 * @param blobBytesMax the longest blob
 * @param totalBytesMax of all blobs together
 * @param reserveBytes of these that tenants leave for what nodes bring and the member itself makes
 * @param tenantBytesMax of all blobs that one tenant brought, each in whole blocks of 4 KiB
 * @param cacheBytesMax of the small blobs that are kept in memory
 */
public record BlobSettings(
    long blobBytesMax,
    long totalBytesMax,
    long reserveBytes,
    long tenantBytesMax,
    int cacheBytesMax) {
  private static final int CACHE_MAX = 1 << 30;

  /** Checks the ranges. */
  public BlobSettings {
    Check.range("blob-max", blobBytesMax, 1, 1L << 40);
    Check.range("total-max", totalBytesMax, 1, 1L << 50);
    Check.range("reserve", reserveBytes, 0, totalBytesMax);
    Check.range("tenant-max", tenantBytesMax, 0, 1L << 50);
    Check.range("cache-max", cacheBytesMax, 0, CACHE_MAX);
  }

  /** Of which one tenant may have all. */
  public BlobSettings(long blobBytesMax, long totalBytesMax, int cacheBytesMax) {
    this(blobBytesMax, totalBytesMax, 0, 1L << 50, cacheBytesMax);
  }

  /** What tenants may store together. */
  long ownedBytesMax() {
    return totalBytesMax - reserveBytes;
  }

  /** Reads {@code openledger.blobs}. */
  public static BlobSettings from(Config root) {
    var config = root.getConfig("openledger.blobs");
    return new BlobSettings(
        config.getBytes("blob-max"),
        config.getBytes("total-max"),
        config.getBytes("reserve"),
        config.getBytes("tenant-max"),
        Math.toIntExact(config.getBytes("cache-max")));
  }
}
