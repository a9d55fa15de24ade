package xyz.openledger.chainanchor.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.FeeSplit;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class SplittingTest {
  private static final int PAYMENTS = 100_000;
  private static final BigInteger WHOLE = BigInteger.valueOf(FeeSplit.WHOLE);

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom(11).longs(4);
  }

  /** What each account is due and was given, with sums of its own. */
  private static final class Life {
    final SplittableRandom random;
    final boolean dropsDust;
    final Map<Account, Integer> carries = new HashMap<>();
    final Map<Account, BigInteger> due = new HashMap<>();
    final Map<Account, BigInteger> given = new HashMap<>();

    Life(long seed, boolean dropsDust) {
      this.random = new SplittableRandom(seed);
      this.dropsDust = dropsDust;
    }

    void live() {
      FeeSplit split = draw();
      for (int i = 0; i < PAYMENTS; i++) {
        if (i % 1_000 == 0) {
          split = draw();
        }
        pay(split, new Charge("r" + i, "node", payee(), price()));
      }
    }

    void pay(FeeSplit split, Charge charge) {
      // The model's owner may be the node's, another node's, or nobody that is known.
      String owner = random.nextInt(3) == 0 ? null : payee();
      var parts =
          Splitting.of(split, List.of(charge), owner, account -> carries.getOrDefault(account, 0));
      if (!dropsDust) {
        carries.putAll(parts.carries());
      }
      long price = charge.priceNanoOpen();
      Payment payment = parts.payments().getFirst();
      assertThat(payment.priceNanoOpen()).isEqualTo(price);
      FeeShares shares = parts.shares();
      isAsTheReceiptSays(split, price, payment, shares);
      note(Account.earned(charge.payee()), price, split.nodesBasisPoints(), payment.netNanoOpen());
      note(Account.PLATFORM, price, split.platformBasisPoints(), shares.platformNanoOpen());
      note(FeeShares.model(owner), price, split.modelBasisPoints(), shares.modelNanoOpen());
      note(Account.STAKERS, price, split.stakersBasisPoints(), shares.stakersNanoOpen());
      note(Account.DATA, price, split.dataBasisPoints(), shares.dataNanoOpen());
    }

    /** Each is given what the receipt says, or a unit more that was carried to it. */
    private static void isAsTheReceiptSays(
        FeeSplit split, long price, Payment payment, FeeShares shares) {
      Division division = Division.of(split, price, List.of(price), null);
      assertThat(payment.netNanoOpen() - division.nodesNanoOpen()).isBetween(0L, 1L);
      assertThat(shares.platformNanoOpen() - division.platformNanoOpen()).isBetween(0L, 1L);
      assertThat(shares.modelNanoOpen() - division.modelNanoOpen()).isBetween(0L, 1L);
      assertThat(shares.stakersNanoOpen() - division.stakersNanoOpen()).isBetween(0L, 1L);
      assertThat(shares.dataNanoOpen() - division.dataNanoOpen()).isBetween(0L, 1L);
    }

    private void note(Account account, long price, int basisPoints, long units) {
      due.merge(
          account,
          BigInteger.valueOf(price).multiply(BigInteger.valueOf(basisPoints)),
          BigInteger::add);
      given.merge(account, BigInteger.valueOf(units).multiply(WHOLE), BigInteger::add);
      BigInteger behind = due.get(account).subtract(given.get(account));
      if (behind.signum() < 0 || behind.compareTo(WHOLE) >= 0) {
        throw new AssertionError(
            account + " drifted by " + behind + " ten-thousandths of a nano-OPEN");
      }
    }

    private FeeSplit draw() {
      int left = FeeSplit.WHOLE;
      var parts = new int[4];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = random.nextInt(random.nextInt(left + 1) + 1);
        left -= parts[i];
      }
      return new FeeSplit(parts[0], parts[1], parts[2], parts[3]);
    }

    /** Micro-payments of single units as well as whole fortunes. */
    private long price() {
      return switch (random.nextInt(8)) {
        case 0, 1, 2 -> random.nextLong(4);
        case 3, 4, 5 -> random.nextLong(30_000);
        case 6 -> random.nextLong(1_000_000_000_000L);
        default -> random.nextLong(Books.SUPPLY_NANO_OPEN + 1);
      };
    }

    private String payee() {
      return "0x%040x".formatted(1 + random.nextInt(7));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noAccountIsEverAheadOrBehindByAUnitOverAHundredThousandPayments(long seed) {
    var life = new Life(seed, false);

    life.live();

    BigInteger carried =
        life.carries.values().stream()
            .map(BigInteger::valueOf)
            .reduce(BigInteger.ZERO, BigInteger::add);
    BigInteger due = life.due.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    BigInteger given = life.given.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    assertThat(due.subtract(given)).isEqualTo(carried);
    assertThat(carried.mod(WHOLE)).as("the dust is whole units").isEqualTo(BigInteger.ZERO);
  }

  @Test
  void aSplitThatDropsTheDustIsFoundOut() {
    assertThatThrownBy(() -> new Life(11, true).live()).hasMessageContaining("drifted");
  }

  @Test
  void theBooksShareFeesAndKeepTheDust() {
    var books = new Books();
    var split = new FeeSplit(500, 200, 100, 50);
    apply(
        books,
        new LedgerCommand.Deposit(
            "ada", "0x" + "1".repeat(40), 1_000, LedgerWorld.ESCROW, "0xaa/0", 1));
    for (int job = 1; job <= 3; job++) {
      apply(books, new LedgerCommand.Hold("job-" + job, "ada", 99, new Origin("p", job)));
      apply(books, settle("job-" + job, 33, split));
    }

    assertThat(books.audit()).isEmpty();
    // 99 in all: 4.95 to the platform, 1.98, 0.99, 0.495; 90.585 to the node.
    assertThat(books.balance(Account.PLATFORM)).isEqualTo(4);
    assertThat(books.balance(Account.MODEL)).isEqualTo(1);
    assertThat(books.balance(Account.STAKERS)).isZero();
    assertThat(books.balance(Account.DATA)).isZero();
    assertThat(books.balance(Account.earned("0x" + "a".repeat(40)))).isEqualTo(90);
    assertThat(books.balance(Account.DUST)).isEqualTo(4);
    assertThat(Books.of(books.snapshot()).snapshot())
        .usingRecursiveComparison()
        .isEqualTo(books.snapshot());
  }

  @Test
  void theOwnerOfAModelIsPaidTheModelsShareAndSeesItInAStatementOfHisOwn() {
    var books = new Books();
    var earnings = new Earnings();
    String owner = "0x" + "b".repeat(40);
    apply(
        books,
        new LedgerCommand.Deposit(
            "ada", "0x" + "1".repeat(40), 30_000, LedgerWorld.ESCROW, "0xaa/0", 1));
    long shares = 0;
    for (int job = 1; job <= 3; job++) {
      apply(books, new LedgerCommand.Hold("job-" + job, "ada", 9_999, new Origin("p", job)));
      var charge = new Charge("job-" + job + "/0/r0", "node", "0x" + "a".repeat(40), 9_999);
      var settle =
          new LedgerCommand.Settle(
              "job-" + job, List.of(charge), List.of(), 0, new FeeSplit(0, 250, 0, 0), owner);
      var settled = (LedgerEvent.Settled) books.decide(settle).newEvents().getFirst();
      shares += settled.shares() == null ? 0 : settled.shares().modelNanoOpen();
      books.apply(settled);
      earnings.apply(settled);
      assertThat(books.decide(settle)).as("a repeat").isInstanceOf(Decision.Repeated.class);
    }

    assertThat(shares).as("2.5 % of 29,997").isEqualTo(749);
    assertThat(books.balance(Account.earned(owner))).isEqualTo(749);
    assertThat(books.balance(Account.MODEL)).isZero();
    assertThat(books.audit()).isEmpty();
    var statement = earnings.statement(Earnings.models(owner));
    assertThat(statement.payee()).isEqualTo(owner);
    assertThat(statement.earnedNanoOpen()).isEqualTo(749);
    assertThat(statement.lines())
        .extracting(EarningsStatement.Line::netNanoOpen)
        .containsExactly(249L, 250L, 250L);

    apply(books, new LedgerCommand.ClosePayoutEpoch(LedgerWorld.PLATFORM_PAYEE));
    assertThat(books.openEpoch().orElseThrow().payouts())
        .anyMatch(payout -> payout.payee().equals(owner) && payout.amountNanoOpen() == 749);
  }

  @Test
  void anOwnerThatIsNoAddressOrHasNoSplitToShareInIsRefused() {
    var books = new Books();
    apply(
        books,
        new LedgerCommand.Deposit(
            "ada", "0x" + "1".repeat(40), 10, LedgerWorld.ESCROW, "0xaa/0", 1));
    apply(books, new LedgerCommand.Hold("job", "ada", 10, new Origin("p", 1)));
    for (var settle :
        List.of(
            new LedgerCommand.Settle(
                "job", List.of(), List.of(), 0, new FeeSplit(0, 250, 0, 0), "eve"),
            new LedgerCommand.Settle(
                "job", List.of(), List.of(), 0, null, "0x" + "b".repeat(40)))) {
      assertThat(books.decide(settle))
          .isInstanceOfSatisfying(
              Decision.Refused.class,
              refused -> assertThat(refused.refusal().field()).isEqualTo("modelPayee"));
    }
  }

  @Test
  void anEventWhoseSharesAreNotThoseOfItsPricesIsNotBooked() {
    var books = new Books();
    var split = new FeeSplit(500, 0, 0, 0);
    apply(
        books,
        new LedgerCommand.Deposit(
            "ada", "0x" + "1".repeat(40), 1_000, LedgerWorld.ESCROW, "0xaa/0", 1));
    apply(books, new LedgerCommand.Hold("job", "ada", 1_000, new Origin("p", 1)));
    var settled =
        (LedgerEvent.Settled) books.decide(settle("job", 1_000, split)).newEvents().getFirst();
    var greedy = new FeeShares(split, 51, 0, 0, 0);

    assertThatThrownBy(
            () ->
                books.apply(
                    new LedgerEvent.Settled(
                        "job",
                        "ada",
                        1_000,
                        settled.payments(),
                        List.of(),
                        0,
                        settled.chargesDigest(),
                        greedy)))
        .hasMessageContaining("cannot follow");
    books.apply(settled);
    assertThat(books.balance(Account.PLATFORM)).isEqualTo(50);
  }

  private static LedgerCommand.Settle settle(String job, long price, FeeSplit split) {
    var charge = new Charge(job + "/0/1", "node", "0x" + "a".repeat(40), price);
    return new LedgerCommand.Settle(job, List.of(charge), List.of(), 0, split);
  }

  private static void apply(Books books, LedgerCommand command) {
    var decision = books.decide(command);
    assertThat(decision).isInstanceOf(Decision.Accepted.class);
    decision.newEvents().forEach(books::apply);
  }
}
