package xyz.openledger.actors.anchor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsEntity;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.RequesterBalance;

/** How chain and books are kept in step. */
class AbandonedWithdrawalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final String DEPOSITOR = "0x" + "11".repeat(20);
  private static final String PLATFORM = "0x" + "22".repeat(20);

  private ActorTestKit kit;
  private TestProbe<LogMessage> log;
  private TestProbe<AnchorMessage> anchorer;

  @BeforeEach
  void open() {
    kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
    log = kit.createTestProbe(LogMessage.class);
    anchorer = kit.createTestProbe(AnchorMessage.class);
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  @Test
  void aWithdrawalThatIsGivenUpReturnsItsMoney() {
    ActorRef<AccountsMessage> books = kit.spawn(AccountsEntity.create());
    say(books, new LedgerCommand.Deposit("ada", DEPOSITOR, 100, PLATFORM, "0x01/0", 7));
    say(books, new LedgerCommand.RequestWithdrawal("w-1", "ada", DEPOSITOR, 60));
    assertThat(balance(books)).isEqualTo(new RequesterBalance(40, 0, 60));

    settle(books, OFTEN);
    answer("w-1", null);
    answer("w-1", "exceeds deposits");

    await().atMost(PATIENCE).until(() -> balance(books).equals(new RequesterBalance(100, 0, 0)));
  }

  @Test
  void aPayoutEpochIsClosedOnceAnInterval() {
    var books = kit.createTestProbe(AccountsMessage.class);
    settle(books.ref(), Duration.ofHours(1));

    // Far more looks than intervals: the first closes an epoch, the others do not.
    int closed = 0;
    for (int look = 0; look < 20; ) {
      switch (books.receiveMessage(PATIENCE)) {
        case AccountsMessage.ShowPayouts(var replyTo) -> {
          look++;
          replyTo.tell(new AccountsMessage.Payouts(null, null, new TreeMap<>(), List.of()));
        }
        case AccountsMessage.Do(LedgerCommand.ClosePayoutEpoch close, var _) -> {
          closed++;
          assertThat(close.platformPayee()).isEqualTo(PLATFORM);
        }
        default -> throw new AssertionError("nothing else is asked of the books");
      }
    }

    assertThat(closed).isEqualTo(1);
  }

  private void settle(ActorRef<AccountsMessage> books, Duration payoutInterval) {
    kit.spawn(
        Settlement.create(
            new Settlement.Setup(
                books,
                log.ref(),
                anchorer.ref(),
                AwayChain.AWAY,
                Runnable::run,
                PLATFORM,
                0,
                OFTEN,
                payoutInterval,
                Witnesses.NONE,
                Map::of)));
  }

  /** Answers the next question after a row as the outbox would. */
  private void answer(String id, String abandoned) {
    while (true) {
      if (anchorer.receiveMessage(PATIENCE) instanceof AnchorMessage.ShowRow(var asked, var to)
          && asked.equals(id)) {
        to.tell(new AnchorMessage.RowReply(id, null, false, abandoned));
        return;
      }
    }
  }

  private void say(ActorRef<AccountsMessage> books, LedgerCommand command) {
    var answers = kit.createTestProbe(AccountsMessage.Answer.class);
    books.tell(new AccountsMessage.Do(command, answers.ref()));
    LedgerEvent event = answers.receiveMessage(PATIENCE).event();
    assertThat(event).isNotNull();
  }

  private RequesterBalance balance(ActorRef<AccountsMessage> books) {
    var balances = kit.createTestProbe(RequesterBalance.class);
    books.tell(new AccountsMessage.ShowRequester("ada", balances.ref()));
    return balances.receiveMessage(PATIENCE);
  }
}
