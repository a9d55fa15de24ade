package xyz.openledger.actors.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.actors.keys.KeyMessage.Change;
import xyz.openledger.actors.keys.KeyMessage.Outcome;
import xyz.openledger.actors.keys.KeyMessage.Standing;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.KeyLimits;

class ApiKeysTest {
  private static final TenantId ADA = TenantId.parse("ada");
  private static final TenantId BOB = TenantId.parse("bob");
  private static final long CAP = 100;

  private ApiKeys keys = new ApiKeys();

  static ApiKey key(String name, TenantId tenant, @Nullable Long cap, String secret) {
    return new ApiKey(
        name,
        tenant,
        Set.of("jobs:write"),
        Digest.of(secret.getBytes(StandardCharsets.UTF_8)),
        new KeyLimits(cap, null, null),
        "first:7402");
  }

  private void issue(String name, TenantId tenant, @Nullable Long cap) {
    keys.issue(key(name, tenant, cap, name + keys.revision()), false, 1).forEach(keys::apply);
  }

  private static Reservation job(int number, long most) {
    return new Reservation(JobId.of(ADA, "job " + number), most);
  }

  private List<Boolean> reserve(String name, long nowMillis, Reservation... jobs) {
    ApiKeys.Ruling ruling = keys.reserve(name, List.of(jobs), nowMillis);
    ruling.events().forEach(keys::apply);
    return ruling.admitted();
  }

  private void end(Reservation job, @Nullable Long cost, long upSince, long nowMillis) {
    keys.ended(List.of(new Outcome("laptop", job.job(), cost)), upSince, nowMillis)
        .forEach(keys::apply);
  }

  private Standing laptop() {
    return keys.of(ADA).getFirst();
  }

  @Test
  void aJobCountsAtItsPriceLimitUntilItIsOverAndThenAtWhatItCost() {
    issue("laptop", ADA, CAP);

    assertThat(reserve("laptop", 1, job(1, 60), job(2, 60), job(3, 40)))
        .containsExactly(true, false, true);
    end(job(1, 0), 5L, 0, 2);
    end(job(1, 0), 5L, 0, 2);

    assertThat(laptop().spentNanoOpen()).as("told twice, counted once").isEqualTo(5);
    assertThat(laptop().runningNanoOpen()).isEqualTo(40);
    assertThat(reserve("laptop", 3, job(2, 60))).containsExactly(false);
    assertThat(reserve("laptop", 3, job(2, 55))).containsExactly(true);
  }

  @Test
  void aJobThatIsSubmittedOnceMoreAfterItsEndIsNotChargedAgain() {
    issue("laptop", ADA, CAP);
    reserve("laptop", 1, job(1, 60));
    end(job(1, 0), 50L, 0, 2);

    for (int time = 3; time < 5; time++) {
      assertThat(reserve("laptop", time, job(1, 60), job(2, 60))).containsExactly(true, false);
      end(job(1, 0), 50L, 0, time);
      keys = ApiKeys.of(keys.snapshot());
    }

    assertThat(laptop().spentNanoOpen()).isEqualTo(50);
    assertThat(laptop().runningNanoOpen()).isZero();
  }

  @Test
  void aJobCountsUntilNoneOfItsSubmissionsCanHaveBegunIt() {
    issue("laptop", ADA, CAP);
    reserve("laptop", 1, job(1, 60));
    reserve("laptop", 1, job(1, 80));
    assertThat(laptop().runningNanoOpen()).as("the dearer one").isEqualTo(80);

    keys.beganNothing("laptop", List.of(job(1, 0).job())).forEach(keys::apply);
    assertThat(laptop().runningNanoOpen()).isEqualTo(80);
    keys.beganNothing("laptop", List.of(job(1, 0).job())).forEach(keys::apply);
    assertThat(laptop().runningNanoOpen()).isZero();
  }

  @Test
  void aJobThatNobodyKnowsCountsTenMinutesFromWhenItCouldLastBegin() {
    issue("laptop", ADA, CAP);
    reserve("laptop", 1_000, job(1, 60));

    end(job(1, 0), null, 0, 1_000 + ApiKeys.LOST_MILLIS - 1);
    assertThat(laptop().runningNanoOpen()).isEqualTo(60);
    end(job(1, 0), null, 2_000, 1_000 + ApiKeys.LOST_MILLIS);
    assertThat(laptop().runningNanoOpen()).as("up since a second later").isEqualTo(60);
    end(job(1, 0), null, 0, 1_000 + ApiKeys.LOST_MILLIS);
    assertThat(laptop().runningNanoOpen()).isZero();
  }

  @Test
  void aNameIsTakenForEveryoneAndOnlyItsTenantRevokesIt() {
    issue("laptop", ADA, null);

    assertThatThrownBy(() -> issue("laptop", BOB, null))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("there is a key laptop already");
    assertThat(keys.revoke("laptop", BOB, 2)).isEmpty();
    keys.revoke("laptop", ADA, 2).forEach(keys::apply);
    assertThat(keys.of(ADA)).isEmpty();
    assertThatThrownBy(() -> reserve("laptop", 3, job(1, 1)))
        .hasMessageContaining("no longer valid");
  }

  @Test
  void whatAnEarlierReleaseCountedIsMovedOnce() {
    ApiKey old = key("laptop", ADA, CAP, "secret");

    keys.move(old, 30, List.of(job(1, 60)), 1).forEach(keys::apply);
    keys.move(old, 30, List.of(job(1, 60)), 2).forEach(keys::apply);

    assertThat(laptop()).isEqualTo(new Standing(old, 30, 60));
    assertThat(reserve("laptop", 3, job(2, 11))).containsExactly(false);
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null
        ? LongStream.of(seed)
        : LongStream.range(1, Boolean.getBoolean("thorough") ? 2_001 : 51);
  }

  /**
   * Members submit the same jobs beside one another, answers are lost, members and the keys
   * themselves are killed and begin again from what was written down: whatever jobs come to in the
   * end, it is never more than the cap.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void whateverHappensAKeySpendsNoMoreThanItsCap(long seed) {
    var random = new SplittableRandom(seed);
    var journal = new ArrayList<KeyEvent>();
    var begun = new HashMap<JobId, Long>();
    var over = new HashMap<JobId, Boolean>();
    var flights = new ArrayList<Reservation>();
    write(journal, keys.issue(key("laptop", ADA, CAP, "s"), false, 1));
    for (int step = 0; step < 400; step++) {
      Reservation wish = job(random.nextInt(30), random.nextInt(1, 40));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          ApiKeys.Ruling ruling = keys.reserve("laptop", List.of(wish), step);
          write(journal, ruling.events());
          if (ruling.admitted().getFirst()) {
            flights.add(wish);
          }
        }
        case 3, 4 -> {
          if (!flights.isEmpty()) {
            Reservation landed = flights.remove(random.nextInt(flights.size()));
            land(landed, begun, journal, random.nextInt(4));
          }
        }
        case 5 -> tellEnds(begun, over, journal, random, step);
        case 6 -> keys = ApiKeys.of(keys.snapshot());
        default -> {
          keys = new ApiKeys();
          journal.forEach(keys::apply);
        }
      }
      long worst = begun.values().stream().mapToLong(Long::longValue).sum();
      assertThat(worst).as("seed %d, step %d", seed, step).isLessThanOrEqualTo(CAP);
    }
    assertThat(begun).as("seed %d", seed).isNotEmpty();
  }

  private void write(List<KeyEvent> journal, List<KeyEvent> events) {
    journal.addAll(events);
    events.forEach(keys::apply);
  }

  /**
   * A submission arrives: the first of a job may begin it, others are repeats; an answer may be
   * lost.
   */
  private void land(Reservation landed, Map<JobId, Long> begun, List<KeyEvent> journal, int luck) {
    boolean refused = luck == 0;
    boolean begins = !refused && !begun.containsKey(landed.job());
    if (begins) {
      begun.put(landed.job(), landed.mostNanoOpen());
    }
    boolean lost = luck == 1;
    if (!begins && !lost) {
      write(journal, keys.beganNothing("laptop", List.of(landed.job())));
    }
  }

  /** Jobs that have begun end, cost what they cost, and stay known to their member. */
  private void tellEnds(
      Map<JobId, Long> begun,
      Map<JobId, Boolean> over,
      List<KeyEvent> journal,
      SplittableRandom random,
      long now) {
    for (KeyMessage.Pending job : keys.pending("laptop", 0, 100)) {
      Long most = begun.get(job.job());
      if (most != null && random.nextInt(3) == 0) {
        if (over.put(job.job(), true) == null) {
          begun.put(job.job(), random.nextLong(most + 1));
        }
        var outcome = new Outcome("laptop", job.job(), begun.get(job.job()));
        write(journal, keys.ended(List.of(outcome), 0, now));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void whoeverFollowsInPagesOfAnySizeKnowsWhichKeysAreValid(long seed) {
    var random = new SplittableRandom(seed);
    var known = new HashMap<String, ApiKey>();
    long revision = 0;
    for (int i = 0; i < 400; i++) {
      String name = "k" + random.nextInt(20);
      if (random.nextBoolean()) {
        keys.revoke(name, ADA, i).forEach(keys::apply);
      } else if (keys.of(ADA).stream().noneMatch(one -> one.key().name().equals(name))) {
        issue(name, ADA, null);
      }
      keys = random.nextInt(20) == 0 ? ApiKeys.of(keys.snapshot()) : keys;
      if (random.nextInt(5) == 0) {
        revision = follow(known, revision, 1 + random.nextInt(5));
      }
    }
    follow(known, revision, 3);

    assertThat(known.values())
        .containsExactlyInAnyOrderElementsOf(keys.of(ADA).stream().map(Standing::key).toList());
  }

  static LongStream fewSeeds() {
    return LongStream.of(1, 2, 3);
  }

  private long follow(Map<String, ApiKey> known, long from, int page) {
    long revision = from;
    for (var changes = keys.since(revision, page);
        !changes.isEmpty();
        changes = keys.since(revision, page)) {
      for (Change change : changes) {
        if (change.key() == null) {
          known.remove(change.name());
        } else {
          known.put(change.name(), change.key());
        }
        revision = change.revision();
      }
    }
    return revision;
  }
}
