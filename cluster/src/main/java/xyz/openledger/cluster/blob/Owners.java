package xyz.openledger.cluster.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/**
 * Which tenants brought which blobs, and how much that is, in one LMDB file. Marks are durable when
 * they return; of claims a power cut may lose the last one. Not thread-safe.
 *
 * <pre>
 *   claims     digest ‖ tenant  →  bytes that count for the tenant (8 bytes, big-endian)
 *   totals     tenant           →  their sum
 *   unnamed    digest           →  tenant whose files alone name it
 * </pre>
 */
final class Owners implements AutoCloseable {
  /** A file takes its disk in blocks of so many bytes. */
  static final long BLOCK_BYTES = 4_096;

  /** About 100 bytes a claim, so for tens of millions of blobs. The file grows as it is used. */
  private static final long FILE_BYTES_MAX = 8L << 30;

  private final Env<byte[]> env;
  private final Dbi<byte[]> claims;
  private final Dbi<byte[]> totals;
  private final Dbi<byte[]> unnamed;
  private boolean closed;

  /** Opens what is in {@code directory}; makes it if missing. One process at a time. */
  Owners(Path directory) throws IOException {
    Files.createDirectories(directory);
    env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(FILE_BYTES_MAX)
            .setMaxDbs(3)
            .open(
                directory.toFile(),
                0600,
                EnvFlags.MDB_NOTLS,
                EnvFlags.MDB_NOLOCK,
                EnvFlags.MDB_NOMETASYNC);
    claims = env.openDbi("claims", DbiFlags.MDB_CREATE);
    totals = env.openDbi("totals", DbiFlags.MDB_CREATE);
    unnamed = env.openDbi("unnamed", DbiFlags.MDB_CREATE);
  }

  /** What a blob of that length counts for: the disk that it takes. */
  static long counted(long bytes) {
    return Math.max(1, Math.ceilDiv(bytes, BLOCK_BYTES)) * BLOCK_BYTES;
  }

  /** How much a tenant has brought. */
  long total(TenantId tenant) {
    try (Txn<byte[]> txn = read()) {
      return number(totals.get(txn, name(tenant)));
    }
  }

  /** Whether a blob counts for a tenant. */
  boolean has(TenantId tenant, Digest digest) {
    try (Txn<byte[]> txn = read()) {
      return claims.get(txn, claim(tenant, digest)) != null;
    }
  }

  /** Counts a blob of that length for a tenant, if it does not yet. */
  void add(TenantId tenant, Digest digest, long bytes) {
    try (Txn<byte[]> txn = write()) {
      byte[] key = claim(tenant, digest);
      if (claims.get(txn, key) == null) {
        long counted = counted(bytes);
        claims.put(txn, key, bytes(counted));
        change(txn, tenant, counted);
        txn.commit();
      }
    }
  }

  /** Counts a blob for its tenant no more; it is unnamed no more, either. */
  void remove(TenantId tenant, Digest digest) {
    try (Txn<byte[]> txn = write()) {
      byte[] key = claim(tenant, digest);
      change(txn, tenant, -number(claims.get(txn, key)));
      claims.delete(txn, key);
      unnamed.delete(txn, digest.bytes());
      txn.commit();
    }
  }

  /** Only files of that tenant name a blob. */
  void mark(Digest digest, TenantId tenant) {
    try (Txn<byte[]> txn = write()) {
      unnamed.put(txn, digest.bytes(), name(tenant));
      txn.commit();
    }
    env.sync(true);
  }

  /** Something else names a blob. */
  void unmark(Digest digest) {
    try (Txn<byte[]> txn = write()) {
      unnamed.delete(txn, digest.bytes());
      txn.commit();
    }
    env.sync(true);
  }

  /** Blobs that only files of a tenant name. */
  Map<Digest, TenantId> marked() {
    var marked = new HashMap<Digest, TenantId>();
    try (Txn<byte[]> txn = read();
        var cursor = unnamed.iterate(txn)) {
      for (var entry : cursor) {
        marked.put(
            Digest.wrap(entry.key()),
            new TenantId(new String(entry.val(), StandardCharsets.US_ASCII)));
      }
    }
    return marked;
  }

  private void change(Txn<byte[]> txn, TenantId tenant, long by) {
    long now = number(totals.get(txn, name(tenant))) + by;
    totals.put(txn, name(tenant), bytes(now));
  }

  private Txn<byte[]> read() {
    requireOpen();
    return env.txnRead();
  }

  private Txn<byte[]> write() {
    requireOpen();
    return env.txnWrite();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the blob store is closed");
    }
  }

  private static byte[] claim(TenantId tenant, Digest digest) {
    byte[] name = name(tenant);
    byte[] key = Arrays.copyOf(digest.bytes(), Digest.BYTES + name.length);
    System.arraycopy(name, 0, key, Digest.BYTES, name.length);
    return key;
  }

  private static byte[] name(TenantId tenant) {
    return tenant.value().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static long number(byte @Nullable [] bytes) {
    return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      env.close();
    }
  }
}
