package xyz.openledger.protocol.keys;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;

/**
 * A secp256k1 key pair, as the chain uses it. Signatures are 65 bytes {@code r ‖ s ‖ v} with {@code
 * v} 27 or 28, deterministic (RFC 6979) and of low s (EIP-2), so that each message has one
 * signature.
 */
public final class Secp256k1Key {
  /** The length of a signature. */
  public static final int SIGNATURE_BYTES = 65;

  /** The length of a compressed public key. */
  public static final int PUBLIC_BYTES = 33;

  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final BigInteger ORDER = CURVE.getN();
  private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);
  private static final int WORD = 32;

  private final BigInteger secret;
  private final ECPoint point;

  private Secp256k1Key(BigInteger secret) {
    this.secret = secret;
    this.point = new FixedPointCombMultiplier().multiply(CURVE.getG(), secret).normalize();
  }

  /** A new random key. */
  public static Secp256k1Key generate() {
    return new Secp256k1Key(
        BigIntegers.createRandomInRange(
            BigInteger.ONE, ORDER.subtract(BigInteger.ONE), new SecureRandom()));
  }

  /** The key with this 32-byte secret, which must lie in 1 to the curve's order. */
  public static Secp256k1Key of(byte[] secret) {
    BigInteger number = new BigInteger(1, secret);
    if (secret.length != WORD || number.signum() == 0 || number.compareTo(ORDER) >= 0) {
      throw Check.refusal("key", "not a secp256k1 secret");
    }
    return new Secp256k1Key(number);
  }

  /** The public key, 33 bytes compressed. */
  public byte[] publicKey() {
    return point.getEncoded(true);
  }

  /** The chain address that belongs to the key. */
  public Address address() {
    return address(point);
  }

  /** The address of a public key, 33 bytes compressed. */
  public static Address address(byte[] publicKey) {
    // The curve's decoder also reads other forms, and one byte as the point at infinity.
    if (publicKey.length != PUBLIC_BYTES) {
      throw Check.refusal("key", "a secp256k1 public key has 33 bytes, this " + publicKey.length);
    }
    try {
      return address(CURVE.getCurve().decodePoint(publicKey).normalize());
    } catch (IllegalArgumentException notOnCurve) {
      throw Check.refusal("key", "not a secp256k1 public key");
    }
  }

  /** Signs a 32-byte hash. */
  public byte[] sign(byte[] hash) {
    var nonces = new HMacDSAKCalculator(new SHA256Digest());
    nonces.init(ORDER, secret, hash);
    BigInteger message = new BigInteger(1, hash);
    while (true) {
      BigInteger nonce = nonces.nextK();
      ECPoint shared = new FixedPointCombMultiplier().multiply(CURVE.getG(), nonce).normalize();
      BigInteger r = shared.getAffineXCoord().toBigInteger().mod(ORDER);
      BigInteger s =
          BigIntegers.modOddInverse(ORDER, nonce)
              .multiply(message.add(secret.multiply(r)))
              .mod(ORDER);
      if (r.signum() != 0 && s.signum() != 0) {
        boolean odd = shared.getAffineYCoord().testBitZero();
        boolean high = s.compareTo(HALF_ORDER) > 0;
        return encode(r, high ? ORDER.subtract(s) : s, odd != high);
      }
    }
  }

  /** Who signed a 32-byte hash; empty if the signature is malformed, of high s, or fits no key. */
  public static Optional<Address> recover(byte[] hash, byte[] signature) {
    if (signature.length != SIGNATURE_BYTES || hash.length != WORD) {
      return Optional.empty();
    }
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, WORD));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, WORD, 2 * WORD));
    int v = signature[2 * WORD] - 27;
    if ((v != 0 && v != 1)
        || r.signum() == 0
        || s.signum() == 0
        || r.compareTo(ORDER) >= 0
        || s.compareTo(HALF_ORDER) > 0) {
      return Optional.empty();
    }
    return recover(hash, r, s, v);
  }

  private static Optional<Address> recover(byte[] hash, BigInteger r, BigInteger s, int odd) {
    byte[] compressed = new byte[PUBLIC_BYTES];
    compressed[0] = (byte) (2 + odd);
    System.arraycopy(BigIntegers.asUnsignedByteArray(WORD, r), 0, compressed, 1, WORD);
    ECPoint shared;
    try {
      shared = CURVE.getCurve().decodePoint(compressed);
    } catch (IllegalArgumentException notOnCurve) {
      return Optional.empty();
    }
    BigInteger inverse = BigIntegers.modOddInverseVar(ORDER, r);
    BigInteger message = new BigInteger(1, hash);
    BigInteger generator = ORDER.subtract(message.mod(ORDER)).multiply(inverse).mod(ORDER);
    ECPoint point =
        ECAlgorithms.sumOfTwoMultiplies(
                CURVE.getG(), generator, shared, inverse.multiply(s).mod(ORDER))
            .normalize();
    return point.isInfinity() ? Optional.empty() : Optional.of(address(point));
  }

  private static byte[] encode(BigInteger r, BigInteger s, boolean odd) {
    byte[] signature = new byte[SIGNATURE_BYTES];
    System.arraycopy(BigIntegers.asUnsignedByteArray(WORD, r), 0, signature, 0, WORD);
    System.arraycopy(BigIntegers.asUnsignedByteArray(WORD, s), 0, signature, WORD, WORD);
    signature[2 * WORD] = (byte) (odd ? 28 : 27);
    return signature;
  }

  private static Address address(ECPoint point) {
    byte[] encoded = point.getEncoded(false);
    byte[] hash = Keccak.hash(Arrays.copyOfRange(encoded, 1, encoded.length));
    return Address.of(Arrays.copyOfRange(hash, hash.length - Address.BYTES, hash.length));
  }

  /** The 32-byte secret, for libraries that sign transactions; never log it. */
  public byte[] secret() {
    return BigIntegers.asUnsignedByteArray(WORD, secret);
  }
}
