package xyz.openledger.nodes.worker;

import xyz.openledger.protocol.Digest;

/**
 * A module as it was submitted.
 *
 * @param digest names it towards the workers; the caller has checked that it is the digest of
 *     {@code bytes}
 * @param bytes not copied, so the caller leaves them alone
 */
@SuppressWarnings(
    "ArrayRecordComponent") // identified by its digest; copying megabytes helps nobody
public record WorkerModule(Digest digest, byte[] bytes) {
  /** The module of these bytes. */
  public static WorkerModule of(byte[] bytes) {
    return new WorkerModule(Digest.of(bytes), bytes);
  }
}
