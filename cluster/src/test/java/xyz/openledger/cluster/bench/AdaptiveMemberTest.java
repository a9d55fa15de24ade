package xyz.openledger.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.protocol.AgreementEvidence;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.Evidence;

/** A member with its journal, books, log and views, and eight nodes, under the usual policy. */
class AdaptiveMemberTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int JOBS_MAX = 400;

  @TempDir Path folder;

  @Test
  void asksManyAtFirstAndOneOnceItHasProvenItselfWithAHiddenAuditNowAndThen() throws Exception {
    try (var network = new CoreNetwork(folder)) {
      Member member = network.member();
      List<NodeId> nodes = member.views().nodes().nodes();
      nodes.forEach(
          node -> member.node(node).tell(new NodeMessage.Registered("0x", 100_000_000_000L)));

      var owners = new ArrayList<Integer>();
      while (owners.size() < JOBS_MAX && !(owners.contains(1) && auditedSince(owners))) {
        Receipt receipt = run(network, member, owners.size());
        AgreementEvidence evidence = receipt.tasks().getFirst().agreement();
        assertThat(Evidence.faults(receipt)).isEmpty();
        assertThat(evidence.errorPartsPerMillion()).isLessThanOrEqualTo(10_000);
        assertThat(evidence.committedFirst()).as("%s", receipt).isIn(possible(receipt, evidence));
        owners.add(evidence.spread().owners());
      }

      assertThat(owners.getFirst()).as("owners of the first job").isEqualTo(4);
      assertThat(owners).as("one was believed alone").contains(1);
      assertThat(auditedSince(owners)).as("and one was audited: %s", owners).isTrue();
      assertThat(nodes)
          .anyMatch(node -> member.views().reputations().record(node).whole().confirmed() >= 20);
    }
  }

  /**
   * One alone has nobody to bind itself before, several are always bound first. Where the first of
   * several that showed its result was enough by itself, the others are let go: it stands alone in
   * the receipt and had bound itself all the same.
   */
  private static List<Boolean> possible(Receipt receipt, AgreementEvidence evidence) {
    if (evidence.spread().owners() > 1) {
      return List.of(true);
    }
    return receipt.tasks().getFirst().replicas().size() == 1
        ? List.of(false)
        : List.of(true, false);
  }

  /** Whether a second owner was asked after one had been believed alone. */
  private static boolean auditedSince(List<Integer> owners) {
    int first = owners.indexOf(1);
    return first >= 0 && owners.subList(first, owners.size()).contains(2);
  }

  private static Receipt run(CoreNetwork network, Member member, int number) {
    JobId id = JobId.of(network.tenant(), "adaptive " + number);
    JobSpec core = CoreWork.job(1);
    var usual = new Policy(null, core.policy().limits(), null, null);
    var job = new JobSpec("adaptive", core.labels(), core.workload(), core.tasks(), usual);
    member
        .jobs(id)
        .tell(
            new JobMessage.Submit(
                id, network.tenant(), job, CoreWork.CODE, member.system().ignoreRef()));
    Optional<byte[]> receipt =
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> member.views().jobs().receipt(id), Optional::isPresent);
    return Json.read(receipt.orElseThrow(), Receipt.class);
  }
}
