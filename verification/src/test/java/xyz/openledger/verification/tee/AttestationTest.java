package xyz.openledger.verification.tee;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;

class AttestationTest {
  private static final Digest NONCE =
      AttestationTerms.nonce("job", new byte[] {1, 2, 3}, Digest.of(new byte[] {9}));
  private static final String MEASUREMENT = HexFormat.of().formatHex(SyntheticChips.MEASUREMENT);
  private static final int FUZZED = Boolean.getBoolean("thorough") ? 100_000 : 500;
  private static final Map<String, org.bouncycastle.asn1.ASN1Primitive> FIRMWARE =
      SyntheticChips.chip(3, 0, 8, 115);

  private static SyntheticVendor amd;
  private static SyntheticVendor intel;
  private static SyntheticChips chips;
  private static byte[] report;
  private static byte[] chain;
  private static byte[] quote;

  @BeforeAll
  static void manufacture() throws Exception {
    amd = SyntheticVendor.likeAmd("SIMULATED AMD");
    intel = SyntheticVendor.likeIntel("SIMULATED Intel");
    chips = new SyntheticChips(NONCE);
    report = chips.signed(chips.snpBody());
    chain = bytes(SyntheticVendor.pem(amd.leaf(chips.snpKey, 7, FIRMWARE), amd.middle));
    quote = chips.quote(chips.tdxBody(), 0, tdxChain(7));
  }

  @Test
  void callsWhatAMadeUpRootSignedSimulated() {
    assertThat(snp(report, chain))
        .isEqualTo(new AttestationVerdict.Simulated("sev-snp", MEASUREMENT));
    assertThat(tdx(quote)).isEqualTo(new AttestationVerdict.Simulated("tdx", MEASUREMENT));
  }

  @Test
  void callsOnlyAnUnmarkedRootAVendors() throws Exception {
    var real = SyntheticVendor.likeIntel("Some vendor");
    byte[] other =
        chips.quote(
            chips.tdxBody(),
            0,
            SyntheticVendor.pem(real.leaf(chips.processorKey, 7, Map.of()), real.middle));

    assertThat(Attestation.ofTdx(other, TrustRoot.of(real.root), terms()))
        .isEqualTo(new AttestationVerdict.Attested("tdx", MEASUREMENT));
    assertThat(TrustRoot.of(amd.root)).isInstanceOf(TrustRoot.Synthetic.class);
  }

  @Test
  void refusesEveryFlippedByteOfAReport() {
    for (int i = 0; i < report.length; i++) {
      byte[] flipped = report.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      assertThat(snp(flipped, chain))
          .as("byte %x", i)
          .isInstanceOf(AttestationVerdict.Refused.class);
    }
  }

  @Test
  void refusesEveryFlippedByteOfAQuoteBeforeItsCertificates() {
    int signed = new String(quote, StandardCharsets.ISO_8859_1).indexOf("-----BEGIN");
    for (int i = 0; i < signed; i++) {
      byte[] flipped = quote.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      assertThat(tdx(flipped)).as("byte %d", i).isInstanceOf(AttestationVerdict.Refused.class);
    }
  }

  @Test
  void answersAnyBytesWithAVerdict() {
    var random = new Random(21);
    for (int i = 0; i < FUZZED; i++) {
      byte[] damaged = quote.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        // Lengths and types stand at a few places; most damage goes there.
        int at = random.nextBoolean() ? 632 + random.nextInt(600) : random.nextInt(damaged.length);
        damaged[Math.min(at, damaged.length - 1)] = (byte) (random.nextInt(3) * 127);
      }
      int length = random.nextInt(8) == 0 ? random.nextInt(quote.length) : quote.length;
      assertThat(tdx(java.util.Arrays.copyOf(damaged, length))).isNotNull();
      assertThat(snp(java.util.Arrays.copyOf(damaged, SnpReport.LENGTH), chain))
          .isInstanceOf(AttestationVerdict.Refused.class);
    }
  }

  @Test
  void refusesAMachineThatCanBeDebugged() throws Exception {
    var snp = chips.snpBody();
    snp.putLong(0x08, snp.getLong(0x08) | 1L << 19);
    var tdx = chips.tdxBody();
    tdx.putLong(48 + 120, 1);

    assertThat(check(snp(chips.signed(snp), chain))).isEqualTo("debug");
    assertThat(check(tdx(chips.quote(tdx, 0, tdxChain(7))))).isEqualTo("debug");
    assertThat(check(tdx(chips.quote(chips.tdxBody(), 2, tdxChain(7))))).isEqualTo("debug");
  }

  @Test
  void refusesAnotherProgramAnotherNonceAndOldFirmware() throws Exception {
    var other = terms(Set.of(), List.of(), NONCE, Set.of());
    var elsewhere =
        terms(
            Set.of(MEASUREMENT),
            List.of(),
            AttestationTerms.nonce("job", new byte[] {1, 2, 4}, Digest.of(new byte[] {9})),
            Set.of());
    var newer = terms(Set.of(MEASUREMENT), List.of(3, 0, 9, 0), NONCE, Set.of());

    assertThat(check(Attestation.ofSnp(report, chain, TrustRoot.of(amd.root), other)))
        .isEqualTo("measurement");
    assertThat(check(Attestation.ofSnp(report, chain, TrustRoot.of(amd.root), elsewhere)))
        .isEqualTo("nonce");
    assertThat(check(Attestation.ofSnp(report, chain, TrustRoot.of(amd.root), newer)))
        .isEqualTo("versions");
    assertThat(check(Attestation.ofTdx(quote, TrustRoot.of(intel.root), other)))
        .isEqualTo("measurement");
    assertThat(check(Attestation.ofTdx(quote, TrustRoot.of(intel.root), elsewhere)))
        .isEqualTo("nonce");
    assertThat(check(Attestation.ofTdx(quote, TrustRoot.of(intel.root), newer)))
        .isEqualTo("versions");
  }

  @Test
  void refusesCertificatesThatAreExpiredRevokedForeignOrForOtherFirmware() throws Exception {
    var later =
        new AttestationTerms(
            Set.of(MEASUREMENT),
            List.of(),
            NONCE,
            Set.of(),
            SyntheticVendor.NOW.plus(Duration.ofDays(31)));
    var revoked = terms(Set.of(MEASUREMENT), List.of(), NONCE, Set.of("7"));
    X509Certificate old = amd.leaf(chips.snpKey, 7, SyntheticChips.chip(3, 0, 7, 115));

    for (AttestationTerms terms : List.of(later, revoked)) {
      assertThat(check(Attestation.ofSnp(report, chain, TrustRoot.of(amd.root), terms)))
          .isEqualTo("chain");
      assertThat(check(Attestation.ofTdx(quote, TrustRoot.of(intel.root), terms)))
          .isEqualTo("chain");
    }
    assertThat(check(Attestation.ofSnp(report, chain, TrustRoot.of(intel.root), terms())))
        .isEqualTo("chain");
    assertThat(check(snp(report, bytes(SyntheticVendor.pem(old, amd.middle)))))
        .isEqualTo("versions");
    // A chip's own key may not make certificates for further chips.
    var forged = SyntheticVendor.pem(amd.leaf(chips.snpKey, 7, FIRMWARE));
    assertThat(check(snp(report, bytes(forged)))).isEqualTo("chain");
  }

  @Test
  void refusesAKeyThatTheEnclaveDoesNotVouchFor() throws Exception {
    var thief = new SyntheticChips(NONCE);
    byte[] stolen = thief.quote(thief.tdxBody(), 0, tdxChain(7));

    // The thief's quote with the honest enclave's report: its signature holds, for another key.
    int enclave = 48 + 584 + 4 + 128 + 6;
    System.arraycopy(quote, enclave, stolen, enclave, 384 + 64);

    assertThat(check(tdx(stolen))).isEqualTo("key");
  }

  private static String tdxChain(int serial) throws Exception {
    return SyntheticVendor.pem(intel.leaf(chips.processorKey, serial, Map.of()), intel.middle);
  }

  private static AttestationVerdict snp(byte[] report, byte[] certificates) {
    return Attestation.ofSnp(report, certificates, TrustRoot.of(amd.root), terms());
  }

  private static AttestationVerdict tdx(byte[] quote) {
    return Attestation.ofTdx(quote, TrustRoot.of(intel.root), terms());
  }

  private static String check(AttestationVerdict verdict) {
    return verdict instanceof AttestationVerdict.Refused refused ? refused.check() : "" + verdict;
  }

  private static AttestationTerms terms() {
    return terms(Set.of(MEASUREMENT), List.of(3, 0), NONCE, Set.of());
  }

  private static AttestationTerms terms(
      Set<String> measurements, List<Integer> versions, Digest nonce, Set<String> revoked) {
    return new AttestationTerms(measurements, versions, nonce, revoked, SyntheticVendor.NOW);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
