package xyz.openledger.chainanchor.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.OptionalLong;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * The public half of a witness's key, as C2SP tlog-cosignature writes it: {@code <name>+<hash, 8
 * hex digits>+<base64 of 0x04 and the 32-byte Ed25519 key>}. Its signatures carry the time at which
 * the witness saw the checkpoint:
 *
 * <pre>
 *   cosignature/v1
 *   time 1763800000
 *   the checkpoint's three lines
 * </pre>
 */
public final class WitnessKey {
  private static final byte COSIGNATURE_V1 = 4;
  private static final int HASH_BYTES = 4;

  private final String name;
  private final byte[] publicKey;

  private WitnessKey(String name, byte[] publicKey) {
    this.name = name;
    this.publicKey = publicKey;
  }

  /** The key of the witness {@code name}. */
  public static WitnessKey of(String name, byte[] publicKey) {
    if (!Checkpoint.isOrigin(name) || publicKey.length != Ed25519Key.PUBLIC_BYTES) {
      throw new IllegalArgumentException("not a witness key: " + name);
    }
    return new WitnessKey(name, publicKey.clone());
  }

  /**
   * Reads the line that {@link #toString} writes.
   *
   * @throws IllegalArgumentException for anything else, and for a hash that does not fit
   */
  public static WitnessKey parse(String line) {
    String[] parts = line.strip().split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a witness key is <name>+<hash>+<base64>");
    }
    byte[] key = Notes.base64(parts[2], "the witness key");
    if (key.length != 1 + Ed25519Key.PUBLIC_BYTES || key[0] != COSIGNATURE_V1) {
      throw new IllegalArgumentException("the witness key is not one for cosignature/v1");
    }
    var parsed = of(parts[0], Arrays.copyOfRange(key, 1, key.length));
    if (!HexFormat.of().formatHex(parsed.hash()).equals(parts[1])) {
      throw new IllegalArgumentException("the witness key's hash does not fit its name and key");
    }
    return parsed;
  }

  /**
   * Signs that the checkpoint was seen at {@code epochSecond}, and follows what was seen before.
   */
  public static CheckpointNote.Signature cosign(
      String name, Ed25519Key key, Checkpoint checkpoint, long epochSecond) {
    byte[] signature = key.sign(message(checkpoint, epochSecond));
    byte[] blob =
        ByteBuffer.allocate(HASH_BYTES + Long.BYTES + signature.length)
            .put(of(name, key.publicKey()).hash())
            .putLong(epochSecond)
            .put(signature)
            .array();
    return new CheckpointNote.Signature(name, Base64.getEncoder().encodeToString(blob));
  }

  /** When this witness cosigned, in seconds since 1970; empty if this is no cosignature of it. */
  public OptionalLong verify(Checkpoint checkpoint, CheckpointNote.Signature signature) {
    byte[] blob = Notes.base64(signature.base64(), "a signature");
    if (!signature.name().equals(name)
        || blob.length != HASH_BYTES + Long.BYTES + Ed25519Key.SIGNATURE_BYTES
        || !Arrays.equals(Arrays.copyOf(blob, HASH_BYTES), hash())) {
      return OptionalLong.empty();
    }
    long time = ByteBuffer.wrap(blob, HASH_BYTES, Long.BYTES).getLong();
    byte[] signed = Arrays.copyOfRange(blob, HASH_BYTES + Long.BYTES, blob.length);
    return time > 0 && Ed25519Key.verify(publicKey, message(checkpoint, time), signed)
        ? OptionalLong.of(time)
        : OptionalLong.empty();
  }

  /** When this witness cosigned the note; empty if it did not. */
  public OptionalLong verify(CheckpointNote note) {
    return note.signatures().stream()
        .map(signature -> verify(note.checkpoint(), signature))
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  /** Whose key it is. */
  public String name() {
    return name;
  }

  private byte[] hash() {
    byte[] digest =
        Digest.of(
                (name + "\n").getBytes(StandardCharsets.UTF_8),
                new byte[] {COSIGNATURE_V1},
                publicKey)
            .bytes();
    return Arrays.copyOf(digest, HASH_BYTES);
  }

  private static byte[] message(Checkpoint checkpoint, long epochSecond) {
    return ("cosignature/v1\ntime " + epochSecond + "\n" + checkpoint.text())
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    byte[] key = new byte[1 + publicKey.length];
    key[0] = COSIGNATURE_V1;
    System.arraycopy(publicKey, 0, key, 1, publicKey.length);
    return name
        + "+"
        + HexFormat.of().formatHex(hash())
        + "+"
        + Base64.getEncoder().encodeToString(key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WitnessKey key
        && key.name.equals(name)
        && Arrays.equals(key.publicKey, publicKey);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(publicKey);
  }
}
