package xyz.openledger.cluster.gateway;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** X.509 certificates (RFC 5280) over P-256, made here, so that no other program is needed. */
final class Certificates {
  private static final AlgorithmIdentifier ECDSA_SHA256 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final int SERIAL_BITS = 120;

  /** Who vouches for whom, and when. */
  record Span(String issuer, String subject, Instant from, Instant to) {}

  private Certificates() {}

  static KeyPair keyPair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has P-256", impossible);
    }
  }

  /** A certificate that signs others, and only those that sign no further ones. */
  static X509Certificate authority(String name, KeyPair keys, Instant from, Instant to) {
    var extensions = new ExtensionsGenerator();
    add(extensions, Extension.basicConstraints, true, new BasicConstraints(0));
    add(extensions, Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    return issue(new Span(name, name, from, to), keys.getPublic(), keys.getPrivate(), extensions);
  }

  /** A certificate for a TLS server of that DNS name. */
  static X509Certificate server(Span span, String dnsName, PublicKey server, PrivateKey authority) {
    var extensions = new ExtensionsGenerator();
    add(extensions, Extension.basicConstraints, true, new BasicConstraints(false));
    add(extensions, Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    add(
        extensions,
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    add(
        extensions,
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)));
    return issue(span, server, authority, extensions);
  }

  private static X509Certificate issue(
      Span span, PublicKey subject, PrivateKey issuer, ExtensionsGenerator extensions) {
    var body = new V3TBSCertificateGenerator();
    body.setSerialNumber(new ASN1Integer(new BigInteger(SERIAL_BITS, new SecureRandom())));
    body.setSignature(ECDSA_SHA256);
    body.setIssuer(new X500Name("CN=" + span.issuer()));
    body.setSubject(new X500Name("CN=" + span.subject()));
    body.setStartDate(new Time(Date.from(span.from())));
    body.setEndDate(new Time(Date.from(span.to())));
    body.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(subject.getEncoded()));
    body.setExtensions(extensions.generate());
    try {
      var unsigned = body.generateTBSCertificate();
      var signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(issuer);
      signer.update(unsigned.getEncoded("DER"));
      var parts = new ASN1Encodable[] {unsigned, ECDSA_SHA256, new DERBitString(signer.sign())};
      return parse(new DERSequence(parts).getEncoded("DER"));
    } catch (IOException | GeneralSecurityException impossible) {
      throw new AssertionError("a certificate of our own making is well-formed", impossible);
    }
  }

  static X509Certificate parse(byte[] encoded) throws GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded));
  }

  private static void add(
      ExtensionsGenerator extensions,
      org.bouncycastle.asn1.ASN1ObjectIdentifier id,
      boolean critical,
      ASN1Encodable value) {
    try {
      extensions.addExtension(id, critical, value);
    } catch (IOException impossible) {
      throw new AssertionError("our extensions have a form", impossible);
    }
  }
}
