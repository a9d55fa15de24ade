package xyz.openledger.verification.tee;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** Certificates from the one that signed a report up to the one below the root. */
record CertificateChain(List<X509Certificate> certificates) {
  private static final int BYTES_MAX = 64 << 10;
  private static final int CERTIFICATES_MAX = 4;

  CertificateChain {
    certificates = List.copyOf(certificates);
  }

  /** Reads PEM, the leaf first. */
  static CertificateChain read(byte[] pem) throws Refusal {
    Refusal.unless(pem.length <= BYTES_MAX, "chain", "certificates have at most 64 KiB");
    try {
      var read = new ArrayList<X509Certificate>();
      for (var each :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        read.add((X509Certificate) each);
      }
      Refusal.unless(
          !read.isEmpty() && read.size() <= CERTIFICATES_MAX,
          "chain",
          "a chain has 1 to %d certificates, this has %d".formatted(CERTIFICATES_MAX, read.size()));
      return new CertificateChain(read);
    } catch (CertificateException malformed) {
      throw new Refusal("chain", "the certificates cannot be read: they are neither PEM nor DER");
    }
  }

  X509Certificate leaf() {
    return certificates.getFirst();
  }

  /** Checks signatures, times, powers and revocations from the leaf to the root. */
  void check(TrustRoot root, AttestationTerms terms) throws Refusal {
    var whole = new ArrayList<>(certificates);
    if (!whole.getLast().equals(root.certificate())) {
      whole.add(root.certificate());
    }
    for (int i = 0; i < whole.size(); i++) {
      X509Certificate certificate = whole.get(i);
      X509Certificate issuer = whole.get(Math.min(i + 1, whole.size() - 1));
      String name = certificate.getSubjectX500Principal().getName();
      try {
        certificate.checkValidity(Date.from(terms.at()));
        certificate.verify(issuer.getPublicKey());
      } catch (CertificateException outside) {
        throw new Refusal("chain", name + " does not hold at " + terms.at());
      } catch (GeneralSecurityException forged) {
        throw new Refusal("chain", name + " is not signed by the certificate above it");
      }
      Refusal.unless(
          certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal()),
          "chain",
          name + " names another issuer");
      Refusal.unless(
          i == 0 || certificate.getBasicConstraints() >= 0,
          "chain",
          name + " may not sign certificates");
      Refusal.unless(
          !terms.revoked().contains(certificate.getSerialNumber().toString(16)),
          "chain",
          name + " is revoked");
    }
  }
}
