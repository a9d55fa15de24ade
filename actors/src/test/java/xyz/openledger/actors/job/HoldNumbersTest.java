package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsEntity;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;

/** A partition numbers its holds; a hold that is refused stops no later one and is not kept. */
class HoldNumbersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final TenantId TENANT = new TenantId("ada");
  private static final JobId FIRST = JobId.of(TENANT, "first");
  private static final String PARTITION = JobPartition.of(FIRST);

  /** Another job of the same partition. */
  private static final JobId SECOND =
      IntStream.iterate(0, i -> i + 1)
          .mapToObj(i -> JobId.of(TENANT, "second " + i))
          .filter(id -> JobPartition.of(id).equals(PARTITION))
          .findFirst()
          .orElseThrow();

  private final AtomicLong nowMillis = new AtomicLong(1_000_000);
  private final AtomicInteger lost = new AtomicInteger();
  private ActorTestKit kit;
  private ActorRef<AccountsMessage> books;
  private ActorRef<AccountsMessage> way;
  private ActorRef<JobMessage> partition;

  @BeforeEach
  void open() {
    kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
    books = kit.spawn(AccountsEntity.create());
    way = kit.spawn(Behaviors.receiveMessage(this::pass));
    partition = partition();
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  @Test
  void aRefusedHoldStopsNoLaterOne() {
    assertThat(submit(FIRST).problem()).isEqualTo(Problem.INSUFFICIENT_BALANCE);
    await().atMost(PATIENCE).until(() -> acknowledgedThrough() == 1);
    deposit();

    assertThat(submit(SECOND).problem()).isNull();
    assertThat(acknowledgedThrough()).isEqualTo(1);
  }

  @Test
  void anAcknowledgementThatIsLostIsSaidAgain() {
    lost.set(1);
    submit(FIRST);
    await().atMost(PATIENCE).until(() -> lost.get() == 0);
    assertThat(acknowledgedThrough()).isZero();

    nowMillis.addAndGet(6_000);

    await().atMost(PATIENCE).until(() -> acknowledgedThrough() == 1);
  }

  @Test
  void whatWasNotAcknowledgedBeforeACrashIsAfterIt() {
    lost.set(1);
    submit(FIRST);
    await().atMost(PATIENCE).until(() -> lost.get() == 0);
    deposit();
    submit(SECOND);
    kit.stop(partition);

    partition = partition();

    // The second one's job is live: its number stays open.
    await().atMost(PATIENCE).until(() -> acknowledgedThrough() == 1);
  }

  private org.apache.pekko.actor.typed.Behavior<AccountsMessage> pass(AccountsMessage message) {
    boolean acknowledges =
        message instanceof AccountsMessage.Do asked
            && asked.command() instanceof LedgerCommand.Acknowledge;
    if (!acknowledges || lost.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      books.tell(message);
    }
    return Behaviors.same();
  }

  private ActorRef<JobMessage> partition() {
    var neighbours =
        new Neighbours(
            way,
            kit.createTestProbe(LogMessage.class).ref(),
            _ -> kit.createTestProbe(PoolMessage.class).ref(),
            _ -> kit.createTestProbe(NodeMessage.class).ref(),
            () -> List.of(ForeignNodeTest.pool()));
    return kit.spawn(JobPartition.create(PARTITION, neighbours, new SetClock(nowMillis)));
  }

  private JobMessage.SubmitReply submit(JobId job) {
    var replies = kit.createTestProbe(JobMessage.SubmitReply.class);
    partition.tell(
        new JobMessage.Submit(job, TENANT, ForeignNodeTest.spec(), Digest.of(), replies.ref()));
    return replies.receiveMessage(PATIENCE);
  }

  private void deposit() {
    var answers = kit.createTestProbe(AccountsMessage.Answer.class);
    String address = "0x" + "11".repeat(20);
    books.tell(
        new AccountsMessage.Do(
            new LedgerCommand.Deposit(TENANT.value(), address, 1_000_000, address, "0x01/0", 7),
            answers.ref()));
    assertThat(answers.receiveMessage(PATIENCE).refusal()).isNull();
  }

  private long acknowledgedThrough() {
    var replies = kit.createTestProbe(AccountsMessage.AcknowledgedThrough.class);
    books.tell(new AccountsMessage.ShowAcknowledged("partition-" + PARTITION, replies.ref()));
    return replies.receiveMessage(PATIENCE).number();
  }
}
