package xyz.openledger.protocol.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.ProblemException;

/**
 * Private keys as PKCS#8 PEM files of mode 0600, one key a purpose. A file that others may read is
 * refused, and so is a key of another algorithm.
 */
public final class KeyFile {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final int MARKS = BEGIN.length() + END.length();
  // RFC 8410.
  private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");
  private static final int FILE_BYTES_MAX = 8_192;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private KeyFile() {}

  /** The Ed25519 key in {@code file}; made and written first if there is none. */
  public static Ed25519Key ed25519(Path file) {
    if (!Files.exists(file)) {
      var algorithm = new AlgorithmIdentifier(ED25519);
      write(file, algorithm, new DEROctetString(Ed25519Key.generate().seed()));
    }
    PrivateKeyInfo info = read(file);
    try {
      if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(ED25519)) {
        throw Check.refusal("key", file + " does not hold an Ed25519 key");
      }
      return Ed25519Key.of(ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets());
    } catch (IOException | IllegalArgumentException malformed) {
      throw noKey(file);
    }
  }

  /** The secp256k1 key in {@code file}; made and written first if there is none. */
  public static Secp256k1Key secp256k1(Path file) {
    if (!Files.exists(file)) {
      write(file, Secp256k1Key.generate());
    }
    PrivateKeyInfo info = read(file);
    try {
      if (!SECObjectIdentifiers.secp256k1.equals(info.getPrivateKeyAlgorithm().getParameters())) {
        throw Check.refusal("key", file + " does not hold a secp256k1 key");
      }
      byte[] secret = new byte[32];
      byte[] key = ECPrivateKey.getInstance(info.parsePrivateKey()).getKey().toByteArray();
      int from = Math.max(0, key.length - secret.length);
      System.arraycopy(key, from, secret, secret.length - (key.length - from), key.length - from);
      return Secp256k1Key.of(secret);
    } catch (IOException | IllegalArgumentException malformed) {
      throw noKey(file);
    }
  }

  /**
   * Writes a secp256k1 key to a new file.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} if there is a file
   *     already: it may be the only copy of another key
   */
  public static void save(Path file, Secp256k1Key key) {
    if (!write(file, key)) {
      throw Check.refusal("key", file + " exists already; move it away first");
    }
  }

  private static boolean write(Path file, Secp256k1Key key) {
    var algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256k1);
    int bits = CustomNamedCurves.getByName("secp256k1").getN().bitLength();
    return write(file, algorithm, new ECPrivateKey(bits, new BigInteger(1, key.secret())));
  }

  /** Whether the file is new: another process of ours may have made the key first. */
  private static boolean write(Path file, AlgorithmIdentifier algorithm, ASN1Encodable key) {
    try {
      byte[] encoded = new PrivateKeyInfo(algorithm, key).getEncoded();
      String body =
          Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
              .encodeToString(encoded);
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      // Under a name of its own first, so that nobody ever reads half a key.
      Path draft =
          Files.createTempFile(
              folder, ".key", ".pem", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        String pem = BEGIN + "\n" + body + "\n" + END + "\n";
        channel.write(ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII)));
        channel.force(true);
        Files.createLink(file, draft);
        return true;
      } finally {
        Files.delete(draft);
      }
    } catch (FileAlreadyExistsException raced) {
      return false;
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private static PrivateKeyInfo read(Path file) {
    String pem = text(file);
    if (!pem.startsWith(BEGIN) || !pem.endsWith(END) || pem.length() < MARKS) {
      throw noKey(file);
    }
    String body = pem.substring(BEGIN.length(), pem.length() - END.length());
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(body);
      if (encoded.length == 0) {
        throw noKey(file);
      }
      return PrivateKeyInfo.getInstance(encoded);
    } catch (IllegalArgumentException malformed) {
      throw noKey(file);
    }
  }

  private static String text(Path file) {
    try {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw Check.refusal("key", file + " may be read by others; run: chmod 600 " + file);
      }
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw Check.refusal("key", file + " is too long for a key");
      }
      return new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static ProblemException noKey(Path file) {
    return Check.refusal("key", file + " is not a PKCS#8 PEM file");
  }
}
