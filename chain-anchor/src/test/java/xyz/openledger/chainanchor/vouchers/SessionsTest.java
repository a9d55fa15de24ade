package xyz.openledger.chainanchor.vouchers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.chainanchor.vouchers.Sessions.Decision;
import xyz.openledger.chainanchor.vouchers.VoucherRules.Reason;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class SessionsTest {
  private static final long NOW = 1_800_000_000;
  private static final long INTERVAL = 1_000;
  private static final long CAP = 60_000;
  private static final EscrowDomain HERE = new EscrowDomain(901, address(9));
  private static final PoolId HEARTH = PoolId.of("operator", "hearth");
  private static final PoolId MILL = PoolId.of("operator", "mill");
  private static final TenantId TENANT = new TenantId("tenant");
  private static final Secp256k1Key KEY = key(1);
  private static final SessionKey TERMS = terms(KEY, CAP, NOW + 86_400);
  private static final VoucherRules RULES = new VoucherRules(HERE, INTERVAL, 3_600);

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom(5).longs(60);
  }

  @Test
  void aKeyPaysForOneApiKeyOfTheAccountItWasAuthorisedFor() {
    Sessions sessions = opened();

    assertThat(sessions.open("laptop", TENANT, TERMS, NOW)).isEqualTo(taken());
    assertThat(reason(sessions.open("server", TENANT, TERMS, NOW))).isEqualTo(Reason.WRONG_STATE);
    var foreign = sessions.open("laptop", new TenantId("other"), terms(key(2), 5, NOW + 9), NOW);
    assertThat(reason(foreign)).isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void aJobStartsOnceAndEndsOnceAndNeverBeginsAgain() {
    Sessions sessions = opened();
    sessions = after(sessions, sessions.start(RULES, TENANT, KEY.address(), job(1), 900, NOW));
    assertThat(sessions.start(RULES, TENANT, KEY.address(), job(1), 900, NOW)).isEqualTo(taken());
    assertThat(reason(sessions.start(RULES, TENANT, KEY.address(), job(2), 101, NOW)))
        .isEqualTo(Reason.BEHIND);

    sessions.end(KEY.address(), job(1), costs(400, 300)).forEach(sessions::apply);
    assertThat(sessions.end(KEY.address(), job(1), costs(400, 300))).isEmpty();
    assertThat(sessions.start(RULES, TENANT, KEY.address(), job(1), 900, NOW)).isEqualTo(taken());
    assertThat(owed(sessions)).isEqualTo(700);
  }

  @Test
  void aJobThatWasRefusedCountsWhenItBeginsAfterAll() {
    Sessions sessions = opened();
    sessions = after(sessions, sessions.start(RULES, TENANT, KEY.address(), job(1), 900, NOW));
    sessions.end(KEY.address(), job(1), List.of()).forEach(sessions::apply);

    sessions = after(sessions, sessions.start(RULES, TENANT, KEY.address(), job(1), 900, NOW));

    assertThat(reason(sessions.start(RULES, TENANT, KEY.address(), job(2), 101, NOW)))
        .isEqualTo(Reason.BEHIND);
  }

  @Test
  void whatWasPromisedMeanwhileIsPassedOver() {
    Sessions sessions = worked(500, 300);
    sessions = after(sessions, sessions.take(RULES, List.of(sign(HEARTH, 400)), NOW));

    assertThat(sessions.more(List.of(sign(HEARTH, 300), sign(HEARTH, 400), sign(MILL, 1))))
        .containsExactly(sign(MILL, 1));
  }

  @Test
  void aKeyPaysForNoJobOfAnotherTenant() {
    Sessions sessions = opened();
    var stranger = new TenantId("stranger");
    JobId job = JobId.of(stranger, "job");

    Decision decision = sessions.start(RULES, stranger, KEY.address(), job, 1, NOW);

    assertThat(reason(decision)).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(sessions.standing(KEY.address(), 9).orElseThrow().running()).isEmpty();
    Sessions started =
        after(sessions, sessions.start(RULES, TENANT, KEY.address(), job(1), 1, NOW));
    assertThat(reason(started.start(RULES, stranger, KEY.address(), job(1), 1, NOW)))
        .as("not for a job that runs already either")
        .isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void aJobCannotComeToMoreThanItWasStartedFor() {
    Sessions sessions = opened();
    Sessions started =
        after(sessions, sessions.start(RULES, TENANT, KEY.address(), job(1), 900, NOW));

    assertThatThrownBy(
            () -> started.end(KEY.address(), job(1), costs(600, 301)).forEach(started::apply))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void vouchersAreTakenAllOrNone() {
    Sessions sessions = worked(500, 300);
    List<SignedVoucher> bad = List.of(sign(HEARTH, 500), sign(MILL, 301));

    assertThat(reason(sessions.take(RULES, bad, NOW))).isEqualTo(Reason.AHEAD);
    assertThat(promised(sessions)).isZero();
    Sessions after =
        after(sessions, sessions.take(RULES, List.of(sign(HEARTH, 500), sign(MILL, 300)), NOW));
    assertThat(promised(after)).isEqualTo(800);
    assertThat(after.take(RULES, List.of(sign(MILL, 300)), NOW)).isEqualTo(taken());
  }

  @Test
  void aVoucherOfAKeyThatNobodyAuthorisedOrForAPoolThatDidNothingIsRefused() {
    Sessions sessions = worked(500, 0);
    var stranger = new Voucher(key(3).address(), HEARTH, 500).sign(key(3), HERE);

    assertThat(reason(sessions.take(RULES, List.of(stranger), NOW))).isEqualTo(Reason.UNKNOWN_KEY);
    assertThat(reason(sessions.take(RULES, List.of(sign(MILL, 1)), NOW))).isEqualTo(Reason.AHEAD);
  }

  @Test
  void whatTheSnapshotKeepsIsWhatThereWas() {
    Sessions sessions = worked(500, 300);
    sessions = after(sessions, sessions.take(RULES, List.of(sign(HEARTH, 400)), NOW));
    sessions.settled(KEY.address(), HEARTH, 400).forEach(sessions::apply);
    sessions = after(sessions, sessions.start(RULES, TENANT, KEY.address(), job(7), 99, NOW));

    Sessions restored = Sessions.of(sessions.snapshot());

    assertThat(restored.snapshot()).isEqualTo(sessions.snapshot());
    assertThat(restored.start(RULES, TENANT, KEY.address(), job(1), 9, NOW)).isEqualTo(taken());
    assertThat(restored.settled(KEY.address(), HEARTH, 400)).isEmpty();
  }

  @Test
  void anExpiredKeyIsForgottenOnceNothingRunsUnderIt() {
    Sessions sessions = opened();
    var later = terms(key(2), 5, NOW + 200_000);

    sessions = after(sessions, sessions.open("laptop", TENANT, later, NOW + 100_000));

    assertThat(sessions.standing(KEY.address(), 0)).isEmpty();
    assertThat(sessions.standing(key(2).address(), 0)).isPresent();
  }

  /** Jobs start and end at random; at some moment the requester signs no more, for ever. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aRequesterThatVanishesLeavesAtMostOneIntervalUnpaid(long seed) {
    assertThat(unpaidAfterVanishing(seed, RULES)).isBetween(0L, INTERVAL);
  }

  @Test
  void rulesThatAllowMoreThanTheIntervalAreFoundOut() {
    var careless = new VoucherRules(HERE, 5 * INTERVAL, 3_600);
    assertThat(seeds().map(seed -> unpaidAfterVanishing(seed, careless)).max().orElse(0))
        .isGreaterThan(INTERVAL);
  }

  private static long unpaidAfterVanishing(long seed, VoucherRules rules) {
    var random = new SplittableRandom(seed);
    int vanishes = random.nextInt(100);
    Sessions sessions = opened();
    var running = new ArrayDeque<SessionStanding.Running>();
    for (int step = 0; step < 200; step++) {
      if (random.nextBoolean()) {
        long limit = random.nextLong(1, INTERVAL);
        if (sessions.start(rules, TENANT, KEY.address(), job(step), limit, NOW)
            instanceof Decision.Taken(var events)) {
          events.forEach(sessions::apply);
          running.add(new SessionStanding.Running(job(step), limit));
        }
      } else if (!running.isEmpty()) {
        SessionStanding.Running over = running.remove();
        // Every fourth is lost with its provider, and is owed nothing.
        long cost = random.nextInt(4) == 0 ? 0 : random.nextLong(over.mostNanoOpen() + 1);
        sessions
            .end(KEY.address(), over.job(), costs(cost / 3, cost - cost / 3))
            .forEach(sessions::apply);
      }
      if (step < vanishes && random.nextInt(3) > 0) {
        var signed = new ArrayList<SignedVoucher>();
        for (var tab : sessions.standing(KEY.address(), 0).orElseThrow().tabs()) {
          long next = VoucherRules.next(tab.tab());
          if (next > 0) {
            signed.add(sign(tab.pool(), next));
          }
        }
        sessions = after(sessions, sessions.take(rules, signed, NOW));
      }
      assertThat(promised(sessions))
          .as("nothing is promised that was not delivered")
          .isLessThanOrEqualTo(owed(sessions));
    }
    while (!running.isEmpty()) {
      SessionStanding.Running over = running.remove();
      sessions
          .end(KEY.address(), over.job(), costs(0, over.mostNanoOpen()))
          .forEach(sessions::apply);
    }
    return owed(sessions) - promised(sessions);
  }

  private static Sessions opened() {
    var sessions = new Sessions();
    return after(sessions, sessions.open("laptop", TENANT, TERMS, NOW));
  }

  private static Sessions worked(long hearth, long mill) {
    Sessions sessions = opened();
    Sessions started =
        after(sessions, sessions.start(RULES, TENANT, KEY.address(), job(1), 1_000, NOW));
    started.end(KEY.address(), job(1), costs(hearth, mill)).forEach(started::apply);
    return started;
  }

  private static List<PoolCost> costs(long hearth, long mill) {
    return List.of(new PoolCost(HEARTH, hearth), new PoolCost(MILL, mill));
  }

  private static Sessions after(Sessions sessions, Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Taken.class);
    ((Decision.Taken) decision).events().forEach(sessions::apply);
    return sessions;
  }

  private static Decision taken(VoucherEvent... events) {
    return new Decision.Taken(Arrays.asList(events));
  }

  private static Reason reason(Decision decision) {
    return ((Decision.Refused) decision).reason();
  }

  private static long owed(Sessions sessions) {
    return sessions.standing(KEY.address(), 0).orElseThrow().tabs().stream()
        .mapToLong(SessionStanding.PoolTab::owedNanoOpen)
        .sum();
  }

  private static long promised(Sessions sessions) {
    return sessions.standing(KEY.address(), 0).orElseThrow().tabs().stream()
        .mapToLong(tab -> tab.tab().promisedNanoOpen())
        .sum();
  }

  private static SignedVoucher sign(PoolId pool, long cumulative) {
    return new Voucher(KEY.address(), pool, cumulative).sign(KEY, HERE);
  }

  private static JobId job(int number) {
    return JobId.of(TENANT, "job-" + number);
  }

  private static SessionKey terms(Secp256k1Key key, long cap, long expiresAtSeconds) {
    return new SessionKey(TENANT.account(), address(2), key.address(), cap, expiresAtSeconds);
  }

  private static Secp256k1Key key(int number) {
    return Secp256k1Key.of(HexFormat.of().parseHex("%064x".formatted(number)));
  }

  private static Address address(int number) {
    return Address.parse("0x%040x".formatted(number));
  }
}
