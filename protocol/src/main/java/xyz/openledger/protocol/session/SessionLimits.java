package xyz.openledger.protocol.session;

/** The bounds that both ends of a session hold each other to. */
public final class SessionLimits {
  /** The version of the node protocol that this release speaks. */
  public static final int PROTOCOL_VERSION = 1;

  /** Inputs and outputs up to this length travel inside frames, longer ones as blobs. */
  public static final int INLINE_BYTES_MAX = 16 * 1024;

  /** The most entries of one frame. */
  public static final int ENTRIES_MAX = 1_024;

  /** The longest frame; what is sent aims at half of it. */
  public static final int FRAME_BYTES_MAX = 4 * 1024 * 1024;

  /** The most leases a node may hold at once. */
  public static final int CREDITS_MAX = 4_096;

  /** The most blobs that a node says it holds. */
  public static final int WARM_MAX = 64;

  /** The length of nonces. */
  public static final int NONCE_BYTES = 32;

  /** The length of incarnations and of session names. */
  public static final int NAME_BYTES = 16;

  /** Heartbeats that may be missing before either end gives a link up. */
  public static final int HEARTBEATS_MISSED_MAX = 5;

  private SessionLimits() {}
}
