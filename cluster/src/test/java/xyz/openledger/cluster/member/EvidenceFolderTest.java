package xyz.openledger.cluster.member;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.receipts.Accusation;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.json.Json;

class EvidenceFolderTest {
  private static final NodeId EVE = NodeId.of(new byte[32]);
  private static final NodeId ADA = NodeId.of(new byte[] {1});
  private static final JobId JOB = JobId.of(new TenantId("ada"), "one");

  @TempDir Path folder;

  @Test
  void tellsWhatStandsAgainstANodeAndAgainstNobodyElse() throws Exception {
    new EvidenceFolder(folder, Runnable::run).equivocated(equivocation());
    var refuted =
        new EvidenceFolder.Contradiction(1, EVE, JOB, new ReplicaId(new TaskId(JOB, 0), 1));
    Files.write(
        folder.resolve(EVE.value() + "-00" + EvidenceFolder.CONTRADICTION), Json.write(refuted));

    assertThat(EvidenceFolder.against(folder, EVE))
        .extracting(NodeDetail.Against::kind, NodeDetail.Against::receipt)
        .containsExactlyInAnyOrder(tuple("equivocation", null), tuple("contradiction", JOB));
    assertThat(EvidenceFolder.against(folder, ADA)).isEmpty();
  }

  @Test
  void keepsOneFileOfOneThingHoweverOftenItIsTold() {
    var kept = new EvidenceFolder(folder, Runnable::run);
    kept.equivocated(equivocation());
    kept.equivocated(equivocation());

    assertThat(EvidenceFolder.against(folder, EVE)).hasSize(1);
  }

  @Test
  void leavesOutWhatCannotBeRead() throws Exception {
    Files.writeString(
        folder.resolve(EVE.value() + "-00" + EvidenceFolder.CONTRADICTION), "{\"version\":");
    Files.writeString(folder.resolve(EVE.value() + "-notes.txt"), "mine");

    assertThat(EvidenceFolder.against(folder, EVE)).isEmpty();
    assertThat(EvidenceFolder.against(folder.resolve("absent"), EVE)).isEmpty();
  }

  private static Equivocation equivocation() {
    return Equivocation.of(EVE, said("42"), said("43"));
  }

  private static Accusation.Said said(String output) {
    var replica = new ReplicaId(new TaskId(JOB, 0), 0);
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
}
