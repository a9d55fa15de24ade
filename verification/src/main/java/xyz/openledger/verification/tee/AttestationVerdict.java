package xyz.openledger.verification.tee;

/** What a piece of evidence is worth. */
public sealed interface AttestationVerdict {
  /**
   * The root's hardware signed that this program runs, for this nonce.
   *
   * @param platform {@code sev-snp} or {@code tdx}
   * @param measurement of the program, in hex
   */
  record Attested(String platform, String measurement) implements AttestationVerdict {}

  /** All checks hold, and the root is made up: it shows that the checks work, and nothing else. */
  record Simulated(String platform, String measurement) implements AttestationVerdict {}

  /**
   * A check failed.
   *
   * @param check which, in a word
   */
  record Refused(String check, String reason) implements AttestationVerdict {}

  /** The verdict when all checks hold, by what the root is. */
  static AttestationVerdict held(TrustRoot root, String platform, String measurement) {
    return switch (root) {
      case TrustRoot.Vendor _ -> new Attested(platform, measurement);
      case TrustRoot.Synthetic _ -> new Simulated(platform, measurement);
    };
  }
}
