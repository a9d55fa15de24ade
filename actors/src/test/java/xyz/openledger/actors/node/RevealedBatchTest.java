package xyz.openledger.actors.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.merkle.MerkleTree;
import xyz.openledger.verification.Reveal;

/** What a node's twin makes of outcomes that were signed together. */
class RevealedBatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Ed25519Key TRANSPORT = Ed25519Key.of(new byte[32]);
  private static final Secp256k1Key RESULT = Secp256k1Key.of(number(1).bytes());
  private static final NodeId NODE = NodeId.of(TRANSPORT.publicKey());
  private static final JobId JOB = JobId.of(new TenantId("ada"), "job 1");
  private static final byte[] OUTPUT = "42".getBytes(UTF_8);
  private static final Outcome OUTCOME =
      new Outcome(Outcome.Status.FINISHED, 0, 7, Digest.of(OUTPUT), OUTPUT.length);
  private static final ResultStatement.Court COURT =
      new ResultStatement.Court(901, Address.of(new byte[20]));
  private static ActorTestKit kit;

  private final TestProbe<JobMessage> jobs = kit.createTestProbe(JobMessage.class);
  private final TestProbe<PoolMessage> pools = kit.createTestProbe(PoolMessage.class);
  private final TestProbe<SessionMessage> session = kit.createTestProbe(SessionMessage.class);
  private ActorRef<NodeMessage> twin;

  @BeforeAll
  static void openKit() {
    kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
  }

  @AfterAll
  static void closeKit() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void start() {
    var neighbours =
        new NodeNeighbours(
            _ -> jobs.ref(),
            _ -> pools.ref(),
            _ -> {
              throw new AssertionError("nothing here asks for a challenge");
            },
            _ -> false,
            PATIENCE);
    twin = kit.spawn(NodeEntity.create(NODE.value(), neighbours, Clock.systemUTC()));
    var replies = kit.createTestProbe(NodeMessage.EnrolReply.class);
    twin.tell(new NodeMessage.Enrol(identity(), terms(), replies.ref()));
    replies.receiveMessage(PATIENCE);
    twin.tell(new NodeMessage.Attached(session.ref(), terms(), List.of(), 0));
  }

  @AfterEach
  void stop() {
    kit.stop(twin);
  }

  @Test
  void aStaleLeaseInABatchSpoilsNoOther() {
    dispatch(1, 11);
    dispatch(2, 12);
    dispatch(3, 13);
    // The twin knows nothing of replica 0, and replica 2 was leased again after this answer.
    var batch = List.of(shown(0, 4), shown(1, 11), shown(2, 5), shown(3, 13));

    say(batch);

    var passed = new ArrayList<JobMessage.Revealed>();
    for (int i = 0; i < batch.size(); i++) {
      passed.add(jobs.expectMessageClass(JobMessage.Revealed.class, PATIENCE));
    }
    for (int i = 0; i < batch.size(); i++) {
      Reveal reveal = passed.get(i).reveal();
      Receipt.SignedStatement signed = passed.get(i).statement();
      assertThat(reveal.replica()).isEqualTo(batch.get(i).replica());
      assertThat(reveal.fence()).isEqualTo(batch.get(i).fence());
      assertThat(
              MerkleTree.verifyInclusion(
                  reveal.statement().leafHash(),
                  signed.index(),
                  signed.count(),
                  signed.proof(),
                  signed.root()))
          .isTrue();
    }
  }

  @Test
  void anOutcomeForAnOlderLeaseEndsNoneOfToday() {
    dispatch(2, 12);

    say(List.of(shown(2, 5)));
    jobs.expectMessageClass(JobMessage.Revealed.class, PATIENCE);
    twin.tell(new NodeMessage.Leaving(false));

    var lost = jobs.expectMessageClass(JobMessage.Lost.class, PATIENCE);
    assertThat(lost.fence()).isEqualTo(12);
  }

  @Test
  void aLeaseThatTheNodeNoLongerKnowsIsLostUnderItsOwnFence() {
    dispatch(1, 11);

    twin.tell(
        new NodeMessage.Faults(
            List.of(new NodeMessage.Fault(replica(1), 0, Problem.NOT_FOUND, "no such lease")),
            new HeardBy(session.ref(), 1)));

    var lost = jobs.expectMessageClass(JobMessage.Lost.class, PATIENCE);
    assertThat(lost.fence()).isEqualTo(11);
  }

  private void dispatch(int task, long fence) {
    twin.tell(
        new NodeMessage.Dispatch(
            new NodeMessage.Work(
                replica(task),
                fence,
                identity(task),
                number(7),
                number(8),
                List.of(),
                number(task),
                1_000,
                1 << 20,
                1_024,
                60_000,
                true,
                5,
                false)));
  }

  private void say(List<NodeMessage.Shown> batch) {
    var statements =
        batch.stream()
            .map(
                shown ->
                    new ResultStatement(
                        shown.replica(), shown.task(), shown.outcome().digest(), shown.fence()))
            .toList();
    Digest root = ResultStatement.root(statements);
    byte[] signature = RESULT.sign(ResultStatement.hash(COURT, NODE, root, batch.size()));
    twin.tell(
        new NodeMessage.Reveals(
            batch, root, HexFormat.of().formatHex(signature), new HeardBy(session.ref(), 1)));
  }

  private static NodeMessage.Shown shown(int task, long fence) {
    return new NodeMessage.Shown(replica(task), fence, identity(task), OUTCOME, number(0), OUTPUT);
  }

  private static ReplicaId replica(int task) {
    return new ReplicaId(new TaskId(JOB, task), 0);
  }

  private static Digest identity(int task) {
    return TaskIdentity.of(number(8), List.of(), number(task), 1_000, 1 << 20, 1_024);
  }

  private static Digest number(long number) {
    return new Digest(0, 0, 0, number);
  }

  private static NodeIdentity identity() {
    return new NodeIdentity(
        NODE,
        "attic-pc",
        Address.of(new byte[20]),
        PoolId.parse("pool-" + "a".repeat(26)),
        HexFormat.of().formatHex(TRANSPORT.publicKey()),
        HexFormat.of().formatHex(RESULT.publicKey()));
  }

  private static NodeTerms terms() {
    return new NodeTerms(
        5,
        4,
        1 << 28,
        "eu",
        40,
        65,
        "",
        Map.of(),
        1_000_000_000,
        300,
        new NodeTerms.NodeHardware(
            "Linux", "amd64", "a CPU", List.of(), 2, 1L << 33, 1L << 34, List.of(), "process",
            "test", List.of()));
  }
}
