package xyz.openledger.nodes.session;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.Inventory;
import xyz.openledger.protocol.session.SessionLimits;
import xyz.openledger.protocol.session.Terms;
import xyz.openledger.verification.tee.SimulatedChip;

/**
 * All that a session needs to know.
 *
 * @param gateway {@code host:port}
 * @param folder for fences, blobs and outputs
 * @param creditsMax leases held at once, those that wait for a worker included; several for each
 *     slot, so that no slot waits for the link
 * @param blobsBytesMax of disk
 * @param clock for quiet hours, in the machine's own zone
 */
public record SessionSettings(
    String gateway,
    PinnedTrust trust,
    Ed25519Key transportKey,
    Secp256k1Key resultKey,
    Inventory inventory,
    Benchmark benchmark,
    Terms terms,
    Path folder,
    int creditsMax,
    long blobsBytesMax,
    Backoff backoff,
    Clock clock) {
  /** Leases for each slot: one runs, and the rest hide the way to the member and back. */
  public static final int CREDITS_PER_SLOT = 16;

  /** The disk that blobs may take. */
  public static final long BLOBS_BYTES_MAX = 4L << 30;

  /** Checks the ranges. */
  public SessionSettings {
    Check.range("creditsMax", creditsMax, 1, SessionLimits.CREDITS_MAX);
    Check.range("blobsBytesMax", blobsBytesMax, 1L << 20, 1L << 50);
  }

  /** The usual bounds. */
  public static SessionSettings of(
      String gateway,
      PinnedTrust trust,
      Ed25519Key transportKey,
      Secp256k1Key resultKey,
      Inventory inventory,
      Benchmark benchmark,
      Terms terms,
      Path folder) {
    int credits = Math.min(SessionLimits.CREDITS_MAX, CREDITS_PER_SLOT * terms.slots());
    return new SessionSettings(
        gateway,
        trust,
        transportKey,
        resultKey,
        inventory,
        benchmark,
        terms,
        folder,
        credits,
        BLOBS_BYTES_MAX,
        Backoff.DEFAULT,
        Clock.system(ZoneId.systemDefault()));
  }

  /** The chip that vouches for results, if the terms say that there is one. */
  @Nullable SimulatedChip chip() {
    String platform = terms.labels().get(SimulatedChip.LABEL);
    return SimulatedChip.PLATFORM.equals(platform) ? SimulatedChip.open() : null;
  }

  /** The id that follows from the transport key. */
  public NodeId node() {
    return NodeId.of(transportKey.publicKey());
  }

  /** The same with another back-off. */
  public SessionSettings withBackoff(Backoff other) {
    return new SessionSettings(
        gateway,
        trust,
        transportKey,
        resultKey,
        inventory,
        benchmark,
        terms,
        folder,
        creditsMax,
        blobsBytesMax,
        other,
        clock);
  }

  /** The same with another clock. */
  public SessionSettings withClock(Clock other) {
    return new SessionSettings(
        gateway,
        trust,
        transportKey,
        resultKey,
        inventory,
        benchmark,
        terms,
        folder,
        creditsMax,
        blobsBytesMax,
        backoff,
        other);
  }
}
