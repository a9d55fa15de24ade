package xyz.openledger.cluster.gateway;

import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import xyz.openledger.protocol.ClaimCode;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.session.Handshake;

/**
 * Vouches for the gateways of one network. Its certificate's SHA-256 stands in every claim code,
 * and nodes trust nothing else, so its key is kept with the others: PKCS#8 PEM of mode 0600. The
 * gateway's own key is drawn at each start and never written; its certificate is good for a year
 * and a month, so a member restarts at least that often.
 */
public final class GatewayAuthority {
  private static final Duration AUTHORITY_VALID = Duration.ofDays(20 * 365);
  private static final Duration GATEWAY_VALID = Duration.ofDays(397);

  /** Clocks of nodes may be behind. */
  private static final Duration SKEW = Duration.ofDays(1);

  private static final String AUTHORITY_NAME = "OpenLedger gateway authority";
  private static final String KEY = "PRIVATE KEY";
  private static final String CERTIFICATE = "CERTIFICATE";

  private final PrivateKey key;
  private final X509Certificate certificate;

  private GatewayAuthority(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * The authority whose key and certificate are {@code gateway-authority.pem} and {@code
   * gateway-authority.crt} in a folder; made at first use. One process at a time makes it.
   *
   * @throws ProblemException {@code invalid-request} if a file is damaged or may be read by others
   */
  public static GatewayAuthority open(Path keys) {
    Path keyFile = keys.resolve("gateway-authority.pem");
    Path certificateFile = keys.resolve("gateway-authority.crt");
    try {
      // The certificate is written last: if it is there, both are.
      if (!Files.exists(certificateFile)) {
        create(keyFile, certificateFile);
      }
      if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile))
          .endsWith("------")) {
        throw refusal(keyFile + " may be read by others; run: chmod 600 " + keyFile);
      }
      var encoded = new PKCS8EncodedKeySpec(read(keyFile, KEY));
      return new GatewayAuthority(
          KeyFactory.getInstance("EC").generatePrivate(encoded),
          Certificates.parse(read(certificateFile, CERTIFICATE)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (GeneralSecurityException damaged) {
      throw refusal(keys + " holds a damaged gateway authority: " + damaged.getMessage());
    }
  }

  /** SHA-256 of the authority's certificate: what nodes pin. */
  public Digest fingerprint() {
    try {
      return Digest.of(certificate.getEncoded());
    } catch (CertificateEncodingException impossible) {
      throw new AssertionError("a certificate that was parsed has a form", impossible);
    }
  }

  /**
   * A claim code for this authority.
   *
   * @param gateway {@code host:port} as nodes reach it
   * @param token as {@link ClaimCode#drawToken} drew it
   */
  public ClaimCode claim(String gateway, String token) {
    return new ClaimCode(gateway, fingerprint(), token);
  }

  /** What a gateway shows: a fresh key, vouched for by this authority. TLS 1.3 only. */
  ServerCredentials serverCredentials() {
    KeyPair gateway = Certificates.keyPair();
    Instant now = Instant.now();
    var span =
        new Certificates.Span(
            AUTHORITY_NAME, Handshake.GATEWAY_NAME, now.minus(SKEW), now.plus(GATEWAY_VALID));
    X509Certificate shown =
        Certificates.server(span, Handshake.GATEWAY_NAME, gateway.getPublic(), key);
    try {
      var context = SslContextBuilder.forServer(gateway.getPrivate(), shown, certificate);
      return NettySslContextServerCredentials.create(
          GrpcSslContexts.configure(context).protocols("TLSv1.3").build());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static void create(Path keyFile, Path certificateFile) throws IOException {
    KeyPair keys = Certificates.keyPair();
    Instant now = Instant.now();
    X509Certificate certificate =
        Certificates.authority(AUTHORITY_NAME, keys, now.minus(SKEW), now.plus(AUTHORITY_VALID));
    Files.createDirectories(keyFile.toAbsolutePath().getParent());
    // A key without a certificate was left by a start that did not end.
    Files.deleteIfExists(keyFile);
    writeOnce(keyFile, "rw-------", pem(KEY, keys.getPrivate().getEncoded()));
    Path fresh = certificateFile.resolveSibling(certificateFile.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try {
      writeOnce(fresh, "rw-r--r--", pem(CERTIFICATE, certificate.getEncoded()));
    } catch (CertificateEncodingException impossible) {
      throw new AssertionError("a certificate of our own making has a form", impossible);
    }
    Files.move(fresh, certificateFile, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void writeOnce(Path file, String permissions, String text) throws IOException {
    var attribute =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    try (var channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attribute)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (FileAlreadyExistsException raced) {
      throw refusal("another process is making " + file + "; start again");
    }
  }

  private static String pem(String kind, byte[] encoded) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded), kind);
  }

  private static byte[] read(Path file, String kind) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    String begin = "-----BEGIN " + kind + "-----";
    String end = "-----END " + kind + "-----";
    if (!text.startsWith(begin) || !text.endsWith(end)) {
      throw refusal(file + " is not a PEM file");
    }
    return Base64.getMimeDecoder()
        .decode(text.substring(begin.length(), text.length() - end.length()));
  }

  private static ProblemException refusal(String detail) {
    return new ProblemException(Problem.INVALID_REQUEST, "keys", detail);
  }
}
