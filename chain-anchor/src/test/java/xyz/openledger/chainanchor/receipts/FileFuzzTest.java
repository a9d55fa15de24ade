package xyz.openledger.chainanchor.receipts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.chainanchor.witness.AddCheckpoint;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;

/**
 * Whatever a stranger hands over as a receipt, an accusation, a signed checkpoint or a key is
 * judged or refused, and breaks nothing.
 */
class FileFuzzTest {
  private static final int INPUTS = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;
  private static final byte[] EDGES = {0, '\n', ' ', '"', '{', '}', '\\', ',', '0', 'g', -1};

  private final SplittableRandom random = new SplittableRandom(91);
  private final ReceiptFixture fixture = new ReceiptFixture(ReceiptFixture.REGISTRY);

  @Test
  void everyReaderJudgesOrRefusesAndNeverBreaks() throws Exception {
    String note = fixture.log.checkpointFrom(3).orElseThrow().text();
    var proof = fixture.log.tree().consistencyProof(2, 5);
    List<byte[]> wholes =
        List.of(
            fixture.bundle(),
            Json.write(equivocation()),
            note.getBytes(UTF_8),
            new AddCheckpoint(2, proof, CheckpointNote.parse(note)).text().getBytes(UTF_8),
            ReceiptFixture.logKey().toString().getBytes(UTF_8),
            WitnessKey.of("a.example/witness", ReceiptFixture.LOG_KEY.publicKey())
                .toString()
                .getBytes(UTF_8));
    var good = new int[wholes.size()];
    for (int i = 0; i < INPUTS; i++) {
      int which = i % wholes.size();
      good[which] += isGood(which, mutated(wholes.get(which))) ? 1 : 0;
    }
    for (int count : good) {
      assertThat(count).isLessThan(INPUTS / wholes.size());
    }
  }

  private boolean isGood(int which, byte[] bytes) throws Exception {
    String text = new String(bytes, UTF_8);
    try {
      return switch (which) {
        case 0 ->
            ReceiptVerifier.verify(bytes, TrustedStart.of(ReceiptFixture.logKey())).verified();
        case 1 ->
            Json.read(bytes, Equivocation.class)
                    .fault(
                        new ResultStatement.Court(901, ReceiptFixture.REGISTRY),
                        ReceiptFixture.RESULT_KEY.address())
                == null;
        case 2 -> CheckpointNote.parse(text).isSignedBy(ReceiptFixture.logKey());
        case 3 -> AddCheckpoint.parse(text).note().isSignedBy(ReceiptFixture.logKey());
        case 4 -> LogKey.parse(text).equals(ReceiptFixture.logKey());
        default -> WitnessKey.parse(text).name().isEmpty();
      };
    } catch (ProblemException refused) {
      assertThat(which).isLessThanOrEqualTo(1);
      return false;
    } catch (IllegalArgumentException refused) {
      // The refusal of notes and keys alone.
      assertThat(which).as("%s of %s", refused, text).isGreaterThan(1);
      return false;
    }
  }

  private static Equivocation equivocation() {
    return Equivocation.of(ReceiptFixture.NODE, said("42"), said("43"));
  }

  private static Accusation.Said said(String output) {
    var replica = new ReplicaId(new TaskId(JobId.of(TenantId.parse("ada"), "one"), 0), 0);
    Digest task = Digest.of("task".getBytes(UTF_8));
    var outcome =
        new Outcome(
            Outcome.Status.FINISHED, 0, 7, Digest.of(output.getBytes(UTF_8)), output.length());
    var statement = new ResultStatement(replica, task, outcome.digest(), 3);
    return Equivocation.said(
        replica,
        task,
        outcome,
        3,
        new Receipt.SignedStatement(statement.leafHash(), 1, 0, List.of(), "ab".repeat(65)));
  }

  /**
   * Cuts, extends, flips, repeats a stretch, and puts edge values where lengths and quotes stand.
   */
  private byte[] mutated(byte[] whole) {
    byte[] bytes = whole.clone();
    for (int times = random.nextInt(1, 4); times > 0 && bytes.length > 0; times--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 40));
        case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> bytes[at] = EDGES[random.nextInt(EDGES.length)];
        case 4 -> {
          int length = Math.min(random.nextInt(1, 64), bytes.length - at);
          int from = random.nextInt(bytes.length - length + 1);
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> bytes[at] = (byte) random.nextInt();
      }
    }
    return bytes;
  }
}
