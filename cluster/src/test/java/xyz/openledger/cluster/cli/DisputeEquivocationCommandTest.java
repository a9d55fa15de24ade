package xyz.openledger.cluster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Secp256k1Key;

/** Two people compare their receipts of one task. */
class DisputeEquivocationCommandTest {
  private static final TenantId ADA = new TenantId("ada");
  private static final NodeId EVE = NodeId.of(new byte[32]);
  private static final Secp256k1Key KEY = Secp256k1Key.generate();
  private static final Digest TASK = Digest.of("task".getBytes(UTF_8));
  private static final ResultStatement.Court COURT =
      new ResultStatement.Court(901, Address.parse("0x" + "c2".repeat(20)));

  @TempDir Path folder;

  @Test
  void writesWhatConvictsANodeThatSignedTwoOutcomes() throws IOException {
    write("mine.json", receipt("mine", "42"));
    write("theirs.json", receipt("theirs", "43"));

    var result = compare("mine.json", "theirs.json");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains(EVE.value());
    var found =
        Json.read(Files.readAllBytes(folder.resolve("accusation.json")), Equivocation.class);
    assertThat(found.fault(COURT, KEY.address())).isNull();
    assertThat(found.fault(COURT, Secp256k1Key.generate().address())).contains("not signed by");
  }

  @Test
  void findsNothingAgainstANodeThatStandsByItsWord() throws IOException {
    write("mine.json", receipt("mine", "42"));
    write("theirs.json", receipt("theirs", "42"));

    var result = compare("mine.json", "theirs.json");

    assertThat(result.err()).contains("no node signed two outcomes");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(folder.resolve("accusation.json")).doesNotExist();
  }

  @Test
  void namesTheFileThatIsNoReceipt() throws IOException {
    write("mine.json", receipt("mine", "42"));
    Files.writeString(folder.resolve("theirs.json"), "{\"version\": ");

    var result = compare("mine.json", "theirs.json");

    assertThat(result.err()).contains("theirs.json is no receipt");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void writesOverNoFile() throws IOException {
    write("mine.json", receipt("mine", "42"));
    write("theirs.json", receipt("theirs", "43"));
    Files.writeString(folder.resolve("accusation.json"), "mine");

    var result = compare("mine.json", "theirs.json");

    assertThat(result.err()).contains("is there already");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("accusation.json")).hasContent("mine");
  }

  private TestShell.Result compare(String one, String other) {
    return new TestShell(folder)
        .run("dispute", "equivocation", one, other, "--out", "accusation.json");
  }

  private void write(String name, Receipt receipt) throws IOException {
    Files.write(folder.resolve(name), Objects.requireNonNull(receipt.canonical()));
  }

  private static Receipt receipt(String job, String output) {
    var id = JobId.of(ADA, job);
    var replica = new ReplicaId(new TaskId(id, 0), 0);
    var outcome =
        new Outcome(
            Outcome.Status.FINISHED, 0, 42, Digest.of(output.getBytes(UTF_8)), output.length());
    Digest root =
        ResultStatement.root(List.of(new ResultStatement(replica, TASK, outcome.digest(), 9)));
    byte[] signature = KEY.sign(ResultStatement.hash(COURT, EVE, root, 1));
    var said =
        new Receipt.ReplicaReceipt(
            replica,
            EVE,
            KEY.address(),
            PoolId.of("ada", "edge"),
            9,
            Receipt.Standing.ACCEPTED,
            outcome,
            new Receipt.SignedStatement(root, 1, 0, List.of(), HexFormat.of().formatHex(signature)),
            1_000,
            1,
            "eu",
            120);
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        id,
        0,
        ADA,
        Digest.of(new byte[] {2}),
        0,
        Receipt.NO_RULES,
        new Policy.Verification(Policy.Method.QUORUM, null),
        null,
        List.of(new Receipt.TaskReceipt(0, TASK, outcome, List.of(said))),
        1,
        1_000,
        2_000);
  }
}
