package xyz.openledger.actors.anchor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.LedgerRefusal;
import xyz.openledger.chainanchor.accounts.Payout;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.Attempt;
import xyz.openledger.chainanchor.outbox.BlockRef;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.chainanchor.outbox.OutboxRow;

/** The settlement between books, log, outbox and chain that are played by the test. */
class SettlementTest {
  /** Busy machines are slow; a test that passes never waits this long. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String PLATFORM = "0x" + "f".repeat(40);
  private static final String WALLET = "0x" + "a".repeat(40);
  private static final long FROM_BLOCK = 7;
  private static final LedgerEvent.PayoutEpochClosed EPOCH =
      new LedgerEvent.PayoutEpochClosed(
          3, List.of(new Payout(WALLET, 40, 100)), PLATFORM, 0, "0x" + "1".repeat(64));

  private static final LedgerEvent.PayoutEpochReopened REOPENED =
      new LedgerEvent.PayoutEpochReopened(EPOCH, "ada", "a wrong payee");

  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<AccountsMessage> accounts = kit.createTestProbe(AccountsMessage.class);
  private final TestProbe<LogMessage> log = kit.createTestProbe(LogMessage.class);
  private final TestProbe<AnchorMessage> anchorer = kit.createTestProbe(AnchorMessage.class);
  private final ScriptedChain chain = new ScriptedChain();

  @BeforeEach
  void start() {
    kit.spawn(
        Settlement.create(
            new Settlement.Setup(
                accounts.ref(),
                log.ref(),
                anchorer.ref(),
                chain,
                Thread::startVirtualThread,
                PLATFORM,
                FROM_BLOCK,
                Duration.ofMillis(20),
                Duration.ofMillis(1),
                Witnesses.NONE,
                Map::of)));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void anchorsEachCheckpointThatTheLogSeals() {
    var checkpoint = new LogEvent.CheckpointSealed(5, "2".repeat(64), "note");

    ((LogMessage.Seal) log.receiveMessage(PATIENCE))
        .replyTo()
        .tell(new LogMessage.Sealed(checkpoint));

    assertThat(expect(AnchorMessage.PlanAnchor.class))
        .isEqualTo(new AnchorMessage.PlanAnchor(5, "2".repeat(64)));
  }

  @Test
  void closesAnEpochWhileNoneIsOpen() {
    payouts(null, List.of());

    assertThat(booked(LedgerCommand.ClosePayoutEpoch.class).command())
        .isEqualTo(new LedgerCommand.ClosePayoutEpoch(PLATFORM));
  }

  @Test
  void publishesAnEpochOnlyOnceItsFundingIsFinal() {
    payouts(EPOCH, List.of());
    var fund = expect(AnchorMessage.Plan.class);
    assertThat(fund.intent()).isEqualTo(new Intent.Fund("fund-epoch-3", 40));

    // Mined is not final: what is planned stays the funding.
    answer("fund-epoch-3", fund.intent(), false);
    payouts(EPOCH, List.of());
    assertThat(expect(AnchorMessage.Plan.class).intent()).isEqualTo(fund.intent());

    answer("fund-epoch-3", fund.intent(), true);
    AnchorMessage.Plan publish;
    do {
      payouts(EPOCH, List.of());
      publish = expect(AnchorMessage.Plan.class);
    } while (publish.intent() instanceof Intent.Fund);
    assertThat(publish.intent()).isEqualTo(new Intent.PublishRoot(2, 3, "1".repeat(64), 100));

    answer("publish-epoch-3", publish.intent(), true);
    assertThat(booked(LedgerCommand.PublishPayoutEpoch.class).command())
        .isEqualTo(new LedgerCommand.PublishPayoutEpoch(3, "0xaa"));
  }

  @Test
  void anEpochThatFollowsOneTakenBackIsFundedWithWhatIsMissing() {
    var next =
        new LedgerEvent.PayoutEpochClosed(
            4, List.of(new Payout(WALLET, 55, 115)), PLATFORM, 0, EPOCH.root(), null, 40L);

    answerPayouts(next, REOPENED);
    assertThat(expect(AnchorMessage.Retire.class).id()).isEqualTo("publish-epoch-3");
    var fund = expect(AnchorMessage.Plan.class);
    assertThat(fund.intent()).isEqualTo(new Intent.Fund("fund-epoch-4", 15));

    answer("fund-epoch-4", fund.intent(), true);
    AnchorMessage.Plan publish;
    do {
      answerPayouts(next, REOPENED);
      publish = expect(AnchorMessage.Plan.class);
    } while (publish.intent() instanceof Intent.Fund);
    assertThat(publish.id()).isEqualTo("publish-epoch-4");
    assertThat(publish.intent()).isEqualTo(new Intent.PublishRoot(2, 4, "1".repeat(64), 100));
  }

  @Test
  void anEpochThatTheDistributorCanPayAlreadyIsPublishedWithoutFunding() {
    var next =
        new LedgerEvent.PayoutEpochClosed(
            4, List.of(new Payout(WALLET, 40, 100)), PLATFORM, 0, EPOCH.root(), null, 40L);

    answerPayouts(next, REOPENED);

    assertThat(expect(AnchorMessage.Plan.class).intent())
        .isEqualTo(new Intent.PublishRoot(2, 4, "1".repeat(64), 100));
  }

  @Test
  void theCallOfAnEpochTakenBackIsGivenUpAgainAndAgainUntilAnotherPays() {
    answerPayouts(null, REOPENED);
    assertThat(expect(AnchorMessage.Retire.class).id()).isEqualTo("publish-epoch-3");
    answerPayouts(null, REOPENED);
    assertThat(expect(AnchorMessage.Retire.class).id()).isEqualTo("publish-epoch-3");
  }

  @Test
  void completesAWithdrawalOnceItIsFinal() {
    payouts(EPOCH, List.of(new LedgerEvent.WithdrawalRequested("withdrawal-1", "ada", WALLET, 9)));
    AnchorMessage.Plan plan;
    do {
      plan = expect(AnchorMessage.Plan.class);
    } while (!(plan.intent() instanceof Intent.Withdraw));
    assertThat(plan.id()).isEqualTo("withdrawal-1");

    answer("withdrawal-1", plan.intent(), true);

    assertThat(booked(LedgerCommand.CompleteWithdrawal.class).command())
        .isEqualTo(new LedgerCommand.CompleteWithdrawal("withdrawal-1", "0xaa"));
  }

  @Test
  void booksWhatMovedOneByOneInTheOrderOfTheChainAndReadsOn() {
    assertThat(chain.asked()).isEqualTo(FROM_BLOCK);
    chain.answer(new Chain.Movements(List.of(deposit(1), deposit(2)), 20));

    answer(deposit(1));
    answer(deposit(2));

    assertThat(chain.asked()).isEqualTo(21);
  }

  @Test
  void asksTheBooksAgainForWhatTheyDidNotAnswer() {
    chain.answer(new Chain.Movements(List.of(deposit(1), deposit(2), deposit(3)), 20));
    assertThat(chain.asked()).isEqualTo(FROM_BLOCK);

    var lost = booked(LedgerCommand.Deposit.class);
    var again = booked(LedgerCommand.Deposit.class);
    assertThat(List.of(lost.command(), again.command())).containsOnly(deposit(1));
    accept(lost);
    // The answer to a repeat is no answer to what comes next.
    accept(again);

    assertThat(unlike(deposit(1)).command()).isEqualTo(deposit(2));
    assertThat(unlike(deposit(1)).command()).as("asked again, unanswered").isEqualTo(deposit(2));
    answer(deposit(2));
    answer(deposit(3));
    assertThat(chain.asked()).isEqualTo(21);
  }

  @Test
  void asksBusyBooksAgain() {
    chain.answer(new Chain.Movements(List.of(deposit(1), deposit(2)), 20));
    var busy = new LedgerRefusal(LedgerRefusal.Reason.TOO_MANY, "", "the books are busy");

    var first = booked(LedgerCommand.Deposit.class);
    first.replyTo().tell(new AccountsMessage.Answer(first.command(), null, busy));

    assertThat(booked(LedgerCommand.Deposit.class).command()).isEqualTo(deposit(1));
  }

  @Test
  void aClaimThatIsReadBeforeItsEpochIsBookedWaitsForItAndHoldsUpNoDeposit() {
    payouts(EPOCH, List.of());
    var claim = new LedgerCommand.Claim(WALLET, 40, "0x" + "d".repeat(40), "0x1/9", 12);
    chain.answer(new Chain.Movements(List.of(claim, deposit(1)), 20));
    assertThat(chain.asked()).isEqualTo(FROM_BLOCK);

    var asked = booked(LedgerCommand.Claim.class);
    var early = new LedgerRefusal(LedgerRefusal.Reason.WRONG_STATE, "", "book the epoch first");
    asked.replyTo().tell(new AccountsMessage.Answer(asked.command(), null, early));
    answer(deposit(1));
    assertThat(chain.asked()).as("the chain is read on").isEqualTo(21);

    payouts(null, List.of());
    assertThat(booked(LedgerCommand.Claim.class).command()).isEqualTo(claim);
  }

  @Test
  void readsTheSameBlocksAgainWhenTheChainWasAway() {
    assertThat(chain.asked()).isEqualTo(FROM_BLOCK);
    chain.answer(null);

    assertThat(chain.asked()).isEqualTo(FROM_BLOCK);
  }

  private static LedgerCommand deposit(int number) {
    return new LedgerCommand.Deposit(
        "ada", WALLET, number, "0x" + "e".repeat(40), "0x1/" + number, 10 + number);
  }

  /** Answers the next question for the payouts. */
  private void payouts(
      LedgerEvent.@Nullable PayoutEpochClosed open,
      List<LedgerEvent.WithdrawalRequested> withdrawals) {
    var cumulative = new TreeMap<String, Long>();
    cumulative.put(WALLET, 100L);
    while (true) {
      if (accounts.receiveMessage(PATIENCE) instanceof AccountsMessage.ShowPayouts asked) {
        var published = new LedgerEvent.PayoutEpochPublished(2, List.of(), "0x2");
        asked.replyTo().tell(new AccountsMessage.Payouts(open, published, cumulative, withdrawals));
        return;
      }
    }
  }

  /** The same of books where epoch 2 pays and an epoch was taken back. */
  private void answerPayouts(
      LedgerEvent.@Nullable PayoutEpochClosed open, LedgerEvent.PayoutEpochReopened reopened) {
    var cumulative = new TreeMap<String, Long>();
    cumulative.put(WALLET, 100L);
    var published = new LedgerEvent.PayoutEpochPublished(2, List.of(), "0x2");
    while (true) {
      if (accounts.receiveMessage(PATIENCE) instanceof AccountsMessage.ShowPayouts asked) {
        asked
            .replyTo()
            .tell(new AccountsMessage.Payouts(open, published, cumulative, List.of(), reopened));
        return;
      }
    }
  }

  /** Answers the next question for that row. */
  private void answer(String id, Intent intent, boolean isFinal) {
    AnchorMessage.ShowRow asked;
    do {
      asked = expect(AnchorMessage.ShowRow.class);
    } while (!asked.id().equals(id));
    var row =
        new OutboxRow(
            id,
            1,
            intent,
            OutboxRow.State.SAFE,
            4,
            List.of(new Attempt("0xaa", "", 1, 1)),
            11,
            0,
            new BlockRef(12, "0xb12"),
            null);
    asked.replyTo().tell(new AnchorMessage.RowReply(id, row, isFinal, null));
  }

  /** Waits until the books are asked for that, which they may be more than once, and accepts it. */
  private void answer(LedgerCommand command) {
    AccountsMessage.Do asked;
    do {
      asked = booked(LedgerCommand.Deposit.class);
    } while (!asked.command().equals(command));
    accept(asked);
  }

  /** The next deposit that the books are asked for, but for late repeats of an earlier one. */
  private AccountsMessage.Do unlike(LedgerCommand earlier) {
    AccountsMessage.Do asked;
    do {
      asked = booked(LedgerCommand.Deposit.class);
    } while (asked.command().equals(earlier));
    return asked;
  }

  private static void accept(AccountsMessage.Do asked) {
    asked.replyTo().tell(new AccountsMessage.Answer(asked.command(), null, null));
  }

  private AccountsMessage.Do booked(Class<? extends LedgerCommand> type) {
    while (true) {
      if (accounts.receiveMessage(PATIENCE) instanceof AccountsMessage.Do asked
          && type.isInstance(asked.command())) {
        return asked;
      }
    }
  }

  private <M extends AnchorMessage> M expect(Class<M> type) {
    while (true) {
      AnchorMessage message = anchorer.receiveMessage(PATIENCE);
      if (type.isInstance(message)) {
        return type.cast(message);
      }
    }
  }

  /** A chain of which only movements are asked: each question waits for its answer. */
  private static final class ScriptedChain implements Chain {
    private final BlockingQueue<Long> questions = new LinkedBlockingQueue<>();
    private final BlockingQueue<Optional<Movements>> answers = new LinkedBlockingQueue<>();

    @Override
    public Movements movements(long fromBlock) throws IOException {
      questions.add(fromBlock);
      try {
        var answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (answer != null && answer.isPresent()) {
          return answer.get();
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("the chain is away");
    }

    long asked() {
      try {
        var question = questions.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(question).as("a question").isNotNull();
        return question;
      } catch (InterruptedException stopped) {
        throw new AssertionError(stopped);
      }
    }

    void answer(@Nullable Movements movements) {
      answers.add(Optional.ofNullable(movements));
    }

    @Override
    public List<Observation> poll() {
      return List.of();
    }

    @Override
    public Optional<Observation> carryOut(Action action) {
      return Optional.empty();
    }
  }
}
