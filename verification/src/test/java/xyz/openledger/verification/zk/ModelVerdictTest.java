package xyz.openledger.verification.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

class ModelVerdictTest {
  private static final ModelKeys KEYS = ModelKeys.development();
  private static final int MUTATIONS = Boolean.getBoolean("thorough") ? 1_000 : 60;

  private final ModelEvidence evidence = evidence();

  @Test
  void believesAnHonestProofWithoutAChain() {
    assertThat(ModelVerdict.of(evidence, KEYS))
        .isEqualTo(
            new ModelVerdict.Proven(
                List.of(OUTPUTS[0], OUTPUTS[1], OUTPUTS[2], OUTPUTS[3]),
                ModelKeys.Ceremony.DEVELOPMENT));
  }

  @Test
  void refusesEveryOtherStatementAndEveryDamagedProof() {
    var random = new Random(16);
    var verifier = new Groth16(KEYS.inference());

    for (int i = 0; i < MUTATIONS; i++) {
      var signals = new ArrayList<>(evidence.inferenceSignals());
      byte[] proof = evidence.inferenceProof();
      switch (i % 4) {
        case 0 -> signals.set(i / 4 % 4, signals.get(i / 4 % 4).flipBit(random.nextInt(250)));
        case 1 -> Collections.swap(signals, i / 4 % 4, (i / 4 + 1) % 4);
        default -> proof[random.nextInt(proof.length)] ^= (byte) (1 << random.nextInt(8));
      }

      assertThat(verifier.fault(signals, proof)).as("mutation %d", i).isPresent();
    }
  }

  @Test
  void refusesEachSignalThatIsAnother() {
    var verifier = new Groth16(KEYS.inference());

    for (int i = 0; i < verifier.signals(); i++) {
      var signals = new ArrayList<>(evidence.inferenceSignals());
      signals.set(i, signals.get(i).add(BigInteger.ONE));

      assertThat(verifier.fault(signals, evidence.inferenceProof()))
          .as("signal %d", i)
          .contains("the proof shows something else");
    }
  }

  @Test
  void refusesAnotherNameOfTheSameNumber() {
    var signals = new ArrayList<>(evidence.inferenceSignals());
    signals.set(3, signals.get(3).add(Curve.ORDER));

    assertThat(new Groth16(KEYS.inference()).fault(signals, evidence.inferenceProof()))
        .contains("signal 3 is not below the field's order");
  }

  @Test
  void refusesASignalTooMuchOrTooLittle() {
    var signals = evidence.inferenceSignals();

    assertThat(
            new Groth16(KEYS.inference()).fault(signals.subList(0, 3), evidence.inferenceProof()))
        .contains("3 signals, the key is for 4");
  }

  @Test
  void acceptsAProofThatAStrangerMadeOverAsTheSameStatement() {
    byte[] proof = evidence.inferenceProof();
    for (int word : new int[] {1, 4, 5}) {
      var y = new BigInteger(1, proof, word * 32, 32);
      byte[] negated = Quadratic.FIELD.subtract(y).toByteArray();
      Arrays.fill(proof, word * 32, word * 32 + 32, (byte) 0);
      int length = Math.min(32, negated.length);
      System.arraycopy(negated, negated.length - length, proof, word * 32 + 32 - length, length);
    }

    assertThat(proof).isNotEqualTo(evidence.inferenceProof());
    assertThat(new Groth16(KEYS.inference()).fault(evidence.inferenceSignals(), proof)).isEmpty();
  }

  @Test
  void refusesPointsOfTheTwistOutsideItsGroup() {
    // Points of the twist that are not of prime order are the classic way to confuse a pairing.
    byte[] proof = evidence.inferenceProof();
    Curve.Point outside = outsidePoint();
    write(proof, 2, outside.x().imaginary());
    write(proof, 3, outside.x().real());
    write(proof, 4, outside.y().imaginary());
    write(proof, 5, outside.y().real());

    assertThat(new Groth16(KEYS.inference()).fault(evidence.inferenceSignals(), proof))
        .contains("word 2 begins no point of G2");
  }

  @Test
  void namesThePartThatIsNotShown() {
    assertThat(
            ModelVerdict.of(with(evidence.owner(), evidence.job(), Digest.of(new byte[1])), KEYS))
        .isInstanceOfSatisfying(
            ModelVerdict.Refused.class, refused -> assertThat(refused.part()).isEqualTo("keys"));
    assertThat(ModelVerdict.of(with(evidence.owner(), "applicant 18", evidence.keys()), KEYS))
        .isEqualTo(new ModelVerdict.Refused("inference", "the proof shows something else"));
    var stranger = Address.parse("0x00000000000000000000000000000000000000a2");
    assertThat(ModelVerdict.of(with(stranger, evidence.job(), evidence.keys()), KEYS))
        .isEqualTo(new ModelVerdict.Refused("registration", "the proof shows something else"));
  }

  @Test
  void readsEvidenceStrictly() throws IOException {
    String json = new String(resource(), java.nio.charset.StandardCharsets.UTF_8);

    for (String broken :
        List.of(
            json.replace("\"version\": 1", "\"version\": 2"),
            json.replace("\"output\"", "\"outputs\""),
            json.replace(evidence.output(), evidence.output() + "0"),
            json.replace(evidence.inference(), evidence.inference().replace('a', 'g')),
            json.replace("applicant 17", "a".repeat(200)),
            " ".repeat(ModelEvidence.BYTES_MAX) + json)) {
      assertThatThrownBy(
              () -> ModelEvidence.read(broken.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
          .isInstanceOf(ProblemException.class);
    }
  }

  private static final int[] OUTPUTS = {49523, 18355, -8626, -17193};

  private ModelEvidence with(Address owner, String job, Digest keys) {
    return new ModelEvidence(
        1,
        keys,
        evidence.model(),
        owner,
        evidence.registration(),
        evidence.input(),
        evidence.output(),
        job,
        evidence.inference());
  }

  private static Curve.Point outsidePoint() {
    Quadratic constant = Quadratic.of(3, 0).times(Dodecic.SIXTH.inverse());
    for (long x = 1; ; x++) {
      Quadratic square = Quadratic.of(x, 0).square().times(Quadratic.of(x, 0)).plus(constant);
      Quadratic root = squareRoot(square);
      if (root.square().equals(square)) {
        return new Curve.Point(Quadratic.of(x, 0), root);
      }
    }
  }

  /** A root where there is one; p is 3 modulo 4, so that powers find it. */
  private static Quadratic squareRoot(Quadratic value) {
    BigInteger p = Quadratic.FIELD;
    Quadratic first = value.power(p.subtract(BigInteger.valueOf(3)).shiftRight(2));
    Quadratic candidate = first.times(value);
    Quadratic sign = first.times(candidate);
    if (sign.equals(Quadratic.ONE.negated())) {
      return candidate.times(Quadratic.of(0, 1));
    }
    return sign.plus(Quadratic.ONE)
        .power(p.subtract(BigInteger.ONE).shiftRight(1))
        .times(candidate);
  }

  private static void write(byte[] proof, int word, BigInteger value) {
    byte[] hex = HexFormat.of().parseHex("%064x".formatted(value));
    System.arraycopy(hex, 0, proof, word * 32, 32);
  }

  static ModelEvidence evidence() {
    try {
      return ModelEvidence.read(resource());
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  private static byte[] resource() throws IOException {
    try (var in = ModelVerdictTest.class.getResourceAsStream("/zk/evidence.json")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
