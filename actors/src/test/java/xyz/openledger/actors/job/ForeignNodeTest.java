package xyz.openledger.actors.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.verification.Reveal;

/** A node speaks for its own leases alone, whatever it knows of others'. */
class ForeignNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final NodeId ADA = NodeId.of(Ed25519Key.of(new byte[32]).publicKey());
  private static final NodeId EVE = NodeId.of(Ed25519Key.generate().publicKey());
  private static final TenantId TENANT = new TenantId("tenant");
  private static final JobId JOB = JobId.of(TENANT, "once");
  private static final PoolId POOL = PoolId.parse("pool-" + "a".repeat(26));
  private static final byte[] OUTPUT = "42".getBytes(UTF_8);
  private static final long FENCE = 9;
  private static ActorTestKit kit;

  private final TestProbe<AccountsMessage> accounts = kit.createTestProbe(AccountsMessage.class);
  private final TestProbe<LogMessage> log = kit.createTestProbe(LogMessage.class);
  private final TestProbe<PoolMessage> pools = kit.createTestProbe(PoolMessage.class);
  private final TestProbe<NodeMessage> nodes = kit.createTestProbe(NodeMessage.class);
  private final TestProbe<SessionMessage> session = kit.createTestProbe(SessionMessage.class);
  private final HeardBy heardBy = new HeardBy(session.ref(), 1);

  @BeforeAll
  static void openKit() {
    kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
  }

  @AfterAll
  static void closeKit() {
    kit.shutdownTestKit();
  }

  @Test
  void whatAStrangerSaysOfALeaseIsHeardAndChangesNothing() {
    var partition = placed();
    NodeMessage.Work work = nodes.expectMessageClass(NodeMessage.Dispatch.class, PATIENCE).work();
    var outcome = new Outcome(Outcome.Status.FINISHED, 0, 7, Digest.of(OUTPUT), OUTPUT.length);
    var reveal = new Reveal(work.replica(), FENCE, work.task(), outcome, new Digest(0, 0, 0, 0));
    var signed = new Receipt.SignedStatement(Digest.of(OUTPUT), 1, 0, List.of(), "00");

    partition.tell(
        new JobMessage.Committed(work.replica(), EVE, FENCE, Digest.of(OUTPUT), heardBy));
    partition.tell(
        new JobMessage.Lost(work.replica(), EVE, FENCE, Problem.NODE_LOST, "gone", heardBy));
    partition.tell(new JobMessage.Revealed(EVE, reveal, signed, OUTPUT, heardBy));
    for (int i = 0; i < 3; i++) {
      session.expectMessageClass(SessionMessage.Heard.class, PATIENCE);
    }

    assertThat(show(partition).state()).isEqualTo("running");
    partition.tell(new JobMessage.Revealed(ADA, reveal, signed, OUTPUT, heardBy));
    session.expectMessageClass(SessionMessage.Heard.class, PATIENCE);
    assertThat(show(partition).state()).isEqualTo("settled");
  }

  /** A partition with one job, whose one task is leased to Ada. */
  private ActorRef<JobMessage> placed() {
    var neighbours =
        new Neighbours(
            accounts.ref(), log.ref(), _ -> pools.ref(), _ -> nodes.ref(), () -> List.of(pool()));
    var partition =
        kit.spawn(JobPartition.create(JobPartition.of(JOB), neighbours, Clock.systemUTC()));
    var replies = kit.createTestProbe(JobMessage.SubmitReply.class);
    partition.tell(new JobMessage.Submit(JOB, TENANT, spec(), Digest.of(), replies.ref()));
    accounts.expectMessageClass(AccountsMessage.Do.class, PATIENCE);
    partition.tell(new JobMessage.Held(JOB, null, ""));
    PoolMessage.Request request = pools.expectMessageClass(PoolMessage.Request.class, PATIENCE);
    var replica = new ReplicaId(request.request().task(), request.replicas().getFirst());
    var grant = new Grant(replica, ADA, Address.of(new byte[20]), POOL, FENCE, 5, 60_000, "eu", 40);
    partition.tell(new JobMessage.Granted(JOB, List.of(grant), List.of()));
    return partition;
  }

  static JobSpec spec() {
    return new JobSpec(
        "",
        Map.of(),
        new Workload.Wasm(Digest.of(), 1_000, 1 << 20, 1_024),
        List.of(new JobSpec.Task(List.of(), Digest.of())),
        new Policy(
            null,
            new Policy.Limits(1_000, 60_000, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null));
  }

  static PoolSummary pool() {
    return new PoolSummary(
        POOL, "commons", 1, 1, 4, 4, 0, List.of("eu"), 40, 5, 1_000_000_000, 300, 1 << 28, 5_000);
  }

  private Job show(ActorRef<JobMessage> partition) {
    var shown = kit.createTestProbe(JobMessage.ShowReply.class);
    partition.tell(new JobMessage.Show(JOB, shown.ref()));
    return shown.receiveMessage(PATIENCE).job();
  }
}
