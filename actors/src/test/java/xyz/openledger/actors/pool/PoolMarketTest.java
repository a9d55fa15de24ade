package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.POOL;
import static xyz.openledger.actors.job.Cast.node;
import static xyz.openledger.actors.job.Cast.owner;
import static xyz.openledger.actors.job.Cast.verification;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsEntity;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.PayeeBalance;
import xyz.openledger.chainanchor.accounts.RequesterBalance;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Traits;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.session.Selling;

/** A pool's market with its journal and the real books, before and after a restart. */
class PoolMarketTest {
  private static final long GIGAFUEL = 1_000_000_000;
  private static final long HOUR = 3_600_000;
  private static final Pool ATTIC =
      new Pool(POOL, "attic", "ada", new PoolTerms(0, 0, 100, null, 1_000));

  private final ActorTestKit kit = ActorTestKit.create(EventSourcedBehaviorTestKit.config());
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final TestProbe<JobMessage> job = kit.createTestProbe(JobMessage.class);
  private final TestProbe<PoolMessage.ReserveReply> reserved =
      kit.createTestProbe(PoolMessage.ReserveReply.class);
  private ActorRef<AccountsMessage> books;
  private EventSourcedBehaviorTestKit<PoolMessage, PoolEvent, PoolState> pool;

  @BeforeEach
  void open() {
    books = kit.spawn(AccountsEntity.create());
    pool =
        EventSourcedBehaviorTestKit.create(
            kit.system(),
            PoolEntity.create(
                POOL.value(),
                EpochSecret.of(new byte[EpochSecret.BYTES]),
                kit.spawn(Topic.create(PoolNews.class, "news")),
                books,
                new Moving()),
            EventSourcedBehaviorTestKit.disabledSerializationSettings());
    pool.<PoolView>runCommand(replyTo -> new PoolMessage.Open(ATTIC, replyTo));
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  @Test
  void aSpotLeaseCostsTheClearingPriceAndMayBeInterrupted() {
    up("bob", new Selling(200, 1, 0, 0), 2);
    ask(1, Policy.Capacity.SPOT, 900);

    clear();

    Grant grant = granted();
    assertThat(grant.interruptible()).isTrue();
    assertThat(grant.priceNanoOpenPerGigafuel()).isBetween(200L, 900L);
    assertThat(market().last(ResourceClass.WASM).priceNanoOpen())
        .isEqualTo(grant.priceNanoOpenPerGigafuel());
  }

  @Test
  void aBidBelowWhatIsTakenIsToldSo() {
    up("bob", new Selling(200, 1, 0, 0), 2);

    ask(1, Policy.Capacity.SPOT, 199);

    assertThat(job.expectMessageClass(JobMessage.Unplaceable.class).explanation().getFirst())
        .contains("1 nodes sell on the spot", "removed by price");
  }

  @Test
  void aNodeThatSellsNothingOnTheSpotRunsNoSpotWorkAndAsBeforeOnDemand() {
    up("bob", null, 1);
    ask(1, Policy.Capacity.SPOT, 900);
    assertThat(job.expectMessageClass(JobMessage.Unplaceable.class).explanation().getFirst())
        .contains("0 nodes sell on the spot");

    ask(2, Policy.Capacity.ON_DEMAND, 900);

    Grant grant = granted();
    assertThat(grant.priceNanoOpenPerGigafuel()).isEqualTo(300);
    assertThat(grant.interruptible()).isFalse();
  }

  @Test
  void onDemandCostsTheNodesOwnPriceUntilThereIsAClearingAndThenThePostedOne() {
    up("bob", new Selling(200, 1, 0, 0), 4);
    ask(1, Policy.Capacity.ON_DEMAND, 100_000);
    assertThat(granted().priceNanoOpenPerGigafuel()).isEqualTo(300);
    ask(2, Policy.Capacity.SPOT, 900);
    clear();
    long cleared = granted().priceNanoOpenPerGigafuel();

    ask(3, Policy.Capacity.ON_DEMAND, 100_000);

    // A tenth more than the clearing price, rounded up, and never less than the node asks.
    assertThat(granted().priceNanoOpenPerGigafuel())
        .isEqualTo(Math.max(300, Math.ceilDiv(cleared * 11, 10)));
    assertThat(posted()).isEqualTo(Math.ceilDiv(cleared * 11, 10));
  }

  @Test
  void whoseLimitIsBelowThePostedPriceIsRefusedWithThePriceNamed() {
    up("bob", new Selling(400, 1, 0, 0), 4);
    ask(1, Policy.Capacity.SPOT, 900);
    clear();
    granted();
    assertThat(posted()).as("above what the node asks").isGreaterThan(300);

    ask(2, Policy.Capacity.ON_DEMAND, posted() - 1);

    assertThat(
            job.expectMessageClass(JobMessage.Unplaceable.class, Duration.ofSeconds(10))
                .explanation()
                .getFirst())
        .contains("on demand costs %d nano-OPEN a gigafuel".formatted(posted()))
        .contains("its limit leaves %d".formatted(posted() - 1));
    ask(3, Policy.Capacity.ON_DEMAND, posted());
    assertThat(granted().priceNanoOpenPerGigafuel()).isEqualTo(posted());
  }

  @Test
  void aRestartNeitherLosesNorRepeatsAClearing() {
    up("bob", new Selling(200, 1, 0, 0), 1);
    ask(1, Policy.Capacity.SPOT, 900);
    clear();
    Grant before = granted();
    PoolEvent.Cleared cleared = market().last(ResourceClass.WASM);

    // The job never hears of it: it asks again, of a pool that knows its journal alone.
    pool.restart();
    up("bob", new Selling(200, 1, 0, 0), 1);
    ask(2, Policy.Capacity.SPOT, 2_000);
    ask(1, Policy.Capacity.SPOT, 900);

    Grant after = granted();
    assertThat(after.replica()).isEqualTo(before.replica());
    assertThat(after.node()).isEqualTo(before.node());
    assertThat(after.priceNanoOpenPerGigafuel()).isEqualTo(before.priceNanoOpenPerGigafuel());
    assertThat(after.fence()).isGreaterThan(before.fence());
    assertThat(market().last(ResourceClass.WASM)).isEqualTo(cleared);
  }

  @Test
  void slotsBoughtAheadArePaidOnceInFullAndNobodyElseGetsThem() {
    deposit(10_000);
    up("bob", new Selling(0, 0, 1, 600), 1);

    PoolMessage.ReserveReply reply = reserve("one", 1, HOUR, 1_000);

    assertThat(reply.problem()).isNull();
    assertThat(reply.bookings()).hasSize(1);
    // Nobody is displaced, so that the winner gets the limit.
    assertThat(balance().heldNanoOpen()).isEqualTo(1_000);
    ask(1, Policy.Capacity.ON_DEMAND, 900);
    job.expectMessageClass(JobMessage.Queued.class);
    ask(2, Policy.Capacity.RESERVED, 1);
    Grant mine = granted();
    assertThat(mine.priceNanoOpenPerGigafuel()).isZero();
    pool.runCommand(new PoolMessage.Release(List.of(mine.replica()), PoolQueue.End.BROUGHT));

    assertThat(reserve("one", 1, HOUR, 1_000).bookings()).isEqualTo(reply.bookings());
    pool.restart();
    up("bob", new Selling(0, 0, 1, 600), 1);
    now.addAndGet(HOUR);
    pool.runCommand(PoolMessage.Tick.INSTANCE);

    await()
        .untilAsserted(
            () -> {
              assertThat(earned("bob")).isEqualTo(1_000);
              assertThat(balance().heldNanoOpen()).isZero();
              assertThat(balance().availableNanoOpen()).isEqualTo(9_000);
            });
    pool.restart();
    pool.runCommand(PoolMessage.Tick.INSTANCE);
    assertThat(earned("bob")).isEqualTo(1_000);
  }

  @Test
  void aNodeThatGoesIsPaidForTheTimeItWasThereAndTheRestGoesBackAtOnce() {
    deposit(10_000);
    up("bob", new Selling(0, 0, 1, 600), 1);
    reserve("one", 1, HOUR, 1_000);
    now.addAndGet(HOUR / 2);
    pool.runCommand(new PoolMessage.NodeDown(node("bob"), "gone", true));
    pool.runCommand(PoolMessage.Tick.INSTANCE);

    now.addAndGet(SoldAhead.AWAY_MILLIS);
    pool.runCommand(PoolMessage.Tick.INSTANCE);

    await()
        .untilAsserted(
            () -> {
              assertThat(earned("bob")).isEqualTo(500);
              assertThat(balance().availableNanoOpen()).isEqualTo(9_500);
            });
  }

  @Test
  void theCheapestOfferWinsAndIsPaidWhatItDisplaces() {
    deposit(10_000);
    up("bob", new Selling(0, 0, 1, 600), 1);
    up("cyd", new Selling(0, 0, 1, 700), 1);

    var reply = reserve("one", 1, HOUR, 5_000);

    assertThat(reply.bookings())
        .extracting(MarketView.BookingView::node)
        .containsExactly(node("bob"));
    assertThat(balance().heldNanoOpen()).isEqualTo(700);
    assertThat(balance().availableNanoOpen()).isEqualTo(9_300);
  }

  @Test
  void refusesWhatCannotBePaidOrHadAndHoldsNothing() {
    deposit(10_000);
    up("bob", new Selling(0, 0, 1, 600), 1);

    assertThat(reserve("much", 1, HOUR, 10_001).problem()).isEqualTo(Problem.INSUFFICIENT_BALANCE);
    assertThat(reserve("many", 2, HOUR, 1_000).problem()).isEqualTo(Problem.UNSATISFIABLE_POLICY);
    assertThat(reserve("cheap", 1, HOUR, 599).problem()).isEqualTo(Problem.UNSATISFIABLE_POLICY);
    assertThat(reserve("all", 1_000, 30 * 24 * HOUR, 1_000_000_000_000_000L).problem())
        .isEqualTo(Problem.INVALID_REQUEST);

    assertThat(balance().heldNanoOpen()).isZero();
  }

  @Test
  void eachClassOfWorkClearsByItselfAndPostsAPriceOfItsOwn() {
    up("bob", new Selling(150, 2, 0, 0), 4, Map.of("openledger.price.inference", "1000"));
    ask(1, Policy.Capacity.ON_DEMAND, 100_000, "inference");
    assertThat(granted().priceNanoOpenPerGigafuel()).as("what it names").isEqualTo(1_000);
    ask(2, Policy.Capacity.SPOT, 499, "inference");
    assertThat(job.expectMessageClass(JobMessage.Unplaceable.class).explanation().getFirst())
        .as("half of its price there, as of its own")
        .contains("removed by price");
    ask(3, Policy.Capacity.SPOT, 900, "inference");
    clear();
    long cleared = granted().priceNanoOpenPerGigafuel();

    assertThat(cleared).isBetween(500L, 900L);
    assertThat(posted()).as("of WebAssembly").isEqualTo(-1);
    ask(4, Policy.Capacity.ON_DEMAND, 100_000);
    assertThat(granted().priceNanoOpenPerGigafuel()).isEqualTo(300);
    ask(5, Policy.Capacity.SPOT, 290);
    clear();
    assertThat(granted().priceNanoOpenPerGigafuel()).isBetween(150L, 290L);
    var inference = ResourceClass.named("inference");
    assertThat(market().priceNanoOpen(inference)).isEqualTo(cleared);
    assertThat(market().rounds(inference)).hasSize(1);
    assertThat(market().rounds(ResourceClass.WASM)).hasSize(1);
    assertThat(PoolSnapshot.of(pool.getState()).state().market()).isEqualTo(market());
  }

  // ---- what is said ----

  private void up(String name, Selling selling, int slots) {
    up(name, selling, slots, Map.of());
  }

  private void up(String name, Selling selling, int slots, Map<String, String> labels) {
    pool.runCommand(
        new PoolMessage.NodeUp(
            new NodeOffer(
                node(name),
                name,
                owner(name),
                300,
                slots,
                65_536,
                "eu-west",
                300,
                50,
                1_000_000_000,
                1_000,
                "bubblewrap",
                new Traits(labels, "", "", "", 0, 0, 0, List.of(), 0),
                null,
                selling),
            List.of(),
            0));
  }

  private void ask(int number, Policy.Capacity capacity, long budget) {
    ask(number, capacity, budget, "wasm");
  }

  private void ask(int number, Policy.Capacity capacity, long budget, String kind) {
    Policy policy =
        new Policy(
            null,
            new Policy.Limits(1_000_000, 600_000, List.of(), null, 0),
            verification(1, 1),
            capacity);
    var request =
        new Request(
            new TaskId(JobId.of(ADA, "job " + number), 0),
            0,
            policy,
            GIGAFUEL,
            65_536,
            Set.of(),
            Set.of(),
            budget,
            Scheduling.of(ADA),
            new Work(kind, Map.of(), Governed.FREELY));
    pool.runCommand(new PoolMessage.Request(request, List.of(0), now.get() + 600_000, job.ref()));
  }

  private void clear() {
    now.addAndGet(1_001);
    pool.runCommand(PoolMessage.Tick.INSTANCE);
  }

  private PoolMessage.ReserveReply reserve(String key, int slots, long period, long max) {
    pool.runCommand(
        new PoolMessage.Reserve(JobId.of(ADA, key), ADA, slots, period, max, reserved.ref()));
    return reserved.receiveMessage(Duration.ofSeconds(10));
  }

  private void deposit(long nanoOpen) {
    var answer = kit.createTestProbe(AccountsMessage.Answer.class);
    books.tell(
        new AccountsMessage.Do(
            new LedgerCommand.Deposit(
                ADA.value(), owner("ada").value(), nanoOpen, owner("escrow").value(), "0x01/0", 1),
            answer.ref()));
    assertThat(answer.receiveMessage(Duration.ofSeconds(10)).refusal()).isNull();
  }

  // ---- what is seen ----

  private Grant granted() {
    return job
        .fishForMessage(
            Duration.ofSeconds(10),
            message ->
                message instanceof JobMessage.Granted
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore())
        .stream()
        .map(JobMessage.Granted.class::cast)
        .flatMap(granted -> granted.grants().stream())
        .findFirst()
        .orElseThrow();
  }

  private long posted() {
    return pool.<MarketView>runCommand(
            replyTo -> new PoolMessage.ShowMarket(ResourceClass.WASM, 1, replyTo))
        .reply()
        .postedNanoOpen();
  }

  private MarketState market() {
    return pool.getState().market();
  }

  private RequesterBalance balance() {
    var probe = kit.createTestProbe(RequesterBalance.class);
    books.tell(new AccountsMessage.ShowRequester(ADA.value(), probe.ref()));
    return probe.receiveMessage(Duration.ofSeconds(10));
  }

  private long earned(String name) {
    var probe = kit.createTestProbe(PayeeBalance.class);
    books.tell(new AccountsMessage.ShowPayee(owner(name).value(), probe.ref()));
    return probe.receiveMessage(Duration.ofSeconds(10)).earnedNanoOpen();
  }

  private final class Moving extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(now.get());
    }
  }
}
