package xyz.openledger.nodes.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import xyz.openledger.protocol.Check;

/**
 * A cluster, and as whom.
 *
 * @param server such as {@code https://10.96.0.1:443}
 * @param authorities certificates in PEM, of which one signed the server's; no other is trusted
 * @param token asked for each call, since the cluster renews it
 */
record ClusterAccess(URI server, String authorities, Supplier<String> token) {
  private static final int CERTIFICATES_MAX = 64;

  /** No token is ever sent where others could read it. */
  ClusterAccess {
    if (!"https".equals(server.getScheme()) || server.getHost() == null) {
      throw Check.refusal("server", "must begin with https:// and name a host, is " + server);
    }
  }

  /** A file that holds a token, read anew for each call. */
  static Supplier<String> tokenIn(Path file) {
    return () -> {
      try {
        return Files.readString(file).strip();
      } catch (IOException unreadable) {
        throw Check.refusal("token", "cannot be read from " + file);
      }
    };
  }

  /** Trust in the authorities alone. */
  SSLContext tls() {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var bytes =
          new ByteArrayInputStream(
              authorities.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      int count = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
        store.setCertificateEntry("authority-" + count++, certificate);
      }
      Check.range("certificate-authority", count, 1, CERTIFICATES_MAX);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException unreadable) {
      throw Check.refusal("certificate-authority", "is no certificate: " + unreadable.getMessage());
    }
  }
}
