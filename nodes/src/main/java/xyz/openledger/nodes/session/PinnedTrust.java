package xyz.openledger.nodes.session;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * Trusts what one authority vouches for, known by the SHA-256 of its certificate, and nothing else.
 * The peer brings the authority's certificate along; the whole path is then checked as usual, with
 * that one as its only anchor.
 */
public final class PinnedTrust extends X509ExtendedTrustManager {
  private final Digest authority;
  private volatile @Nullable X509Certificate seen;

  /** Trusts the authority with that fingerprint. */
  public PinnedTrust(Digest authority) {
    this.authority = authority;
  }

  /** The authority's certificate, once a peer has shown it and was trusted. */
  public Optional<X509Certificate> authority() {
    return Optional.ofNullable(seen);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authenticationType, SSLEngine engine)
      throws CertificateException {
    X509Certificate anchor = anchor(chain);
    path(anchor).checkServerTrusted(chain, authenticationType, engine);
    seen = anchor;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authenticationType, Socket socket)
      throws CertificateException {
    X509Certificate anchor = anchor(chain);
    path(anchor).checkServerTrusted(chain, authenticationType, socket);
    seen = anchor;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authenticationType)
      throws CertificateException {
    // Without the connection the name in the certificate cannot be checked.
    throw new CertificateException("the connection is not known");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authenticationType)
      throws CertificateException {
    throw new CertificateException("this side accepts no clients");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authenticationType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authenticationType);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authenticationType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authenticationType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private X509Certificate anchor(X509Certificate[] chain) throws CertificateException {
    for (X509Certificate certificate : chain) {
      if (Digest.of(certificate.getEncoded()).equals(authority)) {
        return certificate;
      }
    }
    String shown =
        chain.length == 0 ? "none" : Digest.of(chain[chain.length - 1].getEncoded()).toString();
    throw new CertificateException(
        "this is not the gateway that the claim code means: it shows authority %s, expected %s"
            .formatted(shown, authority));
  }

  private static X509ExtendedTrustManager path(X509Certificate anchor) throws CertificateException {
    try {
      KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      anchors.setCertificateEntry("authority", anchor);
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(anchors);
      return (X509ExtendedTrustManager)
          Arrays.stream(factory.getTrustManagers())
              .filter(X509ExtendedTrustManager.class::isInstance)
              .findFirst()
              .orElseThrow();
    } catch (IOException | GeneralSecurityException impossible) {
      throw new CertificateException("cannot check a certificate path", impossible);
    }
  }
}
