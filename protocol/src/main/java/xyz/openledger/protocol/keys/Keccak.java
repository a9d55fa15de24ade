package xyz.openledger.protocol.keys;

import org.bouncycastle.crypto.digests.KeccakDigest;

/** Keccak-256, the chain's hash. We use it inside EIP-712 and payout trees only. */
public final class Keccak {
  private Keccak() {}

  /** The hash of the concatenation of {@code parts}; 32 bytes. */
  public static byte[] hash(byte[]... parts) {
    var keccak = new KeccakDigest(256);
    for (byte[] part : parts) {
      keccak.update(part, 0, part.length);
    }
    byte[] hash = new byte[32];
    keccak.doFinal(hash, 0);
    return hash;
  }
}
