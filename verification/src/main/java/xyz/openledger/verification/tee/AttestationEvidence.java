package xyz.openledger.verification.tee;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.json.Json;

/**
 * What a chip says of one outcome, in a form that travels with it and stands in the receipt. The
 * root comes along, and counts only if the policy lists it.
 *
 * @param platform {@code sev-snp} or {@code tdx}
 * @param report the chip's report or quote, Base64
 * @param certificates below the root, PEM, the chip's first; empty for a quote that brings them
 * @param root PEM
 */
public record AttestationEvidence(
    String platform, String report, String certificates, String root) {
  /** The longest text of it. */
  public static final int LETTERS_MAX = 32 * 1_024;

  private static final String SNP = "sev-snp";
  private static final String TDX = "tdx";
  private static final int PART_MAX = 24 * 1_024;

  /**
   * What the outcome is of which a chip speaks: all of it stands in a receipt.
   *
   * @param task the {@link xyz.openledger.protocol.TaskIdentity} that was run
   */
  public record Subject(ReplicaId replica, NodeId node, long fence, Digest task, Digest outcome) {
    /** Of an outcome. */
    public static Subject of(
        ReplicaId replica, NodeId node, long fence, Digest task, Outcome outcome) {
      return new Subject(replica, node, fence, task, outcome.digest());
    }

    /**
     * What the chip has to sign. The node's name is the digest of its key; the outcome stands for
     * the beacon, as nobody knew it before the work was done.
     */
    public Digest nonce() {
      return AttestationTerms.nonce(
          replica.toString(),
          node.value().getBytes(StandardCharsets.UTF_8),
          Domain.of("attested-outcome").int64(fence).digest(task).digest(outcome).digest());
    }
  }

  /** Checks the form. */
  public AttestationEvidence {
    if (!SNP.equals(platform) && !TDX.equals(platform)) {
      throw Check.refusal("platform", "must be sev-snp or tdx");
    }
    part("report", report);
    part("certificates", certificates);
    part("root", root);
  }

  private static void part(String field, String text) {
    if (Check.present(field, text).length() > PART_MAX) {
      throw Check.refusal(field, "is longer than " + PART_MAX + " letters");
    }
  }

  /** Evidence of an SEV-SNP chip. */
  public static AttestationEvidence ofSnp(byte[] report, String certificates, String root) {
    return new AttestationEvidence(
        SNP, Base64.getEncoder().encodeToString(report), certificates, root);
  }

  /**
   * Reads one.
   *
   * @throws xyz.openledger.protocol.ProblemException for anything else
   */
  public static AttestationEvidence read(String text) {
    if (text.length() > LETTERS_MAX) {
      throw Check.refusal("attestation", "is longer than " + LETTERS_MAX + " letters");
    }
    return Json.read(text.getBytes(StandardCharsets.UTF_8), AttestationEvidence.class);
  }

  /** This as text. */
  public String text() {
    return new String(Json.canonical(this), StandardCharsets.UTF_8);
  }

  /** Judges it for an outcome, by the roots, programs and versions that a policy names. */
  public AttestationVerdict judge(Subject subject, Policy.Attestation policy, Instant at) {
    X509Certificate trusted;
    byte[] bytes;
    try {
      trusted =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(root.getBytes(StandardCharsets.US_ASCII)));
      if (!policy.roots().contains(Digest.of(trusted.getEncoded()))) {
        return new AttestationVerdict.Refused(
            "root", "the policy does not list " + Digest.of(trusted.getEncoded()));
      }
      bytes = Base64.getDecoder().decode(report);
    } catch (CertificateException | IllegalArgumentException malformed) {
      return new AttestationVerdict.Refused("format", "root or report cannot be read");
    }
    Set<String> measurements = new HashSet<>(policy.measurements());
    List<Integer> versions = policy.securityVersionsMin();
    var terms =
        new AttestationTerms(
            measurements, versions == null ? List.of() : versions, subject.nonce(), Set.of(), at);
    return platform.equals(SNP)
        ? Attestation.ofSnp(
            bytes, certificates.getBytes(StandardCharsets.US_ASCII), TrustRoot.of(trusted), terms)
        : Attestation.ofTdx(bytes, TrustRoot.of(trusted), terms);
  }
}
