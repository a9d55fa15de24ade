package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.CODE;
import static xyz.openledger.actors.job.Cast.JOB;
import static xyz.openledger.actors.job.Cast.POOL;
import static xyz.openledger.actors.job.Cast.digest;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.owner;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.said;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Reveal;

/** A partition that has products checked, among neighbours that are played by the test. */
class CheckingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JobSpec SPEC =
      new JobSpec(
          "",
          Map.of(),
          new Workload.Matmul(digest("network"), Cast.FUEL_MAX, 1 << 20, Cast.OUTPUT_MAX),
          List.of(new JobSpec.Task(List.of("trace"), digest("input 0"))),
          policy(new Policy.Verification(Policy.Method.FREIVALDS, null), 1_000));

  private final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
  private final TestProbe<AccountsMessage> accounts = kit.createTestProbe(AccountsMessage.class);
  private final TestProbe<LogMessage> log = kit.createTestProbe(LogMessage.class);
  private final TestProbe<PoolMessage> pool = kit.createTestProbe(PoolMessage.class);
  private final TestProbe<NodeMessage> nodes = kit.createTestProbe(NodeMessage.class);
  private final TestProbe<SessionMessage> session = kit.createTestProbe(SessionMessage.class);
  private final TestProbe<JobMessage.SubmitReply> submitter =
      kit.createTestProbe(JobMessage.SubmitReply.class);
  private final LinkedBlockingQueue<CompletableFuture<Receipt.ProductCheck>> checks =
      new LinkedBlockingQueue<>();

  private final ActorRef<JobMessage> partition =
      kit.spawn(
          JobPartition.create(
              JobPartition.of(JOB),
              new Neighbours(
                  accounts.ref(),
                  log.ref(),
                  _ -> pool.ref(),
                  _ -> nodes.ref(),
                  () -> List.of(summary()),
                  () -> GovernedRules.NONE,
                  this::asked),
              Clock.systemUTC()));

  private CompletableFuture<Receipt.ProductCheck> asked(ProductChecks.Question question) {
    assertThat(question.identity()).isEqualTo(identity());
    var answer = new CompletableFuture<Receipt.ProductCheck>();
    checks.add(answer);
    return answer;
  }

  private static Digest identity() {
    return TaskIdentity.of(CODE, SPEC.tasks().getFirst(), SPEC.workload());
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void writesAnOutcomeDownOnlyOnceItsProductsWereCheckedAndAsksAnotherOwnerIfTheyAreWrong()
      throws InterruptedException {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    partition.tell(new JobMessage.Submit(JOB, ADA, SPEC, CODE, submitter.ref()));
    partition.tell(new JobMessage.Held(JOB, null, ""));
    expect(pool, PoolMessage.Request.class);
    partition.tell(new JobMessage.Granted(JOB, List.of(bob), List.of("the best")));
    expect(nodes, NodeMessage.Dispatch.class);
    show(bob, said("wrong"));
    show(bob, said("wrong"));

    var first = checks.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    session.expectNoMessage(Duration.ofMillis(100));
    first.completeExceptionally(new ProblemException(Problem.UNAVAILABLE, "", "busy"));
    var second = checks.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(second).isNotNull();
    second.complete(new Receipt.ProductCheck(false, 0, -61, "operator 0"));

    assertThat(session.receiveMessage(PATIENCE)).isInstanceOf(SessionMessage.Heard.class);
    var again = expect(pool, PoolMessage.Request.class);
    assertThat(again.request().ownersExcluded()).containsExactly(owner("bob"));
    assertThat(checks).isEmpty();
  }

  private void show(Grant grant, Outcome outcome) {
    var reveal = new Reveal(grant.replica(), grant.fence(), identity(), outcome, digest("salt"));
    partition.tell(
        new JobMessage.Revealed(
            grant.node(),
            reveal,
            Cast.statement(reveal.statement()),
            null,
            new HeardBy(session.ref(), 1)));
  }

  private static <M, T extends M> T expect(TestProbe<M> probe, Class<T> type) {
    while (true) {
      M message = probe.receiveMessage(PATIENCE);
      if (type.isInstance(message)) {
        return type.cast(message);
      }
    }
  }

  private static PoolSummary summary() {
    return new PoolSummary(
        POOL,
        "attic",
        10,
        10,
        10,
        10,
        0,
        List.of("eu-west"),
        300,
        0,
        Cast.FUEL_MAX,
        1_000,
        1L << 30,
        5_000);
  }
}
