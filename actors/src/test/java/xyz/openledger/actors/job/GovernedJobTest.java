package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.CODE;
import static xyz.openledger.actors.job.Cast.JOB;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.verification;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;

/** A partition under rules that change while it runs. */
class GovernedJobTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JobSpec SPEC =
      labelled(Cast.spec(policy(verification(1, 1), 1_000), 1), Map.of("purpose", "mining"));

  private final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
  private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
  private final TestProbe<AccountsMessage> accounts = kit.createTestProbe(AccountsMessage.class);
  private final TestProbe<PoolMessage> pool = kit.createTestProbe(PoolMessage.class);
  private final TestProbe<JobMessage.SubmitReply> submitter =
      kit.createTestProbe(JobMessage.SubmitReply.class);
  private final AtomicReference<GovernedRules> rules = new AtomicReference<>(GovernedRules.NONE);

  private ActorRef<JobMessage> partition;

  @BeforeEach
  void start() {
    TestProbe<LogMessage> log = kit.createTestProbe(LogMessage.class);
    TestProbe<NodeMessage> nodes = kit.createTestProbe(NodeMessage.class);
    partition =
        kit.spawn(
            JobPartition.create(
                JobPartition.of(JOB),
                new Neighbours(
                    accounts.ref(),
                    log.ref(),
                    _ -> pool.ref(),
                    _ -> nodes.ref(),
                    () -> List.of(attic()),
                    rules::get,
                    ProductChecks.NONE),
                new SetClock(new AtomicLong(1_000))));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aBannedClassIsRefusedWithTheEpochNamedAndNothingWritten() {
    rules.set(
        read(
            "{'epoch':7,'classes':[{'name':'m','labels':{'purpose':'mining'},'ruling':'banned'}]}"));

    submit();

    assertThat(submitter.receiveMessage(PATIENCE))
        .isEqualTo(
            new JobMessage.SubmitReply(
                JOB,
                "refused",
                Problem.GOVERNANCE_FORBIDS,
                "governance epoch 7 bans work of class m"));
    assertThat(journal.persistedInStorage(id())).isEmpty();
  }

  @Test
  void aJobKeepsTheRulesOfTheEpochThatAdmittedIt() {
    GovernedRules first =
        read("{'epoch':1,'weightFloors':{'carbon':25},'regionsForbidden':['xx']}");
    rules.set(first);
    submit();
    accounts.receiveMessage(PATIENCE);
    rules.set(read("{'epoch':2,'classes':[{'name':'m','kind':'wasm','ruling':'banned'}]}"));

    partition.tell(new JobMessage.Held(JOB, null, ""));

    var request = asked().request();
    assertThat(request.policy().objective().weights()).isEqualTo(new Policy.Weights(75, 0, 0, 25));
    assertThat(request.work().governed().regionsForbidden()).containsExactly("xx");
    assertThat(request.work().labels()).isEqualTo(Map.of("purpose", "mining"));
    assertThat(journal.persistedInStorage(id()).getFirst())
        .isInstanceOfSatisfying(
            JobEvent.Submitted.class,
            submitted -> {
              assertThat(submitted.governanceEpoch()).isEqualTo(1);
              assertThat(submitted.ruleHash()).isEqualTo(first.hash());
              assertThat(submitted.spec().policy()).isEqualTo(SPEC.policy());
            });
    submitter.receiveMessage(PATIENCE);
    submit();
    assertThat(submitter.receiveMessage(PATIENCE).problem()).isNull();
  }

  @Test
  void drainingEndsAJobOfWhichNothingRuns() {
    submit();
    accounts.receiveMessage(PATIENCE);
    partition.tell(new JobMessage.Held(JOB, null, ""));
    asked();

    partition.tell(new JobMessage.Drain(JOB, "governance epoch 2 bans work of class m"));

    assertThat(finished(shown()))
        .isInstanceOfSatisfying(
            JobEvent.Finished.class,
            ended -> {
              assertThat(ended.end()).isEqualTo(JobEvent.End.CANCELLED);
              assertThat(ended.problem()).isEqualTo(Problem.GOVERNANCE_FORBIDS);
              assertThat(ended.detail()).isEqualTo("governance epoch 2 bans work of class m");
            });
  }

  @Test
  void drainingLeavesWhatRunsAlone() {
    submit();
    accounts.receiveMessage(PATIENCE);
    partition.tell(new JobMessage.Held(JOB, null, ""));
    PoolMessage.Request asked = asked();
    var replica = new ReplicaId(asked.request().task(), asked.replicas().getFirst());
    var grant = Cast.grant(replica, "bob", 1, 100);
    partition.tell(new JobMessage.Granted(JOB, List.of(grant), List.of()));

    partition.tell(new JobMessage.Drain(JOB, "governance epoch 2 bans work of class m"));

    assertThat(finished(shown())).isNull();
  }

  private @Nullable Job shown() {
    TestProbe<JobMessage.ShowReply> asker = kit.createTestProbe(JobMessage.ShowReply.class);
    partition.tell(new JobMessage.Show(JOB, asker.ref()));
    return asker.receiveMessage(PATIENCE).job();
  }

  /** How it ended, live or over. */
  private JobEvent.@Nullable Finished finished(@Nullable Job job) {
    return journal.persistedInStorage(id()).stream()
        .filter(JobEvent.Finished.class::isInstance)
        .map(JobEvent.Finished.class::cast)
        .findFirst()
        .orElse(job == null ? null : job.finished());
  }

  @Test
  void whatIsNotGovernedIsWrittenAsBefore() {
    submit();
    accounts.receiveMessage(PATIENCE);

    assertThat(journal.persistedInStorage(id()).getFirst())
        .isEqualTo(
            new JobEvent.Submitted(
                JOB, ADA, SPEC, CODE, 1, 0, GovernedRules.NONE.hash(), 1_000, null, null, null));
  }

  private void submit() {
    partition.tell(new JobMessage.Submit(JOB, ADA, SPEC, CODE, submitter.ref()));
  }

  private PoolMessage.Request asked() {
    while (true) {
      if (pool.receiveMessage(PATIENCE) instanceof PoolMessage.Request request) {
        return request;
      }
    }
  }

  private static String id() {
    return JobPartition.KEY.name() + "|" + JobPartition.of(JOB);
  }

  private static PoolSummary attic() {
    return new PoolSummary(
        Cast.POOL,
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

  private static JobSpec labelled(JobSpec spec, Map<String, String> labels) {
    return new JobSpec(spec.name(), labels, spec.workload(), spec.tasks(), spec.policy());
  }

  private static GovernedRules read(String json) {
    return GovernedRules.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
