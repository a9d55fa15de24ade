package xyz.openledger.verification.tee;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/** A maker of chips that do not exist: a root, an intermediate, and leaves, all SIMULATED. */
final class SyntheticVendor {
  static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");

  private static final Duration MONTH = Duration.ofDays(30);
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);

  /** How certificates are signed. */
  private enum Scheme {
    PSS_SHA384,
    ECDSA_SHA256
  }

  private final Scheme scheme;
  private final Duration life;
  private final KeyPair middleKey;
  final X509Certificate root;
  final X509Certificate middle;

  private SyntheticVendor(
      Scheme scheme, String name, Duration life, KeyPair rootKey, KeyPair middleKey)
      throws Exception {
    this.scheme = scheme;
    this.life = life;
    this.middleKey = middleKey;
    var authority =
        Map.<String, ASN1Primitive>of(
            Extension.basicConstraints.getId(), new BasicConstraints(true).toASN1Primitive());
    this.root = sign(name + " root", name + " root", rootKey, rootKey, 1, authority);
    this.middle = sign(name + " middle", name + " root", middleKey, rootKey, 2, authority);
  }

  /** RSA with PSS and SHA-384, as AMD signs. */
  static SyntheticVendor likeAmd(String name) throws Exception {
    return likeAmd(name, MONTH);
  }

  /** The same with certificates that hold so long before and after {@link #NOW}. */
  static SyntheticVendor likeAmd(String name, Duration life) throws Exception {
    return new SyntheticVendor(Scheme.PSS_SHA384, name, life, rsa(), rsa());
  }

  /** ECDSA over P-256, as Intel signs. */
  static SyntheticVendor likeIntel(String name) throws Exception {
    return new SyntheticVendor(Scheme.ECDSA_SHA256, name, MONTH, ec("secp256r1"), ec("secp256r1"));
  }

  /** A certificate for a chip's key; extensions by their identifiers, as they are in the string. */
  X509Certificate leaf(KeyPair key, int serial, Map<String, ASN1Primitive> extensions)
      throws Exception {
    return sign("SIMULATED chip", name(middle), key, middleKey, serial, extensions);
  }

  static String pem(X509Certificate... certificates) throws GeneralSecurityException {
    var text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n")
          .append(
              Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return text.toString();
  }

  static KeyPair ec(String curve) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private static KeyPair rsa() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName().substring("CN=".length());
  }

  private X509Certificate sign(
      String subject,
      String issuer,
      KeyPair key,
      KeyPair signer,
      int serial,
      Map<String, ASN1Primitive> extensions)
      throws Exception {
    AlgorithmIdentifier algorithm = algorithm();
    var body = new V3TBSCertificateGenerator();
    body.setSerialNumber(new ASN1Integer(BigInteger.valueOf(serial)));
    body.setSignature(algorithm);
    body.setIssuer(new X500Name("CN=" + issuer));
    body.setSubject(new X500Name("CN=" + subject));
    body.setStartDate(new Time(Date.from(NOW.minus(life))));
    body.setEndDate(new Time(Date.from(NOW.plus(life))));
    body.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()));
    if (!extensions.isEmpty()) {
      var all = new ExtensionsGenerator();
      for (var each : extensions.entrySet()) {
        all.addExtension(new ASN1ObjectIdentifier(each.getKey()), false, each.getValue());
      }
      body.setExtensions(all.generate());
    }
    var unsigned = body.generateTBSCertificate();
    Signature signature = signature();
    signature.initSign(signer.getPrivate());
    signature.update(unsigned.getEncoded());
    var whole =
        new DERSequence(
            new org.bouncycastle.asn1.ASN1Encodable[] {
              unsigned, algorithm, new DERBitString(signature.sign())
            });
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole.getEncoded()));
  }

  private Signature signature() throws GeneralSecurityException {
    if (scheme == Scheme.ECDSA_SHA256) {
      return Signature.getInstance("SHA256withECDSA");
    }
    var signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(PSS);
    return signature;
  }

  private AlgorithmIdentifier algorithm() throws Exception {
    if (scheme == Scheme.ECDSA_SHA256) {
      return new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.10045.4.3.2"));
    }
    var parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
    parameters.init(PSS);
    return new AlgorithmIdentifier(
        new ASN1ObjectIdentifier("1.2.840.113549.1.1.10"),
        ASN1Primitive.fromByteArray(parameters.getEncoded()));
  }
}
