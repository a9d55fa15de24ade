package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.chainanchor.log.MemoryLogView;
import xyz.openledger.chainanchor.log.ReceiptLog;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.FeeSplit;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Ed25519Key;

class ReceiptVerifyCommandTest {
  private static final String ORIGIN = "openledger.xyz/log/test";
  private static final Ed25519Key KEY = Ed25519Key.of(new byte[32]);

  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    Files.write(folder.resolve("receipt.json"), Json.write(proof()));
    Files.writeString(
        folder.resolve("log.key"), LogKey.of(ORIGIN, KEY.publicKey()) + System.lineSeparator());
  }

  @Test
  void believesWhatThePinnedKeySigned() {
    var result = run("receipt.json", "--log-key", "log.key");

    assertThat(result.out())
        .containsSubsequence("document", "ok", "inclusion", "ok", "signature", "ok", "verified")
        .contains("names no division")
        .doesNotContain("get all");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void namesEachCheckForPrograms() {
    var answer =
        Json.tree(
            run("receipt.json", "--log-key", "log.key", "-o", "json")
                .out()
                .getBytes(StandardCharsets.UTF_8));

    assertThat(answer.path("verified").asBoolean()).isTrue();
    assertThat(answer.path("checks").findValuesAsText("name")).contains("inclusion", "signature");
    assertThat(answer.path("checks").findValuesAsText("outcome")).contains("passed", "skipped");
  }

  @ParameterizedTest
  @CsvSource({
    "ada, eve, document",
    "deadline-passed, cancelled, document",
    "\"size\":2, \"size\":1, inclusion",
    "\"index\":1, \"index\":0, inclusion"
  })
  void saysWhichCheckFailsWhereALetterWasChanged(String right, String wrong, String check)
      throws Exception {
    Path file = folder.resolve("receipt.json");
    String receipt = Files.readString(file);
    assertThat(receipt).contains(right);
    Files.writeString(file, receipt.replace(right, wrong));

    var result = run("receipt.json", "--log-key", "log.key");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(result.out().lines())
        .anyMatch(line -> line.startsWith(check) && line.contains("FAILED"));
    assertThat(result.out()).contains("NOT verified");
  }

  @Test
  void believesNoOtherKey() throws Exception {
    byte[] other = new byte[32];
    other[0] = 1;
    Files.writeString(
        folder.resolve("log.key"), LogKey.of(ORIGIN, Ed25519Key.of(other).publicKey()).toString());

    var result = run("receipt.json", "--log-key", "log.key");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(result.out()).contains("FAILED", "not signed by");
  }

  @Test
  void wantsSomethingToStartFrom() {
    var result = run("receipt.json");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("nothing to start from", "--rpc");
  }

  @Test
  void doesNotAskTheFileForTheContract() {
    try (var rpc = new CannedMember()) {
      rpc.on("POST /", 200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x7a69\"}");

      var result = run("receipt.json", "--rpc", rpc.url() + "/");

      assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).contains("field: --contract");
    }
  }

  @Test
  void tellsAnAbsentChainFromAFalseReceipt() {
    var result = run("receipt.json", "--rpc", "http://127.0.0.1:1");

    assertThat(result.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(result.err()).contains("the chain does not answer", "field: --rpc");
  }

  @ParameterizedTest
  @CsvSource({
    "absent.json --log-key log.key, there is no file",
    "receipt.json --log-key absent, there is no file",
    "receipt.json --log-key receipt.json, log key",
    "receipt.json --rpc http://127.0.0.1:1 --contract 0x12, 40 hex digits"
  })
  void refusesWhatIsMalformed(String words, String expected) {
    var result = run(words.split(" "));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains(expected);
  }

  /** The log says so and the key signed it, and yet somebody got a unit twice. */
  @ParameterizedTest
  @CsvSource({"0, ok, verified", "1, FAILED, otherwise than its split gives"})
  void findsADivisionThatPaysAUnitMoreThanWasCharged(long more, String word, String expected)
      throws Exception {
    Receipt receipt = receipt("second");
    var split = new FeeSplit(500, 250, 0, 0);
    Division due = Division.of(split, 10, List.of(), null);
    var said =
        new Division(
            split,
            due.heldNanoOpen(),
            due.refundedNanoOpen(),
            due.nodesNanoOpen(),
            due.platformNanoOpen(),
            due.modelNanoOpen() + more,
            due.stakersNanoOpen(),
            due.dataNanoOpen(),
            due.carriedNanoOpen(),
            null);
    Files.write(folder.resolve("receipt.json"), Json.write(proof(divided(receipt, said))));

    var result = run("receipt.json", "--log-key", "log.key");

    assertThat(result.out().lines())
        .anyMatch(line -> line.startsWith("amounts") && line.contains(word));
    assertThat(result.out()).contains(expected);
    assertThat(result.exitCode()).isEqualTo(more == 0 ? ExitCode.OK : ExitCode.FALSE);
  }

  private static Receipt divided(Receipt receipt, Division division) {
    return new Receipt(
        receipt.version(),
        receipt.kind(),
        receipt.job(),
        receipt.revision(),
        receipt.tenant(),
        receipt.spec(),
        receipt.governanceEpoch(),
        receipt.ruleHash(),
        receipt.verification(),
        receipt.problem(),
        receipt.tasks(),
        receipt.chargedNanoOpen(),
        receipt.submittedAtMillis(),
        receipt.finishedAtMillis(),
        receipt.dataClass(),
        division);
  }

  private TestShell.Result run(String... words) {
    var arguments = new java.util.ArrayList<>(List.of("receipt", "verify"));
    arguments.addAll(List.of(words));
    return new TestShell(folder).run(arguments.toArray(String[]::new));
  }

  /** The proof of the second of two receipts. */
  private static ReceiptProof proof() {
    return proof(receipt("second"));
  }

  private static ReceiptProof proof(Receipt of) {
    var log = new MemoryLogView();
    var sequencer = new ReceiptLog(ORIGIN);
    LogLeaf first = LogLeaf.of(receipt("first"));
    LogLeaf second = LogLeaf.of(of);
    take(sequencer, log, sequencer.append(List.of(first, second), log).event().orElseThrow());
    take(sequencer, log, sequencer.seal(KEY).orElseThrow());
    return new ReceiptProof(
        1,
        Json.tree(second.document().getBytes(StandardCharsets.UTF_8)),
        second.leafHex(),
        1,
        2,
        log.tree().inclusionProof(1, 2),
        log.checkpointFrom(2).orElseThrow().text(),
        null,
        List.of());
  }

  private static void take(ReceiptLog sequencer, MemoryLogView log, LogEvent event) {
    sequencer.apply(event);
    log.apply(event);
  }

  private static Receipt receipt(String key) {
    var tenant = TenantId.parse("ada");
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        JobId.of(tenant, key),
        0,
        tenant,
        Digest.of(new byte[] {2}),
        0,
        Receipt.NO_RULES,
        new Policy.Verification(Policy.Method.TRUSTED, null),
        Problem.DEADLINE_PASSED,
        List.of(),
        0,
        1_790_000_000_000L,
        1_790_000_001_000L);
  }
}
