package xyz.openledger.verification.tee;

/**
 * Judges evidence from trusted execution environments. Nothing in the evidence is taken at its
 * word: the root comes from whoever asks, and a root that is made up can never give more than
 * {@link AttestationVerdict.Simulated}.
 */
public final class Attestation {
  private static final String SNP = "sev-snp";
  private static final String TDX = "tdx";

  private Attestation() {}

  /**
   * Judges a report of AMD SEV-SNP.
   *
   * @param report 1,184 bytes
   * @param certificates the chip's certificate and AMD's intermediate one, PEM, the chip's first
   */
  public static AttestationVerdict ofSnp(
      byte[] report, byte[] certificates, TrustRoot root, AttestationTerms terms) {
    try {
      var chain = CertificateChain.read(certificates);
      chain.check(root, terms);
      var read = SnpReport.read(report);
      read.check(chain, terms);
      return AttestationVerdict.held(root, SNP, read.measurement());
    } catch (Refusal refusal) {
      return refused(refusal);
    }
  }

  /** Judges a quote of Intel TDX, which brings its certificates. */
  public static AttestationVerdict ofTdx(byte[] quote, TrustRoot root, AttestationTerms terms) {
    try {
      var read = TdxQuote.read(quote);
      read.chain().check(root, terms);
      read.check(terms);
      return AttestationVerdict.held(root, TDX, read.measurement());
    } catch (Refusal refusal) {
      return refused(refusal);
    }
  }

  private static AttestationVerdict refused(Refusal refusal) {
    return new AttestationVerdict.Refused(refusal.check(), String.valueOf(refusal.getMessage()));
  }
}
