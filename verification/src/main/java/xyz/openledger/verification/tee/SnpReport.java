package xyz.openledger.verification.tee;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An attestation report of AMD SEV-SNP, 1,184 bytes, by the offsets of AMD's firmware interface
 * (56860). The chip's key signs the first 0x2A0 of them.
 */
record SnpReport(Bytes bytes) {
  static final int LENGTH = 1184;

  private static final int SIGNED_LENGTH = 0x2A0;
  private static final int COMPONENT_LENGTH = 72;
  private static final int KEY_LENGTH = 48;
  private static final int ECDSA_P384_SHA384 = 1;
  private static final long DEBUG = 1L << 19;
  private static final int NONCE_LENGTH = 32;
  private static final int CHIP_LENGTH = 64;

  /** Where boot loader, TEE, SNP firmware and microcode stand in a TCB version. */
  private static final int[] TCB_BYTES = {0, 1, 6, 7};

  private static final String TCB_OID = "1.3.6.1.4.1.3704.1.3.";
  private static final String[] TCB_NAMES = {"1", "2", "3", "8"};
  private static final String CHIP_OID = "1.3.6.1.4.1.3704.1.4";

  static SnpReport read(byte[] evidence) throws Refusal {
    Refusal.unless(
        evidence.length == LENGTH,
        "format",
        "a report has 1184 bytes, this has " + evidence.length);
    return new SnpReport(Bytes.of(evidence));
  }

  String measurement() throws Refusal {
    return bytes.part(0x90, 48).hex();
  }

  void check(CertificateChain chain, AttestationTerms terms) throws Refusal {
    long version = bytes.number(0, 4);
    Refusal.unless(version >= 2 && version <= 5, "format", "no report of version " + version);
    Refusal.unless(
        bytes.number(0x34, 4) == ECDSA_P384_SHA384, "format", "it is signed by another method");
    Refusal.unless(
        bytes.part(0x2A0 + 2 * COMPONENT_LENGTH, 368).isZero(),
        "format",
        "what must be zero is not");
    signature(chain.leaf());
    chipAndVersions(chain.leaf());
    Refusal.unless(
        (bytes.number(0x08, 8) & DEBUG) == 0,
        "debug",
        "its host may look into it: debugging is on");
    Refusal.unless(bytes.number(0x30, 4) == 0, "level", "it was asked for below privilege level 0");
    Refusal.unless(
        terms.measurements().contains(measurement()),
        "measurement",
        "another program runs there: " + measurement());
    Refusal.unless(
        Arrays.equals(bytes.part(0x50, NONCE_LENGTH).copy(), terms.nonce().bytes())
            && bytes.part(0x50 + NONCE_LENGTH, NONCE_LENGTH).isZero(),
        "nonce",
        "it was made for another job, node or time");
    versions(terms.securityVersionsMin());
  }

  private void signature(X509Certificate key) throws Refusal {
    try {
      var verifier = Signature.getInstance("SHA384withECDSAinP1363Format");
      verifier.initVerify(key.getPublicKey());
      verifier.update(bytes.part(0, SIGNED_LENGTH).copy());
      byte[] signature = new byte[2 * KEY_LENGTH];
      for (int i = 0; i < 2; i++) {
        Bytes component = bytes.part(SIGNED_LENGTH + i * COMPONENT_LENGTH, COMPONENT_LENGTH);
        Refusal.unless(component.rest(KEY_LENGTH).isZero(), "signature", "a component is too long");
        byte[] number = component.part(0, KEY_LENGTH).reversed();
        System.arraycopy(number, 0, signature, i * KEY_LENGTH, KEY_LENGTH);
      }
      Refusal.unless(verifier.verify(signature), "signature", "the chip did not sign this report");
    } catch (GeneralSecurityException unfit) {
      throw new Refusal("signature", "it is none that the chip's key could have made");
    }
  }

  /** The certificate is for one chip at certain versions; the report must be of just those. */
  private void chipAndVersions(X509Certificate key) throws Refusal {
    for (int i = 0; i < TCB_NAMES.length; i++) {
      int certified = DerValue.integer(key.getExtensionValue(TCB_OID + TCB_NAMES[i]), "versions");
      Refusal.unless(
          certified == reported().get(i),
          "versions",
          "the certificate is for other firmware than the report");
    }
    Refusal.unless(
        Arrays.equals(
            DerValue.name(key.getExtensionValue(CHIP_OID), CHIP_LENGTH, "chip"),
            bytes.part(0x1A0, CHIP_LENGTH).copy()),
        "chip",
        "the certificate is another chip's");
  }

  private void versions(List<Integer> least) throws Refusal {
    List<Integer> reported = reported();
    for (int i = 0; i < least.size(); i++) {
      Refusal.unless(
          i < reported.size() && reported.get(i) >= least.get(i),
          "versions",
          "security versions %s, %s asked for".formatted(reported, least));
    }
  }

  private List<Integer> reported() throws Refusal {
    var versions = new ArrayList<Integer>();
    for (int at : TCB_BYTES) {
      versions.add((int) bytes.number(0x180 + at, 1));
    }
    return versions;
  }
}
