package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.tee.AttestationEvidence;
import xyz.openledger.verification.tee.AttestationEvidence.Subject;
import xyz.openledger.verification.tee.SimulatedChip;

class AttestationFindingsTest {
  private static final int FUZZED = Boolean.getBoolean("thorough") ? 10_000 : 300;
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final JobId JOB = JobId.of(new TenantId("ada"), "key");
  private static final NodeId NODE = NodeId.of(new byte[32]);
  private static final Digest TASK = Digest.of("task".getBytes(StandardCharsets.UTF_8));
  private static final Policy.Attestation POLICY =
      new Policy.Attestation(
          List.of(SimulatedChip.rootDigest()), List.of(SimulatedChip.measurement()), null);
  private static final SimulatedChip CHIP = SimulatedChip.open();

  @Test
  void aMadeUpChipIsCalledSimulatedAndNothingElse() {
    ProductCheck check = judged(subject(0, NODE, 3, "right"), evidence("right"), POLICY);
    assertThat(check.holds()).isTrue();
    assertThat(check.detail()).startsWith("SIMULATED");
    assertThat(check.errorLog2()).isZero();
  }

  /** The example for users says both by heart. */
  @Test
  void theExamplePolicyNamesTheMadeUpRootAndProgram() throws Exception {
    String example =
        Files.readString(Path.of("../examples/policies/tee-simulated.yaml").toAbsolutePath());
    assertThat(example)
        .contains(SimulatedChip.rootDigest().toString())
        .contains(SimulatedChip.measurement());
  }

  @Test
  void evidenceIsForOneReplicaNodeLeaseAndOutcome() {
    String evidence = evidence("right");
    var others =
        List.of(
            subject(1, NODE, 3, "right"),
            subject(0, NodeId.of(new byte[] {1}), 3, "right"),
            subject(0, NODE, 4, "right"),
            subject(0, NODE, 3, "wrong"));
    for (Subject other : others) {
      ProductCheck check = judged(other, evidence, POLICY);
      assertThat(check.holds()).isFalse();
      assertThat(check.detail()).startsWith("nonce");
    }
  }

  @Test
  void rootsProgramsAndVersionsAreForThePolicyToName() {
    Subject subject = subject(0, NODE, 3, "right");
    String evidence = evidence("right");
    var root = SimulatedChip.rootDigest();
    var program = SimulatedChip.measurement();
    assertThat(judged(subject, evidence, terms(Digest.of(new byte[1]), program, null)).detail())
        .startsWith("root");
    assertThat(judged(subject, evidence, terms(root, "0".repeat(96), null)).detail())
        .startsWith("measurement");
    assertThat(judged(subject, evidence, terms(root, program, List.of(4))).detail())
        .startsWith("versions");
    assertThat(judged(subject, evidence, terms(root, program, List.of(3, 0, 8))).holds()).isTrue();
  }

  @Test
  void whateverElseComesIsRefusedWithAReason() {
    var random = new SplittableRandom(7);
    Subject subject = subject(0, NODE, 3, "right");
    String evidence = evidence("right");
    assertThat(judged(subject, "", POLICY).detail()).contains("no evidence");
    for (int i = 0; i < FUZZED; i++) {
      byte[] bytes = evidence.getBytes(StandardCharsets.UTF_8);
      int times = random.nextInt(1, 4);
      for (int j = 0; j < times; j++) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
      }
      String changed = new String(bytes, StandardCharsets.UTF_8);
      ProductCheck check = judged(subject, changed, POLICY);
      if (check.holds()) {
        // Base64 and PEM have letters that change no byte.
        assertThat(read(changed)).isEqualTo(read(evidence));
      } else {
        assertThat(check.detail()).isNotEmpty();
      }
    }
  }

  /** What is signed, and how it is judged. */
  private static List<Object> read(String text) {
    AttestationEvidence read = AttestationEvidence.read(text);
    return List.of(read.platform(), Digest.of(Base64.getDecoder().decode(read.report())));
  }

  @Test
  void aReceiptIsJudgedAgainFromItselfAlone() {
    ProductCheck check = judged(subject(0, NODE, 3, "right"), evidence("right"), POLICY);
    assertThat(ProductEvidence.faults(receipt(3, check))).isEmpty();
    assertThat(ProductEvidence.words(receipt(3, check))).contains("SIMULATED");
    assertThat(ProductEvidence.faults(receipt(4, check)).toString()).contains("nonce");
    var bare = new ProductCheck(true, 0, 0, check.detail());
    assertThat(ProductEvidence.faults(receipt(3, bare)).toString()).contains("no evidence");
    var called = new ProductCheck(true, 0, 0, "sev-snp", null, null, check.evidence());
    assertThat(ProductEvidence.faults(receipt(3, called)).toString()).contains("otherwise");
    Receipt again = Json.read(receipt(3, check).canonical(), Receipt.class);
    assertThat(ProductEvidence.faults(again)).isEmpty();
  }

  private static Receipt receipt(long fence, ProductCheck check) {
    var replica =
        new Receipt.ReplicaReceipt(
            replica(0),
            NODE,
            Address.parse("0x" + "ab".repeat(20)),
            PoolId.parse("pool-" + "a".repeat(26)),
            fence,
            Receipt.Standing.ACCEPTED,
            outcome("right"),
            null,
            1,
            1,
            "",
            0,
            check);
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        JOB,
        0,
        new TenantId("ada"),
        TASK,
        0,
        TASK,
        new Policy.Verification(Policy.Method.TEE, null, null, null, null, null, POLICY),
        null,
        List.of(new Receipt.TaskReceipt(0, TASK, outcome("right"), List.of(replica))),
        1,
        NOW.toEpochMilli() - 1,
        NOW.toEpochMilli());
  }

  private static ProductCheck judged(Subject subject, String text, Policy.Attestation policy) {
    return AttestationFindings.of(subject, text, policy, NOW);
  }

  private static Policy.Attestation terms(
      Digest root, String measurement, @org.jspecify.annotations.Nullable List<Integer> versions) {
    return new Policy.Attestation(List.of(root), List.of(measurement), versions);
  }

  private static String evidence(String output) {
    return CHIP.evidence(subject(0, NODE, 3, output).nonce()).text();
  }

  private static Subject subject(int number, NodeId node, long fence, String output) {
    return Subject.of(replica(number), node, fence, TASK, outcome(output));
  }

  private static ReplicaId replica(int number) {
    return new ReplicaId(new TaskId(JOB, 0), number);
  }

  private static Outcome outcome(String output) {
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    return new Outcome(Outcome.Status.FINISHED, 0, 1, Digest.of(bytes), bytes.length);
  }
}
