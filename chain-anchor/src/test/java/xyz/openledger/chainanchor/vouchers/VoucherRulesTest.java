package xyz.openledger.chainanchor.vouchers;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.chainanchor.vouchers.VoucherRules.Reason;
import xyz.openledger.chainanchor.vouchers.VoucherRules.Ruling;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class VoucherRulesTest {
  private static final long NOW = 1_800_000_000;
  private static final long INTERVAL = 1_000;
  private static final long CAP = 20_000;
  private static final EscrowDomain HERE = new EscrowDomain(901, address(9));
  private static final PoolId POOL = PoolId.of("operator", "hearth");
  private static final Secp256k1Key KEY = key(1);
  private static final SessionKey TERMS =
      new SessionKey(
          Digest.of("account".getBytes(StandardCharsets.US_ASCII)),
          address(2),
          KEY.address(),
          CAP,
          NOW + 86_400);
  private static final VoucherRules RULES = new VoucherRules(HERE, INTERVAL, 3_600);

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom(5).longs(200);
  }

  @Test
  void aVoucherIsTakenThatCoversWhatIsOwed() {
    assertThat(take(new Tab(500, 0, null), 500))
        .isEqualTo(new Ruling.Taken(new Tab(500, 0, sign(500))));
    assertThat(take(new Tab(500, 0, sign(400)), 1_500)).isInstanceOf(Ruling.Taken.class);
  }

  @Test
  void aVoucherIsRefusedThatSaysNoMoreOrTooLittleOrTooMuch() {
    assertThat(reason(take(new Tab(500, 0, sign(500)), 500))).isEqualTo(Reason.NOT_MORE);
    assertThat(reason(take(new Tab(500, 0, sign(600)), 550))).isEqualTo(Reason.NOT_MORE);
    assertThat(reason(take(new Tab(500, 0, sign(300)), 499))).isEqualTo(Reason.TOO_LITTLE);
    assertThat(reason(take(new Tab(500, 0, null), 1_501))).isEqualTo(Reason.TOO_FAR_AHEAD);
    assertThat(reason(take(new Tab(CAP, 0, null), CAP + 1))).isEqualTo(Reason.OVER_CAP);
    var elsewhere = RULES.take(TERMS, new Tab(500, 0, null), sign(500), CAP - 499, NOW);
    assertThat(reason(elsewhere)).isEqualTo(Reason.OVER_CAP);
  }

  @Test
  void aVoucherForAnotherChainEscrowKeyOrSumIsRefused() {
    var tab = new Tab(500, 0, null);
    var voucher = new Voucher(KEY.address(), POOL, 500);
    var chain = voucher.sign(KEY, new EscrowDomain(1612, HERE.escrow()));
    var escrow = voucher.sign(KEY, new EscrowDomain(901, address(8)));
    var forged = voucher.sign(key(3), HERE);
    var changed = new SignedVoucher(new Voucher(KEY.address(), POOL, 501), sign(500).signature());
    for (SignedVoucher foreign : List.of(chain, escrow, forged, changed)) {
      assertThat(reason(RULES.take(TERMS, tab, foreign, 0, NOW))).isEqualTo(Reason.WRONG_SIGNER);
    }
    var stranger = new Voucher(key(3).address(), POOL, 500).sign(key(3), HERE);
    assertThat(reason(RULES.take(TERMS, tab, stranger, 0, NOW))).isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void aSignatureOfHighSOrNoneAtAllIsRefused() {
    var order =
        new BigInteger("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", 16);
    String honest = sign(500).signature();
    String s = order.subtract(new BigInteger(honest.substring(64, 128), 16)).toString(16);
    String high =
        honest.substring(0, 64)
            + "0".repeat(64 - s.length())
            + s
            + (honest.endsWith("1b") ? "1c" : "1b");
    for (String bad : List.of(high, honest.substring(2), "", "zz".repeat(65))) {
      var signed = new SignedVoucher(new Voucher(KEY.address(), POOL, 500), bad);
      assertThat(reason(RULES.take(TERMS, new Tab(500, 0, null), signed, 0, NOW)))
          .isEqualTo(Reason.WRONG_SIGNER);
    }
  }

  @Test
  void anExpiredKeyPromisesNothingAndOneThatSoonExpiresIsNotWorkedFor() {
    long end = TERMS.expiresAtSeconds();
    assertThat(reason(RULES.take(TERMS, Tab.NEW, sign(500), 0, end))).isEqualTo(Reason.EXPIRED);
    assertThat(RULES.take(TERMS, Tab.NEW, sign(500), 0, end - 1)).isInstanceOf(Ruling.Taken.class);
    assertThat(reason(RULES.start(TERMS, Tab.NEW, 100, 0, end - 3_600))).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void noJobStartsThatMightPassTheCapOrIsTooFarAheadOfThePromise() {
    assertThat(reason(RULES.start(TERMS, Tab.NEW, INTERVAL + 1, 0, NOW))).isEqualTo(Reason.BEHIND);
    assertThat(reason(RULES.start(TERMS, new Tab(900, 0, null), 101, 0, NOW)))
        .isEqualTo(Reason.BEHIND);
    assertThat(RULES.start(TERMS, new Tab(900, 0, sign(900)), 1_000, 0, NOW))
        .isInstanceOf(Ruling.Taken.class);
    assertThat(reason(RULES.start(TERMS, new Tab(CAP - 10, 0, sign(CAP - 10)), 11, 0, NOW)))
        .isEqualTo(Reason.OVER_CAP);
  }

  /** Jobs start and end at random; at some moment the requester signs no more, for ever. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aRequesterThatVanishesLeavesAtMostOneIntervalUnpaid(long seed) {
    assertThat(unpaidAfterVanishing(seed, false)).isBetween(0L, INTERVAL);
  }

  @Test
  void rulesThatForgetWhatIsRunningAreFoundOut() {
    assertThat(seeds().map(seed -> unpaidAfterVanishing(seed, true)).max().orElse(0))
        .isGreaterThan(INTERVAL);
  }

  private static long unpaidAfterVanishing(long seed, boolean forgetsRunning) {
    var random = new SplittableRandom(seed);
    int vanishes = random.nextInt(200);
    Tab tab = Tab.NEW;
    var running = new ArrayDeque<Long>();
    for (int step = 0; step < 400; step++) {
      if (random.nextBoolean()) {
        long most = random.nextLong(1, INTERVAL);
        Tab asked = forgetsRunning ? new Tab(tab.owedNanoOpen(), 0, tab.last()) : tab;
        if (RULES.start(TERMS, asked, most, 0, NOW) instanceof Ruling.Taken) {
          tab = tab.started(most);
          running.add(most);
        }
      } else if (!running.isEmpty()) {
        long most = running.remove();
        // Every fourth is lost with its provider, and is owed nothing.
        tab = tab.ended(most, random.nextInt(4) == 0 ? 0 : random.nextLong(most + 1));
      }
      long next = VoucherRules.next(tab);
      if (step < vanishes && next > 0 && random.nextInt(3) > 0) {
        Ruling taken = RULES.take(TERMS, tab, sign(next), 0, NOW);
        assertThat(taken instanceof Ruling.Taken || forgetsRunning).isTrue();
        tab = taken instanceof Ruling.Taken(Tab after) ? after : tab;
      }
      assertThat(tab.promisedNanoOpen())
          .as("nothing is promised that was not delivered")
          .isLessThanOrEqualTo(tab.owedNanoOpen());
    }
    while (!running.isEmpty()) {
      long most = running.remove();
      tab = tab.ended(most, most);
    }
    return tab.owedNanoOpen() - tab.promisedNanoOpen();
  }

  @Test
  void whatIsNewOnTheChainIsWorthSettlingTheMostFirst() {
    var small = new Tab(10, 0, sign(10));
    var large = new Tab(700, 0, sign(700));
    Map<Address, Map<PoolId, Long>> settled = Map.of(KEY.address(), Map.of(POOL, 10L));

    assertThat(VoucherRules.worthSettling(List.of(small, large, Tab.NEW), Map.of(), 20))
        .containsExactly(sign(700), sign(10));
    assertThat(VoucherRules.worthSettling(List.of(small, large), settled, 20))
        .containsExactly(sign(700));
    assertThat(VoucherRules.worthSettling(List.of(small, large), Map.of(), 1))
        .containsExactly(sign(700));
  }

  private static Ruling take(Tab tab, long cumulative) {
    return RULES.take(TERMS, tab, sign(cumulative), 0, NOW);
  }

  private static Reason reason(Ruling ruling) {
    return ((Ruling.Refused) ruling).reason();
  }

  private static SignedVoucher sign(long cumulative) {
    return new Voucher(KEY.address(), POOL, cumulative).sign(KEY, HERE);
  }

  private static Secp256k1Key key(int number) {
    return Secp256k1Key.of(HexFormat.of().parseHex("%064x".formatted(number)));
  }

  private static Address address(int number) {
    return Address.parse("0x%040x".formatted(number));
  }
}
