package xyz.openledger.cluster.blob;

import xyz.openledger.protocol.Digest;

/**
 * A blob that is stored for a name that is still to be given. While it is held it stays; whoever
 * holds it ends with {@link #named} or {@link #leave}, of which the first counts.
 */
public final class Held {
  private final BlobStore store;
  private final Blob blob;
  private boolean over;

  Held(BlobStore store, Blob blob) {
    this.store = store;
    this.blob = blob;
  }

  /** What is stored. */
  public Blob blob() {
    return blob;
  }

  /** Its digest. */
  public Digest digest() {
    return blob.digest();
  }

  /** Something names it now: it stays for good. */
  public void named() {
    if (end()) {
      store.name(blob.digest());
    }
  }

  /** It is held no more: where nothing names it and nobody else holds it, it goes. */
  public void leave() {
    if (end()) {
      store.leave(blob.digest());
    }
  }

  private synchronized boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }
}
