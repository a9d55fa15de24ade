package xyz.openledger.nodes.sandbox;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.CipherOutputStream;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a program in a container writes, and how its starter reads it. A container's output also
 * stands in the cluster's logs, which many may read and keep; its input does not. So the first that
 * the starter sends is a key, used once, and the program's answers are enciphered with it (AES-256,
 * counter mode). That hides them in logs; that nobody changes them on the way is TLS's part.
 *
 * <p>The program waits for the key: what it wrote before somebody listens would be lost.
 */
public final class Attached {
  /** Set for programs that are reached by attaching to their container. */
  public static final String PROPERTY = "openledger.attached";

  private static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;
  private static final int KEY_WAIT_SECONDS = 120;
  private static final int EXIT_UNWANTED = 4;

  private Attached() {}

  /** A key for one program. */
  public static byte[] newKey() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }

  /**
   * Where this program's answers go: to {@code out} as they are, or, in a container, enciphered
   * with the key that it waits for. A program that nobody attaches to ends by itself.
   */
  public static OutputStream answers(InputStream in, OutputStream out) throws IOException {
    return Boolean.getBoolean(PROPERTY) ? enciphered(awaitKey(in), out) : out;
  }

  private static byte[] awaitKey(InputStream in) throws IOException {
    var here = new CountDownLatch(1);
    Thread.ofPlatform().daemon().name("key-watch").start(() -> endUnless(here));
    byte[] key = in.readNBytes(KEY_BYTES);
    here.countDown();
    if (key.length < KEY_BYTES) {
      throw new EOFException("the input ended before the key");
    }
    return key;
  }

  private static void endUnless(CountDownLatch here) {
    try {
      if (!here.await(KEY_WAIT_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(EXIT_UNWANTED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static OutputStream enciphered(byte[] key, OutputStream out) {
    return new CipherOutputStream(out, cipher(Cipher.ENCRYPT_MODE, key));
  }

  /** The answers of a program that got {@code key}. */
  public static InputStream deciphered(byte[] key, InputStream in) {
    return new CipherInputStream(in, cipher(Cipher.DECRYPT_MODE, key));
  }

  /** The counter may begin at 0 each time, since no key is used twice. */
  private static Cipher cipher(int mode, byte[] key) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[BLOCK_BYTES]));
      return cipher;
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java machine has AES", impossible);
    }
  }
}
