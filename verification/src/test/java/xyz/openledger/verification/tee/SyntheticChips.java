package xyz.openledger.verification.tee;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import xyz.openledger.protocol.Digest;

/** Chips that do not exist, which sign what real ones would, and lies if they are told to. */
@SuppressWarnings("ByteBufferBackingArray") // all are allocated here
final class SyntheticChips {
  static final byte[] MEASUREMENT = random(48, 3);
  private static final byte[] CHIP = random(64, 4);

  private final Digest nonce;
  final KeyPair snpKey;
  final KeyPair processorKey;
  final KeyPair quoteKey;

  SyntheticChips(Digest nonce) throws Exception {
    this.nonce = nonce;
    this.snpKey = SyntheticVendor.ec("secp384r1");
    this.processorKey = SyntheticVendor.ec("secp256r1");
    this.quoteKey = SyntheticVendor.ec("secp256r1");
  }

  /** What a chip's certificate says: its firmware's versions and its name. */
  static Map<String, ASN1Primitive> chip(int bootLoader, int tee, int snp, int microcode) {
    return chip(CHIP, bootLoader, tee, snp, microcode);
  }

  static Map<String, ASN1Primitive> chip(
      byte[] name, int bootLoader, int tee, int snp, int microcode) {
    String tcb = "1.3.6.1.4.1.3704.1.3.";
    return Map.of(
        tcb + "1",
        new ASN1Integer(bootLoader),
        tcb + "2",
        new ASN1Integer(tee),
        tcb + "3",
        new ASN1Integer(snp),
        tcb + "8",
        new ASN1Integer(microcode),
        "1.3.6.1.4.1.3704.1.4",
        new DEROctetString(name));
  }

  /** An unsigned report as a chip would fill it in. */
  ByteBuffer snpBody() {
    var report = ByteBuffer.allocate(SnpReport.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    report.put(random(0x2A0, 5)).position(0);
    report.putInt(0, 3).putLong(0x08, 0x30000).putInt(0x30, 0).putInt(0x34, 1);
    report.put(0x50, nonce.bytes()).put(0x70, new byte[32]);
    report.put(0x90, MEASUREMENT).put(0x1A0, CHIP);
    report.putLong(0x180, 0).put(0x180, (byte) 3).put(0x181, (byte) 0);
    report.put(0x186, (byte) 8).put(0x187, (byte) 115);
    return report;
  }

  byte[] signed(ByteBuffer report) throws Exception {
    byte[] signature = sign(snpKey, "SHA384", Arrays.copyOf(report.array(), 0x2A0));
    for (int i = 0; i < 48; i++) {
      report.put(0x2A0 + i, signature[47 - i]).put(0x2A0 + 72 + i, signature[95 - i]);
    }
    return report.array();
  }

  /** Header and report of a quote as a processor would fill them in. */
  ByteBuffer tdxBody() {
    var body = ByteBuffer.allocate(48 + 584).order(ByteOrder.LITTLE_ENDIAN);
    body.put(random(48 + 584, 6)).position(0);
    body.putShort(0, (short) 4).putShort(2, (short) 2).putInt(4, 0x81);
    for (int i = 0; i < 16; i++) {
      body.put(48 + i, (byte) (i < 2 ? 5 : 0));
    }
    body.putLong(48 + 120, 0);
    body.put(48 + 136, MEASUREMENT);
    body.put(48 + 520, nonce.bytes()).put(48 + 552, new byte[32]);
    return body;
  }

  byte[] quote(ByteBuffer body, long enclaveFlags, String chain) throws Exception {
    byte[] signature = sign(quoteKey, "SHA256", body.array());
    byte[] key = point((ECPublicKey) quoteKey.getPublic());
    byte[] data = random(32, 7);
    var enclave = ByteBuffer.allocate(384).order(ByteOrder.LITTLE_ENDIAN);
    enclave.put(random(384, 8)).position(0);
    enclave.putLong(48, enclaveFlags).put(320, sha256(key, data)).put(352, new byte[32]);
    byte[] certificates = chain.getBytes(StandardCharsets.US_ASCII);
    int certification = 384 + 64 + 2 + data.length + 6 + certificates.length;
    var quote =
        ByteBuffer.allocate(body.capacity() + 4 + 128 + 6 + certification)
            .order(ByteOrder.LITTLE_ENDIAN);
    quote.put(body.array()).putInt(128 + 6 + certification).put(signature).put(key);
    quote.putShort((short) 6).putInt(certification).put(enclave.array());
    quote.put(sign(processorKey, "SHA256", enclave.array()));
    quote.putShort((short) data.length).put(data);
    quote.putShort((short) 5).putInt(certificates.length).put(certificates);
    return quote.array();
  }

  private static byte[] sign(KeyPair key, String hash, byte[] bytes) throws Exception {
    var signature = Signature.getInstance(hash + "withECDSAinP1363Format");
    signature.initSign(key.getPrivate());
    signature.update(bytes);
    return signature.sign();
  }

  private static byte[] point(ECPublicKey key) {
    ECPoint point = key.getW();
    byte[] bytes = new byte[64];
    put(bytes, 0, point.getAffineX().toByteArray());
    put(bytes, 32, point.getAffineY().toByteArray());
    return bytes;
  }

  private static void put(byte[] bytes, int at, byte[] number) {
    int length = Math.min(32, number.length);
    System.arraycopy(number, number.length - length, bytes, at + 32 - length, length);
  }

  private static byte[] sha256(byte[] left, byte[] right) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    digest.update(left);
    return digest.digest(right);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
