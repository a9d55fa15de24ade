package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** The example's files, and verbs that read them. */
class MatmulCommandsTest {
  private static final Path EXAMPLE = Path.of("../examples/matmul").toAbsolutePath();
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxya";

  @TempDir Path folder;
  private MatmulFiles files;
  private byte[] output;

  @BeforeEach
  void run() throws IOException {
    files = MatmulFiles.read(EXAMPLE.resolve("job.json"), 0);
    output = files.task().run(() -> {});
    Files.write(folder.resolve("a.bin"), output);
    byte[] wrong = output.clone();
    wrong[2_000]++;
    Files.write(folder.resolve("b.bin"), wrong);
  }

  /** What the script computed by code of its own, down to the root of the trace. */
  @Test
  void putOutWhatTheExampleExpects() throws IOException {
    assertThat(Files.readString(EXAMPLE.resolve("expected.txt")))
        .contains("output " + Digest.of(output))
        .contains("fuel " + files.task().ending().fuelUsed());
  }

  @Test
  void recheckAReceiptFromItsFilesAlone() throws IOException {
    Files.write(folder.resolve("receipt.json"), receipt(output).canonical());
    Files.write(
        folder.resolve("wrong.json"), receipt(Files.readAllBytes(path("b.bin"))).canonical());

    var holds = recheck("receipt.json", "a.bin");
    var swapped = recheck("receipt.json", "b.bin");
    var lied = recheck("wrong.json", "b.bin");

    assertThat(holds.out()).contains("holds: 2 products checked");
    assertThat(holds.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(swapped.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(swapped.out()).contains("another digest");
    assertThat(lied.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(lied.out()).contains("does NOT hold");
  }

  @Test
  void replayADisputeAndNameTheLiar() {
    var first = replay("a.bin", "b.bin");
    var second = replay("b.bin", "a.bin");

    assertThat(first.out()).contains("claimant").contains("rounds");
    assertThat(first.exitCode()).isZero();
    assertThat(second.out()).contains("challenger");
    assertThat(replay("a.bin", "a.bin").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  private TestShell.Result recheck(String receipt, String bytes) {
    return new TestShell(folder)
        .run("receipt", "recheck", receipt, "--job", job(), "--result", path(bytes).toString());
  }

  private TestShell.Result replay(String a, String b) {
    return new TestShell(folder)
        .run("dispute", "replay", "--job", job(), path(a).toString(), path(b).toString());
  }

  private static String job() {
    return EXAMPLE.resolve("job.json").toString();
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private Receipt receipt(byte[] bytes) {
    var outcome =
        new Outcome(
            Outcome.Status.FINISHED,
            0,
            files.task().ending().fuelUsed(),
            Digest.of(bytes),
            bytes.length);
    JobId job = JobId.parse("job-" + LETTERS);
    var replica =
        new Receipt.ReplicaReceipt(
            new ReplicaId(new TaskId(job, 0), 0),
            NodeId.parse("node-" + LETTERS),
            Address.parse("0x" + "ab".repeat(20)),
            PoolId.parse("pool-" + LETTERS),
            1,
            Receipt.Standing.ACCEPTED,
            outcome,
            null,
            1,
            1,
            "",
            0,
            new Receipt.ProductCheck(true, 2, -61, ""));
    return new Receipt(
        Receipt.VERSION,
        Receipt.Kind.RESULT,
        job,
        0,
        TenantId.parse("tenant"),
        files.spec().digest(),
        0,
        Receipt.NO_RULES,
        files.spec().policy().verification(),
        null,
        List.of(new Receipt.TaskReceipt(0, files.identity(), outcome, List.of(replica))),
        1,
        0,
        1);
  }
}
