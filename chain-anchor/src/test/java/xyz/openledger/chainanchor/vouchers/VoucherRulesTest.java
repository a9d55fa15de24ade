package xyz.openledger.chainanchor.vouchers;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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

  @Test
  void aVoucherIsTakenThatCoversWhatIsOwed() {
    assertThat(take(new Tab(500, null), 500)).isEqualTo(new Ruling.Taken(new Tab(500, sign(500))));
    assertThat(take(new Tab(500, sign(300)), 400)).isInstanceOf(Ruling.Taken.class);
  }

  @Test
  void aVoucherIsRefusedThatSaysNoMoreOrMoreThanIsOwed() {
    assertThat(reason(take(new Tab(500, sign(500)), 500))).isEqualTo(Reason.NOT_MORE);
    assertThat(reason(take(new Tab(500, sign(600)), 550))).isEqualTo(Reason.NOT_MORE);
    assertThat(reason(take(new Tab(500, null), 501))).isEqualTo(Reason.AHEAD);
    assertThat(reason(take(new Tab(CAP + 1, null), CAP + 1))).isEqualTo(Reason.OVER_CAP);
    var elsewhere = RULES.take(TERMS, new Tab(500, null), sign(500), CAP - 499, NOW);
    assertThat(reason(elsewhere)).isEqualTo(Reason.OVER_CAP);
  }

  @Test
  void aVoucherForAnotherChainEscrowKeyOrSumIsRefused() {
    var tab = new Tab(500, null);
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
      assertThat(reason(RULES.take(TERMS, new Tab(500, null), signed, 0, NOW)))
          .isEqualTo(Reason.WRONG_SIGNER);
    }
  }

  @Test
  void anExpiredKeyPromisesNothingAndOneThatSoonExpiresIsNotWorkedFor() {
    long end = TERMS.expiresAtSeconds();
    var tab = new Tab(500, null);
    assertThat(reason(RULES.take(TERMS, tab, sign(500), 0, end))).isEqualTo(Reason.EXPIRED);
    assertThat(RULES.take(TERMS, tab, sign(500), 0, end - 1)).isInstanceOf(Ruling.Taken.class);
    assertThat(start(Tab.NEW, 0, 100, end - 3_600)).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void noJobStartsThatMightPassTheCapOrIsTooFarAheadOfThePromise() {
    assertThat(start(Tab.NEW, 0, INTERVAL + 1, NOW)).isEqualTo(Reason.BEHIND);
    assertThat(start(new Tab(900, null), 0, 101, NOW)).isEqualTo(Reason.BEHIND);
    assertThat(start(new Tab(900, sign(900)), 1, INTERVAL, NOW)).isEqualTo(Reason.BEHIND);
    assertThat(start(new Tab(900, sign(900)), 0, INTERVAL, NOW)).isNull();
    assertThat(start(new Tab(CAP - 10, sign(CAP - 10)), 0, 11, NOW)).isEqualTo(Reason.OVER_CAP);
    assertThat(start(new Tab(CAP - 10, sign(CAP - 10)), 5, 6, NOW)).isEqualTo(Reason.OVER_CAP);
  }

  @Test
  void theCapIsNamedInOpenWhereItIsReached() {
    Ruling.Refused refused =
        RULES.start(TERMS, List.of(new Tab(CAP - 10, sign(CAP - 10))), 0, 11, NOW);

    assertThat(Objects.requireNonNull(refused).detail())
        .isEqualTo(
            "its session key may spend 0.00002 OPEN, 0.00001999 are owed or may come to be by jobs"
                + " that run; this one may cost 0.000000011");
  }

  @Test
  void whatIsNewOnTheChainIsWorthSettlingTheMostFirst() {
    var small = new Tab(10, sign(10));
    var large = new Tab(700, sign(700));
    Map<Address, Map<PoolId, Long>> settled = Map.of(KEY.address(), Map.of(POOL, 10L));

    assertThat(VoucherRules.worthSettling(List.of(small, large, Tab.NEW), Map.of(), 20))
        .containsExactly(sign(700), sign(10));
    assertThat(VoucherRules.worthSettling(List.of(small, large), settled, 20))
        .containsExactly(sign(700));
    assertThat(VoucherRules.worthSettling(List.of(small, large), Map.of(), 1))
        .containsExactly(sign(700));
  }

  @Test
  void whatAKeySpentElsewhereIsNotThereToSettle() {
    PoolId mill = PoolId.of("operator", "mill");
    var there = new Tab(300, new Voucher(KEY.address(), mill, 300).sign(KEY, HERE));
    List<Tab> tabs = List.of(new Tab(900, sign(700)), there, Tab.NEW);

    assertThat(VoucherRules.fits(1_000, tabs, Map.of())).isTrue();
    assertThat(VoucherRules.fits(999, tabs, Map.of())).isFalse();
    assertThat(VoucherRules.fits(300, tabs, Map.of(POOL, 700L))).isTrue();
    assertThat(VoucherRules.fits(299, tabs, Map.of(POOL, 800L)))
        .as("a larger voucher there makes no room for the other pool's")
        .isFalse();
  }

  private static Ruling take(Tab tab, long cumulative) {
    return RULES.take(TERMS, tab, sign(cumulative), 0, NOW);
  }

  private static @Nullable Reason start(Tab tab, long running, long most, long now) {
    Ruling.Refused refused = RULES.start(TERMS, List.of(tab), running, most, now);
    return refused == null ? null : refused.reason();
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
