package xyz.openledger.chainanchor.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * The public half of a log's key, as C2SP signed-note writes it: {@code <name>+<hash, 8 hex
 * digits>+<base64 of 0x01 and the 32-byte Ed25519 key>}. This is what a reader pins.
 */
public final class LogKey {
  static final int HASH_BYTES = 4;
  private static final byte ED25519 = 1;

  private final String name;
  private final byte[] publicKey;

  private LogKey(String name, byte[] publicKey) {
    this.name = name;
    this.publicKey = publicKey;
  }

  /** The key of the log {@code name}. */
  public static LogKey of(String name, byte[] publicKey) {
    if (!Checkpoint.isOrigin(name) || publicKey.length != Ed25519Key.PUBLIC_BYTES) {
      throw new IllegalArgumentException("not a log key: " + name);
    }
    return new LogKey(name, publicKey.clone());
  }

  /**
   * Reads the line that {@link #toString} writes.
   *
   * @throws IllegalArgumentException for anything else, and for a hash that does not fit
   */
  public static LogKey parse(String line) {
    String[] parts = line.strip().split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a log key is <name>+<hash>+<base64>");
    }
    byte[] key = Notes.base64(parts[2], "the log key");
    if (key.length != 1 + Ed25519Key.PUBLIC_BYTES || key[0] != ED25519) {
      throw new IllegalArgumentException("the log key is not an Ed25519 key");
    }
    var parsed = of(parts[0], Arrays.copyOfRange(key, 1, key.length));
    if (!HexFormat.of().formatHex(parsed.hash()).equals(parts[1])) {
      throw new IllegalArgumentException("the log key's hash does not fit its name and key");
    }
    return parsed;
  }

  /** Whose key it is: the first line of the log's checkpoints. */
  public String name() {
    return name;
  }

  /**
   * What marks this key's signatures: the first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key).
   */
  byte[] hash() {
    byte[] digest =
        Digest.of((name + "\n").getBytes(StandardCharsets.UTF_8), new byte[] {ED25519}, publicKey)
            .bytes();
    return Arrays.copyOf(digest, HASH_BYTES);
  }

  boolean verifies(byte[] text, byte[] signature) {
    return Ed25519Key.verify(publicKey, text, signature);
  }

  @Override
  public String toString() {
    byte[] key = new byte[1 + publicKey.length];
    key[0] = ED25519;
    System.arraycopy(publicKey, 0, key, 1, publicKey.length);
    return name
        + "+"
        + HexFormat.of().formatHex(hash())
        + "+"
        + Base64.getEncoder().encodeToString(key);
  }
}
