package xyz.openledger.verification.tee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import xyz.openledger.protocol.Digest;

/**
 * A chip that does not exist, for trying attestation where there is none. Its keys are published
 * with the source: anybody can make its evidence, which is called <em>simulated</em> everywhere.
 */
public final class SimulatedChip {
  /** The label of a node that attests; its value is {@link #PLATFORM} for this chip. */
  public static final String LABEL = "openledger.attestation";

  private static final String ROOT_LABEL = "openledger.attestation-root";

  private static final String MEASUREMENT_LABEL = "openledger.attestation-measurement";
  private static final String VERSIONS_LABEL = "openledger.attestation-versions";
  private static final int[] VERSIONS = {3, 0, 8, 115};

  /** What such a node says of itself. */
  public static final String PLATFORM = "simulated-sev-snp";

  /** Labels are shorter than digests. */
  private static final int LABEL_LETTERS = 32;

  private static final int COMPONENT_BYTES = 72;
  private static final int NUMBER_BYTES = 48;
  private static final int SIGNED_BYTES = 0x2A0;

  /** What it says runs on it: a made-up digest, the same on every machine. */
  private static final byte[] MEASUREMENT = made("measurement", 48);

  private static final byte[] CHIP = made("chip", 64);

  private final PrivateKey key;
  private final String certificates;
  private final String root;

  private SimulatedChip(PrivateKey key, String certificates, String root) {
    this.key = key;
    this.certificates = certificates;
    this.root = root;
  }

  /** The chip whose keys lie beside this class. */
  public static SimulatedChip open() {
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(resource("simulated-chip.key")));
      return new SimulatedChip(
          key,
          new String(resource("simulated-chip.pem"), StandardCharsets.US_ASCII),
          new String(resource("simulated-root.pem"), StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException damaged) {
      throw new IllegalStateException("the simulated chip's key cannot be read", damaged);
    }
  }

  /** What a policy writes into {@code measurements} to accept it. */
  public static String measurement() {
    return HexFormat.of().formatHex(MEASUREMENT);
  }

  /** What a policy writes into {@code roots} to accept it. */
  public static Digest rootDigest() {
    try (var pem = SimulatedChip.class.getResourceAsStream("simulated-root.pem")) {
      var root =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(Objects.requireNonNull(pem));
      return Digest.of(root.getEncoded());
    } catch (GeneralSecurityException | IOException damaged) {
      throw new IllegalStateException("the simulated root cannot be read", damaged);
    }
  }

  /** The labels of a node that has this chip. */
  public static Map<String, String> labels() {
    return Map.of(
        LABEL,
        PLATFORM,
        ROOT_LABEL,
        rootDigest().hex().substring(0, LABEL_LETTERS),
        MEASUREMENT_LABEL,
        measurement().substring(0, LABEL_LETTERS),
        VERSIONS_LABEL,
        Arrays.stream(VERSIONS).mapToObj(Integer::toString).collect(Collectors.joining(".")));
  }

  /** Evidence that carries a nonce. */
  public AttestationEvidence evidence(Digest nonce) {
    var report = ByteBuffer.allocate(SnpReport.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    report.putInt(0, 3).putLong(0x08, 0x30000).putInt(0x34, 1);
    report.put(0x50, nonce.bytes()).put(0x90, MEASUREMENT).put(0x1A0, CHIP);
    report.put(0x180, (byte) VERSIONS[0]).put(0x181, (byte) VERSIONS[1]);
    report.put(0x186, (byte) VERSIONS[2]).put(0x187, (byte) VERSIONS[3]);
    byte[] bytes = new byte[SnpReport.LENGTH];
    report.get(0, bytes);
    try {
      var signature = Signature.getInstance("SHA384withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(bytes, 0, SIGNED_BYTES);
      byte[] signed = signature.sign();
      for (int i = 0; i < NUMBER_BYTES; i++) {
        bytes[SIGNED_BYTES + i] = signed[NUMBER_BYTES - 1 - i];
        bytes[SIGNED_BYTES + COMPONENT_BYTES + i] = signed[2 * NUMBER_BYTES - 1 - i];
      }
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the JDK cannot sign by P-384", impossible);
    }
    return AttestationEvidence.ofSnp(bytes, certificates, root);
  }

  /** Bytes that stand for something which a real chip would have. */
  static byte[] made(String what, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i += Digest.BYTES) {
      byte[] part =
          Digest.of(("SIMULATED " + what + i).getBytes(StandardCharsets.US_ASCII)).bytes();
      System.arraycopy(part, 0, bytes, i, Math.min(Digest.BYTES, length - i));
    }
    return bytes;
  }

  private static byte[] resource(String name) {
    try (var resource = SimulatedChip.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(resource, name).readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
