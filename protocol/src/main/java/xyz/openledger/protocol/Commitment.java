package xyz.openledger.protocol;

/** Binds a node to its outcome before it can have seen another's. */
public final class Commitment {
  /** The length of the salt that hides a small set of likely outcomes. */
  public static final int SALT_BYTES = 32;

  private Commitment() {}

  /** What the node publishes first. Naming replica and node makes a copied commitment worthless. */
  public static Digest of(ReplicaId replica, NodeId node, Digest outcome, byte[] salt) {
    if (salt.length != SALT_BYTES) {
      throw Check.refusal("salt", "a salt has 32 bytes, this has " + salt.length);
    }
    return Domain.of("commitment")
        .text(replica.toString())
        .text(node.value())
        .digest(outcome)
        .bytes(salt)
        .digest();
  }
}
