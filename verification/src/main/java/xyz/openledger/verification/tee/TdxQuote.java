package xyz.openledger.verification.tee;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.List;

/**
 * A quote of Intel TDX, version 4:
 *
 * <pre>
 *   header 48 │ report 584 │ length 4 │ signature 64 │ key 64 │ 6, length │ quoting enclave
 *   quoting enclave: its report 384 │ signature 64 │ length 2 │ data │ 5, length │ certificates, PEM
 * </pre>
 *
 * <p>The processor's certified key signs the quoting enclave's report, which carries the digest of
 * the key that signed the quote. Not looked at is what Intel publishes apart: which versions are
 * out of date, and which enclave is its own. The terms' versions and revocations stand in for it.
 */
record TdxQuote(Bytes bytes, Bytes signature, Bytes key, Bytes enclave, CertificateChain chain) {
  private static final int SIGNED_LENGTH = 48 + 584;
  private static final int REPORT = 48;
  private static final int ENCLAVE_REPORT_LENGTH = 384;
  private static final int ENCLAVE_CERTIFICATION = 6;
  private static final int PEM_CHAIN = 5;
  private static final int LENGTH_MAX = 32 << 10;
  private static final int NONCE_LENGTH = 32;
  private static final int VERSIONS = 16;

  static TdxQuote read(byte[] evidence) throws Refusal {
    Refusal.unless(evidence.length <= LENGTH_MAX, "format", "a quote has at most 32 KiB");
    Bytes bytes = Bytes.of(evidence);
    Refusal.unless(
        bytes.number(0, 2) == 4 && bytes.number(2, 2) == 2 && bytes.number(4, 4) == 0x81,
        "format",
        "no TDX quote of version 4 signed by ECDSA P-256");
    Bytes body = bytes.rest(SIGNED_LENGTH + 4);
    Refusal.unless(
        body.length() == bytes.count(SIGNED_LENGTH, 4), "format", "there is more than the quote");
    Refusal.unless(
        body.number(128, 2) == ENCLAVE_CERTIFICATION, "format", "it is certified in another way");
    Bytes certification = body.rest(134);
    Refusal.unless(
        certification.length() == body.count(130, 4), "format", "the certification is cut");
    int data = certification.count(ENCLAVE_REPORT_LENGTH + 64, 2);
    int certificates = ENCLAVE_REPORT_LENGTH + 64 + 2 + data;
    Refusal.unless(
        certification.number(certificates, 2) == PEM_CHAIN,
        "format",
        "its certificates are no PEM");
    Bytes pem = certification.rest(certificates + 6);
    Refusal.unless(
        pem.length() == certification.count(certificates + 2, 4), "format", "the chain is cut");
    return new TdxQuote(
        bytes,
        body.part(0, 64),
        body.part(64, 64),
        certification.part(0, certificates),
        CertificateChain.read(pem.copy()));
  }

  String measurement() throws Refusal {
    return bytes.part(REPORT + 136, 48).hex();
  }

  void check(AttestationTerms terms) throws Refusal {
    Bytes enclaveReport = enclave.part(0, ENCLAVE_REPORT_LENGTH);
    signature(
        chain.leaf().getPublicKey(),
        enclaveReport,
        enclave.part(ENCLAVE_REPORT_LENGTH, 64),
        "the processor did not sign the quoting enclave's report");
    Refusal.unless(
        (enclaveReport.number(48, 8) & 2) == 0, "debug", "the quoting enclave can be debugged");
    Bytes data = enclave.rest(ENCLAVE_REPORT_LENGTH + 66);
    Refusal.unless(
        Arrays.equals(enclaveReport.part(320, 32).copy(), digest(key, data))
            && enclaveReport.part(352, 32).isZero(),
        "key",
        "the quoting enclave vouches for another key");
    signature(
        publicKey(),
        bytes.part(0, SIGNED_LENGTH),
        signature,
        "the quote is not signed by that key");
    Refusal.unless(
        (bytes.number(REPORT + 120, 8) & 1) == 0,
        "debug",
        "its host may look into it: debugging is on");
    Refusal.unless(
        terms.measurements().contains(measurement()),
        "measurement",
        "another program runs there: " + measurement());
    Refusal.unless(
        Arrays.equals(bytes.part(REPORT + 520, NONCE_LENGTH).copy(), terms.nonce().bytes())
            && bytes.part(REPORT + 552, NONCE_LENGTH).isZero(),
        "nonce",
        "it was made for another job, node or time");
    versions(terms.securityVersionsMin());
  }

  private void versions(List<Integer> least) throws Refusal {
    for (int i = 0; i < least.size(); i++) {
      Refusal.unless(
          i < VERSIONS && bytes.number(REPORT + i, 1) >= least.get(i),
          "versions",
          "security versions %s, %s asked for"
              .formatted(bytes.part(REPORT, VERSIONS).hex(), least));
    }
  }

  private static byte[] digest(Bytes key, Bytes data) throws Refusal {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(key.copy());
      return sha256.digest(data.copy());
    } catch (GeneralSecurityException impossible) {
      throw new Refusal("key", "no SHA-256: " + impossible.getMessage());
    }
  }

  private PublicKey publicKey() throws Refusal {
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      var point =
          new ECPoint(
              new BigInteger(1, key.part(0, 32).copy()),
              new BigInteger(1, key.part(32, 32).copy()));
      return KeyFactory.getInstance("EC")
          .generatePublic(
              new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
    } catch (GeneralSecurityException unfit) {
      throw new Refusal("key", "it is no point of P-256");
    }
  }

  private static void signature(PublicKey signer, Bytes signed, Bytes signature, String reason)
      throws Refusal {
    try {
      var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
      verifier.initVerify(signer);
      verifier.update(signed.copy());
      Refusal.unless(verifier.verify(signature.copy()), "signature", reason);
    } catch (GeneralSecurityException unfit) {
      throw new Refusal("signature", "it is none that the key could have made");
    }
  }
}
