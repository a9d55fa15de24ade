package xyz.openledger.verification.tee;

import java.security.cert.X509Certificate;
import java.util.Locale;

/** Whose word ends a chain of certificates. */
public sealed interface TrustRoot {
  /** What a made-up root has in its name. */
  String MARK = "SIMULATED";

  /** The self-signed certificate. */
  X509Certificate certificate();

  /** A root that its holder says is the vendor's. */
  record Vendor(X509Certificate certificate) implements TrustRoot {}

  /** A root made up for tests and demonstrations: no hardware stands behind it. */
  record Synthetic(X509Certificate certificate) implements TrustRoot {}

  /** A root as its own name has it: one that is marked as simulated is never a vendor's. */
  static TrustRoot of(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName().toUpperCase(Locale.ROOT);
    return name.contains(MARK) ? new Synthetic(certificate) : new Vendor(certificate);
  }
}
