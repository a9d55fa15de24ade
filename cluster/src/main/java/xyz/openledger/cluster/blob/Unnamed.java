package xyz.openledger.cluster.blob;

import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

/**
 * A blob that nothing names for good, and that its tenant alone brought.
 *
 * @param file whether files of the tenant may name it; else only who holds it knows of it
 * @param holders who are about to name it
 * @param stamp another one whenever somebody brings it again
 */
record Unnamed(Digest digest, TenantId tenant, boolean file, int holders, long stamp) {
  Unnamed heldOnceMore(boolean asFile, long newStamp) {
    return new Unnamed(digest, tenant, file || asFile, holders + 1, newStamp);
  }

  Unnamed heldOnceLess() {
    return new Unnamed(digest, tenant, file, holders - 1, stamp);
  }
}
