package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.POOL;
import static xyz.openledger.actors.job.Cast.node;
import static xyz.openledger.actors.job.Cast.owner;
import static xyz.openledger.actors.job.Cast.replica;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.ProcessingPolicy;
import org.apache.pekko.persistence.testkit.ProcessingResult;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.ReadEvents;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.wire.Events;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Traits;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.session.Selling;

class PoolSnapshotTest {
  private static final Pool ATTIC =
      new Pool(POOL, "attic", "ada", new PoolTerms(7, 3, 100, "node.cores >= 2", 1_000));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aPoolIsTheSameAfterASnapshotThatWasWrittenAndRead(long seed) {
    var random = new SplittableRandom(seed);
    var codecs = new Events().get();
    var state = PoolState.EMPTY;
    for (PoolEvent event : events(random, 60)) {
      state = state.apply(event);
      var snapshot = PoolSnapshot.of(state);
      var read = (PoolSnapshot) codecs.fromBytes("pool.snapshot/1", codecs.toBytes(snapshot));

      assertThat(read.state()).isEqualTo(state);
    }
  }

  @Test
  void whatIsReadAgainAfterAStartIsBoundedHoweverLongTheJournalIs() {
    var kit =
        ActorTestKit.create(
            EventSourcedBehaviorTestKit.config()
                .withFallback(PersistenceTestKitSnapshotPlugin.config()));
    try {
      var journal = PersistenceTestKit.create(kit.system());
      var read = new AtomicInteger();
      var pool =
          EventSourcedBehaviorTestKit.<PoolMessage, PoolEvent, PoolState>create(
              kit.system(),
              PoolEntity.create(
                  POOL.value(),
                  EpochSecret.of(new byte[EpochSecret.BYTES]),
                  kit.spawn(Topic.create(PoolNews.class, "news")),
                  kit.createTestProbe(AccountsMessage.class).ref(),
                  Clock.systemUTC()),
              EventSourcedBehaviorTestKit.disabledSerializationSettings());
      pool.<PoolView>runCommand(replyTo -> new PoolMessage.Open(ATTIC, replyTo));
      int changes = 2 * PoolEntity.SNAPSHOT_EVERY + 321;
      for (int i = 0; i < changes; i++) {
        var quota = new Quotas.Quota(1, 1 + i % 1_000, 0, 0);
        pool.<PoolView>runCommand(replyTo -> new PoolMessage.SetQuota(ADA, quota, replyTo));
      }
      PoolState before = pool.getState();
      journal.withPolicy(counting(read));

      PoolState after = pool.restart().state();

      assertThat(after).isEqualTo(before);
      assertThat(read.get()).isLessThanOrEqualTo(PoolEntity.SNAPSHOT_EVERY).isPositive();
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static ProcessingPolicy<JournalOperation> counting(AtomicInteger read) {
    return new ProcessingPolicy<>() {
      @Override
      public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
        if (operation instanceof ReadEvents events) {
          read.addAndGet(events.batch().size());
        }
        return ProcessingSuccess.getInstance();
      }
    };
  }

  private static List<PoolEvent> events(SplittableRandom random, int count) {
    var events = new ArrayList<PoolEvent>();
    events.add(new PoolEvent.Fenced(POOL, 1_000, 0));
    events.add(
        new PoolEvent.Opened(
            POOL,
            "attic",
            "ada",
            7,
            3,
            100,
            "node.cores >= 2",
            1_000,
            2_000,
            3_000,
            "node.cores * 10",
            0));
    var open = new ArrayList<JobId>();
    for (int i = 0; i < count; i++) {
      String name = "node-" + random.nextInt(5);
      JobId booking = JobId.of(ADA, "booking " + i);
      switch (random.nextInt(7)) {
        case 0 -> events.add(new PoolEvent.Delisted(POOL, node(name), i));
        case 1 ->
            events.add(
                new PoolEvent.QuotaSet(
                    POOL,
                    random.nextBoolean() ? null : new TenantId("t" + random.nextInt(3)),
                    random.nextInt(3) == 0 ? null : new Quotas.Quota(1, i, 2, i / 2),
                    i));
        case 2 ->
            events.add(
                new PoolEvent.Cleared(
                    POOL,
                    "wasm",
                    i,
                    random.nextLong(1_000),
                    4,
                    5,
                    List.of(new PoolEvent.Award(replica(0, i), node(name))),
                    i));
        case 3 -> {
          open.add(booking);
          var booked =
              new Booking(booking, JobId.of(ADA, "order"), i, ADA, node(name), owner("o"), 1, 9, 8);
          events.add(new PoolEvent.Booked(POOL, List.of(booked), i));
          events.add(new PoolEvent.BookingBegan(POOL, booking, i));
        }
        case 4 -> {
          if (!open.isEmpty()) {
            JobId ended = open.removeFirst();
            events.add(new PoolEvent.BookingEnded(POOL, ended, 3, "its time is over", i));
            if (random.nextBoolean()) {
              events.add(new PoolEvent.BookingClosed(POOL, ended, i));
            }
          }
        }
        default -> events.add(new PoolEvent.Listed(POOL, offer(name, random), i));
      }
    }
    return events;
  }

  private static NodeOffer offer(String name, SplittableRandom random) {
    return new NodeOffer(
        node(name),
        name,
        owner(name),
        random.nextLong(1_000),
        1 + random.nextInt(4),
        65_536,
        "eu-west",
        300,
        50,
        1_000_000_000,
        1_000,
        "bubblewrap",
        Traits.UNKNOWN,
        null,
        random.nextBoolean() ? null : new Selling(200, 1, 0, 0));
  }
}
