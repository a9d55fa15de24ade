package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.CODE;
import static xyz.openledger.actors.job.Cast.FUEL_MAX;
import static xyz.openledger.actors.job.Cast.JOB;
import static xyz.openledger.actors.job.Cast.POOL;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.said;
import static xyz.openledger.actors.job.Cast.spec;
import static xyz.openledger.actors.job.Cast.verification;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.SessionMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.receipts.Equivocation;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.Reveal;

/** A partition among neighbours that are played by the test. */
class JobPartitionTest {
  /** Busy machines are slow; a test that passes never waits this long. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Digest SALT = Cast.digest("salt");
  private static final JobSpec ALONE = spec(policy(verification(1, 1), 1_000), 1);
  private static final JobSpec PAIR = spec(policy(verification(2, 3), 1_000), 1);

  private final ActorTestKit kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
  private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
  private final TestProbe<AccountsMessage> accounts = kit.createTestProbe(AccountsMessage.class);
  private final TestProbe<LogMessage> log = kit.createTestProbe(LogMessage.class);
  private final TestProbe<PoolMessage> pool = kit.createTestProbe(PoolMessage.class);
  private final TestProbe<NodeMessage> nodes = kit.createTestProbe(NodeMessage.class);
  private final TestProbe<SessionMessage> session = kit.createTestProbe(SessionMessage.class);
  private final TestProbe<JobMessage.SubmitReply> submitter =
      kit.createTestProbe(JobMessage.SubmitReply.class);
  private final TestProbe<JobMessage.ShowReply> onlooker =
      kit.createTestProbe(JobMessage.ShowReply.class);
  private final AtomicLong nowMillis = new AtomicLong(1_000);
  private final Clock clock = new SetClock(nowMillis);

  private final List<Equivocation> equivocations = new CopyOnWriteArrayList<>();
  private final List<Receipt> concluded = new CopyOnWriteArrayList<>();

  private ActorRef<JobMessage> partition;
  private long tokens;

  @BeforeEach
  void start() {
    partition =
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
                    ProductChecks.NONE,
                    _ -> 0,
                    new Convictions() {
                      @Override
                      public void equivocated(Equivocation seen) {
                        equivocations.add(seen);
                      }

                      @Override
                      public void contradicted(Receipt receipt) {
                        concluded.add(receipt);
                      }
                    }),
                clock));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void answersOnceTheEscrowIsHeld() {
    submit(ALONE);

    var hold = (LedgerCommand.Hold) expect(accounts, AccountsMessage.Do.class).command();
    assertThat(hold.amountNanoOpen()).isEqualTo(1_000);
    partition.tell(new JobMessage.Held(JOB, null, ""));

    assertThat(answer()).isEqualTo(new JobMessage.SubmitReply(JOB, "queued", null, ""));
    assertThat(events()).hasSize(1);
  }

  @Test
  void keepsWhyThePoolAndWhyTheNode() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    placed(ALONE, bob);
    expect(nodes, NodeMessage.Dispatch.class);

    List<String> reasons = Reason.lines(show().explanation());
    assertThat(reasons).hasSize(2);
    assertThat(reasons.getFirst())
        .startsWith("task 0, replica r0: attic of 1 pool: scored ")
        .contains(" of 10000 (");
    assertThat(reasons.getLast()).isEqualTo("task 0, replica r0: the best");
    assertThat(((JobEvent.Placed) events().get(1)).explanation()).isEqualTo(reasons);
  }

  @Test
  void saysWhatItWaitsForAsFarAsItHasCome() {
    submit(ALONE);
    assertThat(waiting()).containsExactly("its price limit to be held in the requester's account");

    partition.tell(new JobMessage.Held(JOB, null, ""));
    expect(pool, PoolMessage.Request.class);
    assertThat(waiting()).containsExactly("task 0: pool attic to answer");

    var task = replica(0, 0).task();
    partition.tell(new JobMessage.Queued(task, POOL, List.of("1 replica needs a node")));
    assertThat(waiting()).containsExactly("task 0: pool attic: 1 replica needs a node");

    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    partition.tell(new JobMessage.Granted(JOB, List.of(bob), List.of("the best")));
    assertThat(waiting()).containsExactly("task 0, replica r0: " + bob.node() + " to run it");

    show(bob, said("42"), 7);
    assertThat(waiting())
        .containsExactly("its money to be settled", "its receipt to enter the log");
  }

  @Test
  void answersARepeatedSubmissionWithTheSameJob() {
    held(ALONE);

    submit(ALONE);

    assertThat(show().holdNumber()).isEqualTo(1);
    assertThat(events()).hasSize(1).first().isInstanceOf(JobEvent.Submitted.class);
    assertThat(answer()).isEqualTo(new JobMessage.SubmitReply(JOB, "queued", null, ""));
  }

  @Test
  void refusesAnotherJobUnderTheSameKey() {
    held(ALONE);

    submit(PAIR);

    assertThat(answer().problem()).isEqualTo(Problem.IDEMPOTENCY_CONFLICT);
    assertThat(show().spec()).isEqualTo(ALONE);
  }

  @Test
  void isRefusedWhereNothingCanBeHeld() {
    submit(ALONE);

    partition.tell(new JobMessage.Held(JOB, Problem.INSUFFICIENT_BALANCE, "deposit more"));

    assertThat(answer().problem()).isEqualTo(Problem.INSUFFICIENT_BALANCE);
    assertThat(((LedgerCommand.Release) lastMoney()).jobId()).isEqualTo(JOB.value());
  }

  @Test
  void carriesAJobFromItsLeaseToItsReceipt() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    placed(ALONE, bob);
    var work = expect(nodes, NodeMessage.Dispatch.class).work();
    assertThat(work.fence()).isEqualTo(7);
    assertThat(work.revealAtOnce()).isTrue();

    show(bob, said("42"), 7);

    var settle = (LedgerCommand.Settle) lastMoney();
    assertThat(settle.charges()).hasSize(1);
    var append = expect(log, LogMessage.Append.class);
    partition.tell(new JobMessage.Moved(JOB, null, ""));
    partition.tell(new JobMessage.Logged(JOB, 3, false));
    expect(accounts, AccountsMessage.Do.class, LedgerCommand.Acknowledge.class);
    assertThat(events().stream().map(event -> event.getClass().getSimpleName()))
        .containsExactly("Submitted", "Placed", "Revealed", "Finished", "Settled");
    assertThat(append.leaf().key()).startsWith(JOB.value());
    assertThat(show()).as("a settled job leaves").isNull();
  }

  @Test
  void beginsNothingAnewWhereASettledJobIsSubmittedOnceMore() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    placed(ALONE, bob);
    show(bob, said("42"), 7);
    partition.tell(new JobMessage.Moved(JOB, null, ""));
    partition.tell(new JobMessage.Logged(JOB, 3, false));
    await().until(() -> events().getLast() instanceof JobEvent.Settled);
    int known = events().size();

    submit(ALONE);
    assertThat(answer()).isEqualTo(new JobMessage.SubmitReply(JOB, "settled", null, ""));
    submit(PAIR);
    assertThat(answer().problem()).isEqualTo(Problem.IDEMPOTENCY_CONFLICT);
    assertThat(events()).hasSize(known);
  }

  @Test
  void hasKeptWhatConvictsANodeThatSignsASecondOutcome() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    placed(ALONE, bob);
    show(bob, said("42"), 7);
    show(bob, said("42"), 7);
    assertThat(show().finished()).isNotNull();
    assertThat(equivocations).as("a repeat is none").isEmpty();

    show(bob, said("43"), 7);
    assertThat(show().finished()).isNotNull();

    assertThat(equivocations).singleElement().matches(seen -> seen.node().equals(bob.node()));
    assertThat(concluded).isNotEmpty();
  }

  @Test
  void acknowledgesWhatItHasWrittenDown() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    placed(ALONE, bob);

    show(bob, said("42"), 7);

    assertThat(heard()).isEqualTo(1);
    assertThat(events().stream().map(event -> event.getClass().getSimpleName()))
        .startsWith("Submitted", "Placed", "Revealed", "Finished");
  }

  @Test
  void asksForOutcomesOnlyOnceAllHaveCommitted() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    Grant carol = grant(replica(0, 1), "carol", 8, 100);
    placed(PAIR, bob, carol);

    commit(bob, said("42"));
    assertThat(heard()).isEqualTo(1);
    commit(carol, said("42"));
    assertThat(heard()).isEqualTo(2);

    assertThat(expect(nodes, NodeMessage.Reveal.class).replicas()).containsExactly(bob.replica());
    assertThat(expect(nodes, NodeMessage.Reveal.class).replicas()).containsExactly(carol.replica());
    show(bob, said("42"), 7);
    show(carol, said("42"), 8);
    assertThat(((LedgerCommand.Settle) lastMoney()).charges()).hasSize(2);
  }

  @Test
  void asksForASecondReplicaBesideAStragglerThatItsJobWantsHedged() {
    var hedge = new Scheduling(null, null, null, true, null, null, null);
    JobSpec spec =
        new JobSpec(
            ALONE.name(), ALONE.labels(), ALONE.workload(), ALONE.tasks(), ALONE.policy(), hedge);
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    placed(spec, bob);

    partition.tell(new JobMessage.Straggles(bob.replica(), bob.node(), 7, "runs long"));

    PoolMessage.Request more;
    do {
      more = expect(pool, PoolMessage.Request.class);
    } while (more.replicas().equals(List.of(0)));
    assertThat(more.replicas()).containsExactly(1);
    assertThat(more.request().ownersExcluded()).containsExactly(bob.owner());
    assertThat(events()).last().isInstanceOf(JobEvent.Hedged.class);

    show(bob, said("42"), 7);
    expect(pool, PoolMessage.Withdraw.class);
  }

  @Test
  void hearsNobodyUnderAStaleFence() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    placed(ALONE, bob);

    show(bob, said("42"), 6);
    show(bob, said("42"), 8);
    partition.tell(
        new JobMessage.Lost(bob.replica(), bob.node(), 6, Problem.NODE_LOST, "", heardBy()));

    assertThat(List.of(heard(), heard(), heard()))
        .as("the node need not say it again")
        .containsExactly(1L, 2L, 3L);
    assertThat(show().replica(bob.replica()).phase()).isEqualTo(JobReplica.Phase.LEASED);
    assertThat(events()).hasSize(2);
  }

  @Test
  void losesAReplicaWhoseRevealDoesNotFitItsCommitment() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    Grant carol = grant(replica(0, 1), "carol", 8, 100);
    placed(PAIR, bob, carol);
    commit(bob, said("42"));
    commit(carol, said("42"));

    show(carol, said("41"), 8);

    assertThat(List.of(heard(), heard(), heard())).containsExactly(1L, 2L, 3L);
    var carols = show().replica(carol.replica());
    assertThat(carols.phase()).isEqualTo(JobReplica.Phase.LOST);
    assertThat(carols.problem()).isEqualTo(Problem.DIGEST_MISMATCH);
  }

  @Test
  void takesUpItsJobsAgainAfterARestart() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    placed(ALONE, bob);
    expect(nodes, NodeMessage.Dispatch.class);
    kit.stop(partition);

    start();

    var again = expect(nodes, NodeMessage.Reattach.class);
    assertThat(again.replica()).isEqualTo(bob.replica());
    assertThat(again.fence()).isEqualTo(7);
    show(bob, said("42"), 7);
    assertThat(((LedgerCommand.Settle) lastMoney()).charges()).hasSize(1);
  }

  /** Whichever of the two has started anew, the pool must not take the node for free. */
  @Test
  void tellsThePoolItsLiveLeasesAfterARestartAndFromTimeToTime() {
    Grant bob = grant(replica(0, 0), "bob", 7, 100);
    Grant carol = grant(replica(0, 1), "carol", 8, 100);
    placed(PAIR, bob, carol);
    commit(carol, said("42"));
    assertThat(heard()).isEqualTo(1);
    kit.stop(partition);

    start();

    assertThat(expect(pool, PoolMessage.Leased.class).grants())
        .as("one that has committed holds no slot")
        .containsExactly(bob);
    // Once it has given carol's slot back, it has taken the job up, and counts from then.
    expect(pool, PoolMessage.Release.class);
    nowMillis.addAndGet(10_000);
    partition.tell(JobMessage.Tick.INSTANCE);
    assertThat(expect(pool, PoolMessage.Leased.class).grants()).containsExactly(bob);
  }

  @Test
  void expiresAtItsDeadlineAndGivesTheEscrowBack() {
    held(ALONE);

    nowMillis.addAndGet(Cast.DEADLINE_MILLIS + 1);
    partition.tell(JobMessage.Tick.INSTANCE);

    assertThat(lastMoney()).isInstanceOf(LedgerCommand.Release.class);
    assertThat(show().state()).isEqualTo("expired");
  }

  @Test
  void givesBackAGrantThatItNoLongerWants() {
    held(ALONE);
    expect(pool, PoolMessage.Request.class);
    partition.tell(new JobMessage.Cancel(JOB, ADA, onlooker.ref()));
    assertThat(onlooker.receiveMessage(PATIENCE).job().state()).isEqualTo("cancelled");

    Grant late = grant(replica(0, 0), "bob", 7, 100);
    partition.tell(new JobMessage.Granted(JOB, List.of(late), List.of()));

    assertThat(expect(pool, PoolMessage.Release.class).replicas()).containsExactly(late.replica());
  }

  /** Two pools, or two rounds, may each have kept to what was left when they were asked. */
  @Test
  void givesBackAGrantThatWouldCostMoreThanIsLeft() {
    Grant bob = grant(replica(0, 0), "bob", 7, 600);
    Grant carol = grant(replica(0, 1), "carol", 8, 401);

    placed(PAIR, bob, carol);

    assertThat(expect(pool, PoolMessage.Release.class).replicas()).containsExactly(carol.replica());
    assertThat(show().tasks().getFirst().replicas())
        .extracting(JobReplica::grant)
        .containsExactly(bob);
    Grant dave = grant(replica(0, 1), "dave", 9, 400);
    partition.tell(new JobMessage.Granted(JOB, List.of(dave), List.of()));
    assertThat(show().replica(dave.replica()).phase()).isEqualTo(JobReplica.Phase.LEASED);
  }

  /** However prices are drawn, all that is leased together must not cost more than the limit. */
  @Test
  void neverAsksForMoreThanItsPriceLimitAllTasksTogether() {
    held(spec(policy(verification(2, 3), 1_000), 3));

    long worst = 0;
    for (int task = 0; task < 3; task++) {
      var request = expect(pool, PoolMessage.Request.class);
      worst += request.request().budgetNanoOpen() * request.replicas().size();
    }

    assertThat(worst).isLessThanOrEqualTo(1_000);
  }

  private void submit(JobSpec spec) {
    partition.tell(new JobMessage.Submit(JOB, ADA, spec, CODE, submitter.ref()));
  }

  private void held(JobSpec spec) {
    submit(spec);
    partition.tell(new JobMessage.Held(JOB, null, ""));
    answer();
  }

  private void placed(JobSpec spec, Grant... grants) {
    held(spec);
    expect(pool, PoolMessage.Request.class);
    partition.tell(new JobMessage.Granted(JOB, List.of(grants), List.of("the best")));
  }

  private void commit(Grant grant, Outcome outcome) {
    partition.tell(
        new JobMessage.Committed(
            grant.replica(),
            grant.node(),
            grant.fence(),
            Commitment.of(grant.replica(), grant.node(), outcome.digest(), SALT.bytes()),
            heardBy()));
  }

  private void show(Grant grant, Outcome outcome, long fence) {
    int index = grant.replica().task().index();
    Digest task = TaskIdentity.of(CODE, ALONE.tasks().get(index), (Workload.Wasm) ALONE.workload());
    var reveal = new Reveal(grant.replica(), fence, task, outcome, SALT);
    partition.tell(
        new JobMessage.Revealed(
            grant.node(), reveal, Cast.statement(reveal.statement()), null, heardBy()));
  }

  private List<String> waiting() {
    partition.tell(new JobMessage.Show(JOB, onlooker.ref()));
    return onlooker.receiveMessage(PATIENCE).waiting();
  }

  private Job show() {
    partition.tell(new JobMessage.Show(JOB, onlooker.ref()));
    return onlooker.receiveMessage(PATIENCE).job();
  }

  private HeardBy heardBy() {
    return new HeardBy(session.ref(), ++tokens);
  }

  private long heard() {
    return ((SessionMessage.Heard) session.receiveMessage(PATIENCE)).token();
  }

  private JobMessage.SubmitReply answer() {
    return submitter.receiveMessage(PATIENCE);
  }

  /** What the books are told once the job has ended. */
  private LedgerCommand lastMoney() {
    while (true) {
      LedgerCommand command = expect(accounts, AccountsMessage.Do.class).command();
      if (!(command instanceof LedgerCommand.Hold)) {
        return command;
      }
    }
  }

  private void expect(
      TestProbe<AccountsMessage> probe,
      Class<AccountsMessage.Do> type,
      Class<? extends LedgerCommand> command) {
    while (!command.isInstance(expect(probe, type).command())) {
      // What came before.
    }
  }

  /** The next message of that kind. */
  private static <M, T extends M> T expect(TestProbe<M> probe, Class<T> type) {
    while (true) {
      M message = probe.receiveMessage(PATIENCE);
      if (type.isInstance(message)) {
        return type.cast(message);
      }
    }
  }

  private List<JobEvent> events() {
    return new ArrayList<>(
        journal.persistedInStorage(JobPartition.KEY.name() + "|" + JobPartition.of(JOB)).stream()
            .map(JobEvent.class::cast)
            .toList());
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
        FUEL_MAX,
        1_000,
        1L << 30,
        5_000);
  }
}
