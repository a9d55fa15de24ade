package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.ADA;
import static xyz.openledger.actors.job.Cast.POOL;
import static xyz.openledger.actors.job.Cast.digest;
import static xyz.openledger.actors.job.Cast.node;
import static xyz.openledger.actors.job.Cast.owner;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.pools.Affinity;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Traits;
import xyz.openledger.pools.energy.GridIntensity.Basis;
import xyz.openledger.pools.energy.GridIntensity.Reading;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;

/** What a pool does with the hours of grids and with the blobs that nodes hold. */
class SurroundingsTest {
  private static final long HOUR = 3_600_000;
  private static final long DEADLINE = 24 * HOUR;
  private static final Digest MODULE = digest("module");
  private static final Digest INPUT = digest("input");

  private final TestInbox<JobMessage> job = TestInbox.create();
  private final TestInbox<Topic.Command<PoolNews>> news = TestInbox.create();
  private long nowMillis = 12 * HOUR + 60_000;

  /** 400 g but from three to six, when it is 40. */
  private final Desk desk =
      new Desk(
          POOL,
          EpochSecret.of(new byte[EpochSecret.BYTES]),
          news.getRef(),
          clock(),
          new Surroundings(
              (zone, hour) ->
                  zone.equals("FR")
                      ? Optional.of(
                          new Reading(
                              hour % 24 >= 3 && hour % 24 < 6 ? 40 : 400,
                              Basis.HOURLY,
                              "test grid"))
                      : Optional.empty(),
              blob -> blob.equals(INPUT) ? 50_000_000 : 1_000));

  @BeforeEach
  void open() {
    desk.resume(
        new PoolState(new Pool(POOL, "attic", "ada", new PoolTerms(0, 0, 10)), Map.of(), 0));
    desk.fencesTo(Fences.BLOCK);
  }

  @Test
  void holdsATaskUntilTheCleanHourAndSaysSo() {
    up("bob", Map.of("openledger.zone", "FR"));

    ask(0, new Policy.Shift(0, null));

    var queued = (JobMessage.Queued) heard().getFirst();
    assertThat(queued.explanation().getFirst())
        .startsWith("waits until 1970-01-02T03:00:00Z for a cleaner grid in FR: saves ");
    assertThat(queued.notBeforeMillis()).isEqualTo(27 * HOUR);

    nowMillis = 27 * HOUR - 1;
    ask(0, new Policy.Shift(0, null));
    assertThat(grants(heard())).isEmpty();

    nowMillis = 27 * HOUR;
    desk.tick();
    ask(0, new Policy.Shift(0, null));
    var granted = (JobMessage.Granted) heard().getFirst();
    assertThat(granted.grants().getFirst().carbonGramsPerKwh()).isEqualTo(40);
    assertThat(granted.explanation().getFirst())
        .contains("grid FR at 40 g CO2e/kWh in the hour from 1970-01-02T03:00:00Z (test grid)")
        .contains("waited 899 min for a cleaner grid");
  }

  @Test
  void startsAtOnceWithoutThatWish() {
    up("bob", Map.of("openledger.zone", "FR"));

    ask(0, null);

    assertThat(grants(heard())).extracting(Grant::carbonGramsPerKwh).containsExactly(400);
  }

  @Test
  void followsTheHourForANodeThatNamesItsZone() {
    up("bob", Map.of("openledger.zone", "FR"));
    up("cyd", Map.of());
    assertThat(grams("bob")).isEqualTo(400);

    nowMillis = 28 * HOUR;
    desk.tick();

    assertThat(grams("bob")).isEqualTo(40);
    assertThat(grams("cyd")).isEqualTo(300);
  }

  @Test
  void prefersWhoHoldsTheInputAsLongAsItSaysSo() {
    for (String name : List.of("bob", "cyd", "dan", "eve")) {
      up(name, Map.of());
    }
    desk.warm(new PoolMessage.Warm(node("dan"), List.of(INPUT.first())));

    for (int task = 0; task < 8; task++) {
      ask(task, null);
      var granted = (JobMessage.Granted) heard().getFirst();
      assertThat(granted.grants()).extracting(Grant::node).containsExactly(node("dan"));
      assertThat(granted.explanation().getFirst()).contains("holds 50.0 MB of 50.0 MB");
      desk.release(List.of(granted.grants().getFirst().replica()), PoolQueue.End.BROUGHT);
    }

    desk.warm(new PoolMessage.Warm(node("dan"), List.of()));
    ask(9, null);
    assertThat(((JobMessage.Granted) heard().getFirst()).explanation().getFirst())
        .contains("holds 0 B of 50.0 MB");
  }

  @Test
  void listensToNoNodeThatIsNotItsOwn() {
    desk.warm(new PoolMessage.Warm(node("mallory"), List.of(INPUT.first())));
    up("mallory", Map.of());

    ask(0, null);

    assertThat(((JobMessage.Granted) heard().getFirst()).explanation().getFirst())
        .contains("holds 0 B");
  }

  private int grams(String name) {
    return desk
        .survey(new PoolMessage.Survey(10, TestInbox.<PoolSurvey>create().getRef()))
        .nodes()
        .stream()
        .filter(it -> it.id().equals(node(name)))
        .findFirst()
        .orElseThrow()
        .carbonGramsPerKwh();
  }

  private List<JobMessage> heard() {
    var heard = new ArrayList<>(job.getAllReceived());
    return heard;
  }

  private static List<Grant> grants(List<JobMessage> heard) {
    return heard.stream()
        .filter(JobMessage.Granted.class::isInstance)
        .flatMap(it -> ((JobMessage.Granted) it).grants().stream())
        .toList();
  }

  private void ask(int number, Policy.Shift shift) {
    var policy =
        new Policy(
            new Policy.Objective(new Policy.Weights(0, 0, 0, 100)),
            new Policy.Limits(1_000_000_000, DEADLINE, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null,
            null,
            null,
            null,
            shift,
            null);
    var task = new TaskId(JobId.of(ADA, "job " + number), 0);
    var request =
        new Request(task, 0, policy, 1_000_000_000_000L, 65_536, Set.of(), Set.of(), 1_000_000_000)
            .near(new Affinity(List.of(MODULE, INPUT), Set.of()));
    desk.request(
        new PoolMessage.Request(
            request,
            List.of(new ReplicaId(task, 0).number()),
            12 * HOUR + 60_000 + DEADLINE,
            job.getRef()));
  }

  private void up(String name, Map<String, String> labels) {
    desk.up(
        new PoolMessage.NodeUp(
            new NodeOffer(
                node(name),
                name,
                owner(name),
                10,
                2,
                65_536,
                "eu-west",
                300,
                100,
                1_000_000_000,
                1_000,
                "bubblewrap",
                new Traits(labels, "", "", "", 4, 0, 0, List.of(), 100)),
            List.of(),
            0));
  }

  private Clock clock() {
    return new Clock() {
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
        return Instant.ofEpochMilli(nowMillis);
      }
    };
  }
}
