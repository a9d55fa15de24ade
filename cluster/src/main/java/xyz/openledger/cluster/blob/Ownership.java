package xyz.openledger.cluster.blob;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * Who brought the blobs of a store, how much that is, and which of them nothing names for good. It
 * touches no blob. The store that has it guards it; {@link #isUnnamed} alone may be asked by
 * anyone.
 */
final class Ownership implements AutoCloseable {
  private final Owners owners;
  private final long tenantBytesMax;
  private final Map<Digest, Unnamed> unnamed = new ConcurrentHashMap<>();
  private long stamps;

  /**
   * What is known of before.
   *
   * @param tenantBytesMax what one tenant may bring, in whole blocks of 4 KiB
   */
  Ownership(Owners owners, long tenantBytesMax) {
    this.owners = owners;
    this.tenantBytesMax = tenantBytesMax;
    owners
        .marked()
        .forEach((blob, tenant) -> unnamed.put(blob, new Unnamed(blob, tenant, true, 0, 0)));
  }

  // ---- what nothing names for good ----

  boolean isUnnamed(Digest digest) {
    return unnamed.containsKey(digest);
  }

  /** From now on something names it. */
  void name(Digest digest) {
    Unnamed known = unnamed.get(digest);
    if (known != null && known.file()) {
      owners.unmark(digest);
    }
    unnamed.remove(digest);
  }

  /**
   * A tenant brings what it is about to name.
   *
   * @param file whether a file is to name it
   * @param first whether it is not stored yet
   * @return what takes this back, should it not be stored
   */
  Runnable hold(Digest digest, TenantId owner, boolean file, boolean first) {
    Unnamed before = unnamed.get(digest);
    if (before != null && (first || !before.tenant().equals(owner))) {
      if (first) {
        // Its deletion was broken off.
        owners.remove(before.tenant(), digest);
      }
      name(digest);
      before = null;
    }
    if (!first && before == null) {
      return () -> {};
    }
    Unnamed known = before == null ? new Unnamed(digest, owner, false, 0, 0) : before;
    boolean marks = file && !known.file();
    if (marks) {
      owners.mark(digest, owner);
    }
    unnamed.put(digest, known.heldOnceMore(file, ++stamps));
    Optional<Unnamed> as = Optional.ofNullable(before);
    return () -> {
      if (marks) {
        owners.unmark(digest);
      }
      as.ifPresentOrElse(was -> unnamed.put(digest, was), () -> unnamed.remove(digest));
    };
  }

  /** Holds the input of a question once more; false if it is none that is held. */
  boolean holdInput(Digest digest) {
    Unnamed known = unnamed.get(digest);
    if (known == null || known.file()) {
      return false;
    }
    unnamed.put(digest, known.heldOnceMore(false, ++stamps));
    return true;
  }

  /** One holds it no more; answers what is to be deleted now. */
  Optional<Unnamed> leave(Digest digest) {
    Unnamed known = unnamed.get(digest);
    if (known == null) {
      return Optional.empty();
    }
    Unnamed left = known.heldOnceLess();
    unnamed.put(digest, left);
    return left.holders() == 0 && !left.file() ? Optional.of(left) : Optional.empty();
  }

  /** Tenants of whom there is content of files that nothing else names. */
  Set<TenantId> filing() {
    return unnamed.values().stream()
        .filter(Unnamed::file)
        .map(Unnamed::tenant)
        .collect(Collectors.toSet());
  }

  /** What only files of a tenant may name, and nobody holds: digest to stamp. */
  Map<Digest, Long> fileContents(TenantId tenant) {
    var contents = new HashMap<Digest, Long>();
    for (Unnamed one : unnamed.values()) {
      if (one.file() && one.holders() == 0 && one.tenant().equals(tenant)) {
        contents.put(one.digest(), one.stamp());
      }
    }
    return contents;
  }

  /** Such a content, if it is as it was when it had that stamp. */
  Optional<Unnamed> fileContent(Digest digest, long stamp) {
    return Optional.ofNullable(unnamed.get(digest))
        .filter(known -> known.file() && known.holders() == 0 && known.stamp() == stamp);
  }

  /** It is to be deleted: it counts for nobody. */
  void forget(Unnamed gone) {
    owners.remove(gone.tenant(), gone.digest());
    unnamed.remove(gone.digest());
  }

  // ---- what counts for whom ----

  /** Counts a blob for its owner, unless it does already; refuses what is too much for one. */
  void charge(Blob written, TenantId owner) {
    if (owners.has(owner, written.digest())) {
      return;
    }
    long owned = owners.total(owner);
    if (owned + Owners.counted(written.bytes()) > tenantBytesMax) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "",
          ("what %s stored here takes %d of the %d bytes that a tenant may have; delete files that"
                  + " are not needed, or ask the operator for more (openledger.blobs.tenant-max)")
              .formatted(owner, owned, tenantBytesMax));
    }
    owners.add(owner, written.digest(), written.bytes());
  }

  boolean isCounted(TenantId owner, Digest digest) {
    return owners.has(owner, digest);
  }

  long bytesOf(TenantId tenant) {
    return owners.total(tenant);
  }

  @Override
  public void close() {
    owners.close();
  }
}
