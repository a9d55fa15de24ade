package xyz.openledger.chainanchor.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.accounts.BooksSnapshot.WatermarkSnapshot;
import xyz.openledger.chainanchor.accounts.LedgerRefusal.Reason;
import xyz.openledger.protocol.FeeSplit;

class BooksTest {
  private static final String CAROL = "0x" + "c".repeat(40);
  private static final String DAVE = "0x" + "d".repeat(40);
  private static final String WALLET = "0x" + "a".repeat(40);

  private final Books books = new Books();

  @BeforeEach
  void adaDeposits() {
    grant(new LedgerCommand.Deposit("ada", WALLET, 1_000, LedgerWorld.ESCROW, "0x1/0", 1));
  }

  @Test
  void refusesAHoldBeyondTheBalanceAndSaysWhatIsMissing() {
    var refusal = refuse(hold("job-1", 1_500, 1));

    assertThat(refusal.reason()).isEqualTo(Reason.INSUFFICIENT_BALANCE);
    assertThat(refusal.detail())
        .isEqualTo("ada has 1000 nano-OPEN available, 1500 are needed; deposit 500 more");
  }

  @Test
  void paysEachReplicaTakesTheFeeAndRefundsTheRest() {
    grant(hold("job-1", 600, 1));

    grant(settle("job-1", 500, new Charge("r0", "node-c", CAROL, 101), charge("r1", 100)));

    assertThat(books.requester("ada")).isEqualTo(new RequesterBalance(799, 0, 0));
    // 5 % of 201 is 10.05: 10, of which the dearer replica bears the odd half.
    assertThat(books.balance(Account.PLATFORM)).isEqualTo(10);
    assertThat(books.payee(CAROL).earnedNanoOpen()).isEqualTo(96);
    assertThat(books.payee(DAVE).earnedNanoOpen()).isEqualTo(95);
  }

  @Test
  void answersARepeatedSettlementWithTheFirst() {
    grant(hold("job-1", 600, 1));
    var first = grant(settle("job-1", 0, charge("r0", 100)));

    var again = books.decide(settle("job-1", 0, charge("r0", 100)));

    assertThat(again).isEqualTo(new Decision.Repeated(first));
  }

  @Test
  void refusesAnotherAmountUnderTheSameKey() {
    grant(hold("job-1", 600, 1));
    grant(settle("job-1", 0, charge("r0", 100)));

    var refusal = refuse(settle("job-1", 0, charge("r0", 101)));

    assertThat(refusal.reason()).isEqualTo(Reason.CONFLICTING_REPEAT);
  }

  @Test
  void forgetsAcknowledgedJobsAndStillNeverReopensThem() {
    grant(hold("job-1", 600, 1));
    grant(hold("job-2", 100, 2));
    grant(settle("job-2", 0, charge("r0", 100)));
    grant(new LedgerCommand.Acknowledge("partition-1", List.of(2L)));

    assertThat(refuse(settle("job-2", 0, charge("r0", 100))).reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(refuse(hold("job-2", 100, 2)).reason()).isEqualTo(Reason.FINISHED);
    assertThat(books.snapshot().finishedHolds()).isEmpty();
    assertThat(watermark()).isEqualTo(new WatermarkSnapshot(0, List.of(2L)));

    grant(new LedgerCommand.Release("job-1", "expired"));
    grant(new LedgerCommand.Acknowledge("partition-1", List.of(1L)));

    // Both are finished now: the watermark passes them, and no bit is left.
    assertThat(watermark()).isEqualTo(new WatermarkSnapshot(2, List.of()));
  }

  @Test
  void doesNotForgetAJobThatIsStillOpen() {
    grant(hold("job-1", 600, 1));

    var refusal = refuse(new LedgerCommand.Acknowledge("partition-1", List.of(1L)));

    assertThat(refusal.reason()).isEqualTo(Reason.WRONG_STATE);
  }

  @Test
  void refusesChargesAboveTheHold() {
    grant(hold("job-1", 100, 1));

    assertThat(refuse(settle("job-1", 0, charge("r0", 101))).reason())
        .isEqualTo(Reason.EXCEEDS_HOLD);
  }

  @Test
  void booksADepositHoweverLateItsTenantBecomesKnownAndOnlyOnce() {
    long later = 2 * ChainLogs.MEMORY_BLOCKS;
    grant(new LedgerCommand.Deposit("bob", WALLET, 5, LedgerWorld.ESCROW, "0x2/0", later));
    var early = new LedgerCommand.Deposit("eve", WALLET, 7, LedgerWorld.ESCROW, "0x3/0", 2);

    grant(early);

    assertThat(books.requester("eve").availableNanoOpen()).isEqualTo(7);
    var first = new LedgerCommand.Deposit("ada", WALLET, 1_000, LedgerWorld.ESCROW, "0x1/0", 1);
    for (Books now : List.of(books, Books.of(books.snapshot()))) {
      assertThat(now.decide(early)).isInstanceOf(Decision.Repeated.class);
      assertThat(now.decide(first)).isInstanceOf(Decision.Repeated.class);
      assertThat(now.snapshot()).isEqualTo(books.snapshot());
    }
  }

  @Test
  void fewAccountsThatWithdrawAllTheyMayShutNobodyOut() {
    for (int accounts : List.of(1, 16, 40, 200)) {
      var greedy = new Books();
      for (int round = 0; round <= Books.WITHDRAWALS_OF_TENANT_MAX; round++) {
        for (int i = 0; i < accounts; i++) {
          String tenant = "greedy-" + i;
          String name = round + "-" + i;
          apply(greedy, new LedgerCommand.Deposit(tenant, WALLET, 1, LedgerWorld.ESCROW, name, 2));
          apply(greedy, new LedgerCommand.RequestWithdrawal("w-" + name, tenant, WALLET, 1));
        }
      }
      apply(greedy, new LedgerCommand.Deposit("zoe", WALLET, 1, LedgerWorld.ESCROW, "0xz/0", 3));
      assertThat(greedy.decide(new LedgerCommand.RequestWithdrawal("w", "zoe", WALLET, 1)))
          .as("beside %d", accounts)
          .isInstanceOf(Decision.Accepted.class);
    }
  }

  /** What is granted of it. */
  private static void apply(Books books, LedgerCommand command) {
    if (books.decide(command) instanceof Decision.Accepted accepted) {
      accepted.newEvents().forEach(books::apply);
    }
  }

  @Test
  void boundsTheWithdrawalsOnTheirWay() {
    for (int i = 0; i < Books.WITHDRAWALS_OF_TENANT_MAX; i++) {
      grant(new LedgerCommand.RequestWithdrawal("w-" + i, "ada", WALLET, 1));
    }

    var refusal = refuse(new LedgerCommand.RequestWithdrawal("w-x", "ada", WALLET, 1));
    assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY);
    assertThat(refusal.detail()).contains("ada has 16 withdrawals").contains("ask again once");
    var first = new LedgerCommand.RequestWithdrawal("w-0", "ada", WALLET, 1);
    assertThat(books.decide(first)).isInstanceOf(Decision.Repeated.class);
    grant(new LedgerCommand.CompleteWithdrawal("w-0", "0xaa"));
    grant(new LedgerCommand.RequestWithdrawal("w-x", "ada", WALLET, 1));

    for (int i = 16; i < Books.WITHDRAWALS_MAX; i++) {
      String tenant = "tenant-" + i;
      grant(new LedgerCommand.Deposit(tenant, WALLET, 9, LedgerWorld.ESCROW, "0xd/" + i, 2));
      grant(new LedgerCommand.RequestWithdrawal("w-" + tenant, tenant, WALLET, 1));
    }
    grant(new LedgerCommand.Deposit("zoe", WALLET, 9, LedgerWorld.ESCROW, "0xe/0", 3));
    assertThat(refuse(new LedgerCommand.RequestWithdrawal("w-z", "zoe", WALLET, 1)).detail())
        .contains("256 withdrawals are on their way");
  }

  @Test
  void refusesAClaimFromBeforeItsMemory() {
    grant(hold("job-1", 1_000, 1));
    grant(settle("job-1", 1_000, charge("r0", 1_000)));
    grant(new LedgerCommand.ClosePayoutEpoch(LedgerWorld.PLATFORM_PAYEE));
    grant(new LedgerCommand.PublishPayoutEpoch(1, "0xaa"));
    var first = new LedgerCommand.Claim(DAVE, 100, LedgerWorld.DISTRIBUTOR, "0x2/0", 5);
    grant(first);
    long later = 6 + ChainLogs.MEMORY_BLOCKS;
    grant(new LedgerCommand.Claim(DAVE, 100, LedgerWorld.DISTRIBUTOR, "0x3/0", later));

    assertThat(refuse(first).reason()).isEqualTo(Reason.FINISHED);
    assertThat(books.snapshot().chainLogs()).as("the deposit and the last claim").hasSize(2);
  }

  @Test
  void doesNotBookADepositThatBooksOfBeforeMayHaveForgotten() {
    long later = 2 * ChainLogs.MEMORY_BLOCKS;
    grant(new LedgerCommand.Deposit("bob", WALLET, 5, LedgerWorld.ESCROW, "0x2/0", later));
    var now = Books.of(withoutDepositsFrom(books.snapshot()));
    var lost = new LedgerCommand.Deposit("eve", WALLET, 7, LedgerWorld.ESCROW, "0x3/0", 2);
    var known = new LedgerCommand.Deposit("eve", WALLET, 7, LedgerWorld.ESCROW, "0x4/0", later - 9);

    for (Books each : List.of(now, Books.of(now.snapshot()))) {
      assertThat(each.decide(lost))
          .isInstanceOfSatisfying(
              Decision.Refused.class,
              refused -> assertThat(refused.refusal().reason()).isEqualTo(Reason.FINISHED));
      assertThat(each.decide(known)).isInstanceOf(Decision.Accepted.class);
    }
  }

  /** As a member of before wrote it. */
  private static BooksSnapshot withoutDepositsFrom(BooksSnapshot now) {
    return new BooksSnapshot(
        now.balances(),
        now.holds(),
        now.finishedHolds(),
        now.watermarks(),
        now.chainLogs(),
        now.chainHeights(),
        now.withdrawals(),
        now.finishedWithdrawals(),
        now.cumulative(),
        now.returnable(),
        now.openEpoch(),
        now.lastEpoch(),
        now.carries(),
        now.lastReopened(),
        now.coveredNanoOpen(),
        null);
  }

  @Test
  void returnsADepositToItsDepositorAlone() {
    var refusal = refuse(new LedgerCommand.RequestWithdrawal("w-1", "ada", CAROL, 10));

    assertThat(refusal.field()).isEqualTo("depositor");
    grant(new LedgerCommand.RequestWithdrawal("w-2", "ada", WALLET, 1_000));
    assertThat(refuse(hold("job-1", 1, 1)).reason()).isEqualTo(Reason.INSUFFICIENT_BALANCE);
    grant(new LedgerCommand.CompleteWithdrawal("w-2", "0xaa"));
    assertThat(books.balances()).isEmpty();
  }

  @Test
  void movesEarningsThroughAnEpochToAClaim() {
    grant(hold("job-1", 1_000, 1));
    grant(settle("job-1", 1_000, charge("r0", 1_000)));
    var closed =
        (LedgerEvent.PayoutEpochClosed)
            grant(new LedgerCommand.ClosePayoutEpoch(LedgerWorld.PLATFORM_PAYEE));

    assertThat(closed.payouts())
        .containsExactly(
            new Payout(DAVE, 900, 900), new Payout(LedgerWorld.PLATFORM_PAYEE, 100, 100));
    assertThat(closed.totalNanoOpen()).isEqualTo(1_000);
    assertThat(books.payee(DAVE)).isEqualTo(new PayeeBalance(0, 900, 0, 900));

    grant(new LedgerCommand.PublishPayoutEpoch(1, "0xaa"));
    grant(new LedgerCommand.Claim(DAVE, 900, LedgerWorld.DISTRIBUTOR, "0x2/0", 5));

    assertThat(books.payee(DAVE)).isEqualTo(new PayeeBalance(0, 0, 0, 900));
    assertThat(books.payee(DAVE).claimedNanoOpen()).isEqualTo(900);
    assertThat(books.balance(Account.CHAIN_ESCROW)).isZero();
    assertThat(books.balance(Account.CHAIN_DISTRIBUTOR)).isEqualTo(-100);
    assertThat(books.audit()).isEmpty();
  }

  @Test
  void paysSharesOfFeesToTheirPayeesAndLetsTheOthersWait() {
    grant(hold("job-1", 1_000, 1));
    var split = new FeeSplit(1_000, 500, 250, 250);
    grant(new LedgerCommand.Settle("job-1", List.of(charge("r0", 1_000)), List.of(), 0, split));
    var closed =
        (LedgerEvent.PayoutEpochClosed)
            grant(
                new LedgerCommand.ClosePayoutEpoch(
                    LedgerWorld.PLATFORM_PAYEE, Map.of("model", DAVE, "data", CAROL)));

    assertThat(closed.shares())
        .containsExactly(new SharePayout("data", CAROL, 25), new SharePayout("model", DAVE, 50));
    assertThat(books.payee(DAVE).publishingNanoOpen()).as("work and model").isEqualTo(850);
    assertThat(books.payee(CAROL).publishingNanoOpen()).isEqualTo(25);
    assertThat(books.balance(Account.STAKERS)).as("nobody was named").isEqualTo(25);
    assertThat(closed.totalNanoOpen()).isEqualTo(975);
    assertThat(books.audit()).isEmpty();

    grant(new LedgerCommand.PublishPayoutEpoch(1, "0xaa"));
    grant(new LedgerCommand.Claim(CAROL, 25, LedgerWorld.DISTRIBUTOR, "0x2/0", 5));
    assertThat(books.payee(CAROL).claimedNanoOpen()).isEqualTo(25);
    assertThat(books.audit()).isEmpty();
  }

  @Test
  void aRejectedEpochIsEarnedAgainAndGoesOutOnceWithTheNext() {
    grant(hold("job-1", 1_000, 1));
    grant(settle("job-1", 1_000, charge("r0", 1_000)));
    grant(new LedgerCommand.ClosePayoutEpoch(CAROL));
    var before = books.balance(Account.CHAIN_ESCROW);
    var reopen = new LedgerCommand.ReopenPayoutEpoch(1, "ada", "a wrong platform payee");

    var reopened = (LedgerEvent.PayoutEpochReopened) grant(reopen);

    assertThat(books.payee(DAVE)).isEqualTo(new PayeeBalance(900, 0, 0, 0));
    assertThat(books.payee(CAROL))
        .as("fees are the platform's again")
        .isEqualTo(new PayeeBalance(0, 0, 0, 0));
    assertThat(books.balance(Account.PLATFORM)).isEqualTo(100);
    assertThat(books.balance(Account.CHAIN_ESCROW)).as("it was funded").isEqualTo(before + 1_000);
    assertThat(books.cumulativePayouts()).isEmpty();
    assertThat(books.audit()).isEmpty();
    assertThat(books.decide(reopen)).isEqualTo(new Decision.Repeated(reopened));
    assertThat(refuse(new LedgerCommand.PublishPayoutEpoch(1, "0xaa")).reason())
        .isEqualTo(Reason.UNKNOWN);

    grant(new LedgerCommand.Deposit("ada", WALLET, 500, LedgerWorld.ESCROW, "0x3/0", 2));
    grant(hold("job-2", 500, 2));
    grant(settle("job-2", 0, charge("r1", 500)));
    var next =
        (LedgerEvent.PayoutEpochClosed)
            grant(new LedgerCommand.ClosePayoutEpoch(LedgerWorld.PLATFORM_PAYEE));
    assertThat(next.epoch()).as("its number is not used again").isEqualTo(2);
    assertThat(next.totalNanoOpen()).isEqualTo(1_500);
    assertThat(next.fundingNanoOpen()).as("1,000 are there").isEqualTo(500);

    grant(new LedgerCommand.PublishPayoutEpoch(2, "0xaa"));
    grant(new LedgerCommand.Claim(DAVE, 1_400, LedgerWorld.DISTRIBUTOR, "0x2/0", 5));
    assertThat(books.payee(DAVE).claimedNanoOpen()).isEqualTo(1_400);
    assertThat(books.balance(Account.CHAIN_DISTRIBUTOR)).isEqualTo(-100);
    assertThat(books.audit()).isEmpty();
  }

  @Test
  void takesNoEpochBackThatIsNotOpenAndNoneWithoutAReason() {
    assertThat(refuse(new LedgerCommand.ReopenPayoutEpoch(1, "ada", "why")).detail())
        .contains("no epoch is being published");
    assertThat(refuse(new LedgerCommand.ReopenPayoutEpoch(1, "ada", " ")).field())
        .isEqualTo("reason");
  }

  @Test
  void refusesAClaimThatTheBooksDoNotKnowOf() {
    var refusal = refuse(new LedgerCommand.Claim(DAVE, 900, LedgerWorld.DISTRIBUTOR, "0x2/0", 5));

    assertThat(refusal.reason()).isEqualTo(Reason.WRONG_STATE);
    assertThat(refusal.detail()).contains("the chain paid 900", "0 claimable");
  }

  @Test
  void saysInAStatementWhatIsHeldAndWhy() {
    var earnings = new Earnings();
    List.of(hold("job-1", 500, 1), settle("job-1", 1_000, charge("r0", 200)))
        .forEach(command -> earnings.apply(grant(command)));
    earnings.apply(grant(new LedgerCommand.ClosePayoutEpoch(LedgerWorld.PLATFORM_PAYEE)));
    grant(hold("job-2", 300, 2));
    earnings.apply(
        grant(
            new LedgerCommand.Settle(
                "job-2",
                List.of(charge("r1", 100)),
                List.of(new Withholding("r2", "node-d", DAVE, 70, "dissent")),
                0)));

    var statement = earnings.statement("node-d");

    assertThat(statement.publishingNanoOpen()).isEqualTo(180);
    assertThat(statement.earnedNanoOpen()).isEqualTo(100);
    assertThat(statement.withheldNanoOpen()).isEqualTo(70);
    assertThat(statement.lines())
        .extracting(EarningsStatement.Line::standing)
        .containsExactly(
            EarningsStatement.Standing.PUBLISHING,
            EarningsStatement.Standing.EARNED,
            EarningsStatement.Standing.WITHHELD);

    earnings.apply(grant(new LedgerCommand.PublishPayoutEpoch(1, "0xaa")));
    assertThat(earnings.statement("node-d").claimableNanoOpen()).isEqualTo(180);

    earnings.apply(grant(new LedgerCommand.Claim(DAVE, 180, LedgerWorld.DISTRIBUTOR, "0x2/0", 5)));
    assertThat(earnings.statement("node-d").claimableNanoOpen()).isZero();
    assertThat(earnings.statement("node-d").lines().getFirst().standing())
        .isEqualTo(EarningsStatement.Standing.CLAIMED);
  }

  private static LedgerCommand.Hold hold(String job, long amount, long number) {
    return new LedgerCommand.Hold(job, "ada", amount, new Origin("partition-1", number));
  }

  private static LedgerCommand.Settle settle(String job, int fee, Charge... charges) {
    return new LedgerCommand.Settle(job, List.of(charges), List.of(), fee);
  }

  private static Charge charge(String replica, long price) {
    return new Charge(replica, "node-d", DAVE, price);
  }

  private @Nullable WatermarkSnapshot watermark() {
    return books.snapshot().watermarks().get("partition-1");
  }

  private LedgerEvent grant(LedgerCommand command) {
    var decision = books.decide(command);
    assertThat(decision).isInstanceOf(Decision.Accepted.class);
    decision.newEvents().forEach(books::apply);
    return decision.newEvents().getFirst();
  }

  private LedgerRefusal refuse(LedgerCommand command) {
    var decision = books.decide(command);
    assertThat(decision).isInstanceOf(Decision.Refused.class);
    return ((Decision.Refused) decision).refusal();
  }
}
