package xyz.openledger.actors.account;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import xyz.openledger.actors.batch.Batcher;
import xyz.openledger.chainanchor.accounts.Books;
import xyz.openledger.chainanchor.accounts.BooksSnapshot;
import xyz.openledger.chainanchor.accounts.Decision;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.LedgerRefusal;

/**
 * The {@link Books}, durable. One in the cluster. Decides a whole batch at a time, writes what
 * comes of it at once, and answers when that is on disk.
 */
public final class AccountsEntity
    extends EventSourcedBehavior<Batcher.Batch<AccountsMessage>, LedgerEvent, Books> {
  /** Under which the ledger's events are journaled. */
  public static final String PERSISTENCE_ID = "accounts";

  /** Marks the events for the views. */
  public static final String TAG = "ledger";

  private static final int BATCH_MAX = 512;
  private static final int QUEUE_MAX = 100_000;
  private static final int SNAPSHOT_EVERY = 10_000;

  private AccountsEntity() {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
  }

  /** The books behind their batcher. */
  public static Behavior<AccountsMessage> create() {
    return Batcher.create(
        AccountsMessage.class,
        new Batcher.Limits<>(BATCH_MAX, _ -> 1, BATCH_MAX, QUEUE_MAX, AccountsEntity::refuse),
        (ActorContext<?> _) -> new AccountsEntity());
  }

  @Override
  public Books emptyState() {
    return new Books();
  }

  @Override
  public EventHandler<Books, LedgerEvent> eventHandler() {
    return (books, event) -> {
      books.apply(event);
      return books;
    };
  }

  @Override
  public Set<String> tagsFor(LedgerEvent event) {
    return Set.of(TAG);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
  }

  @Override
  public SnapshotAdapter<Books> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(Books books) {
        return books.snapshot();
      }

      @Override
      public Books fromJournal(Object snapshot) {
        return Books.of((BooksSnapshot) snapshot);
      }
    };
  }

  @Override
  public CommandHandler<Batcher.Batch<AccountsMessage>, LedgerEvent, Books> commandHandler() {
    return (books, batch) -> {
      List<AccountsMessage.Do> asked =
          batch.messages().stream()
              .filter(AccountsMessage.Do.class::isInstance)
              .map(AccountsMessage.Do.class::cast)
              .toList();
      List<LedgerCommand> commands = asked.stream().map(AccountsMessage.Do::command).toList();
      List<Decision> decisions = books.decideAll(commands);
      var events = new ArrayList<LedgerEvent>();
      decisions.forEach(decision -> events.addAll(decision.newEvents()));
      return (events.isEmpty() ? Effect().none() : Effect().persist(events))
          .thenRun(
              (Books after) -> {
                for (int i = 0; i < asked.size(); i++) {
                  answer(asked.get(i), decisions.get(i));
                }
                batch.messages().forEach(message -> show(after, message));
                batch.doneTo().tell(Batcher.Done.INSTANCE);
              });
    };
  }

  private static void answer(AccountsMessage.Do asked, Decision decision) {
    asked
        .replyTo()
        .tell(
            switch (decision) {
              case Decision.Accepted(var events) ->
                  new AccountsMessage.Answer(
                      asked.command(), events.isEmpty() ? null : events.getFirst(), null);
              case Decision.Repeated(var first) ->
                  new AccountsMessage.Answer(asked.command(), first, null);
              case Decision.Refused(var refusal) ->
                  new AccountsMessage.Answer(asked.command(), null, refusal);
            });
  }

  private static void show(Books books, AccountsMessage message) {
    switch (message) {
      case AccountsMessage.ShowRequester(var tenant, var replyTo) ->
          replyTo.tell(books.requester(tenant));
      case AccountsMessage.ShowPayee(var payee, var replyTo) -> replyTo.tell(books.payee(payee));
      case AccountsMessage.ShowPayouts(var replyTo) ->
          replyTo.tell(
              new AccountsMessage.Payouts(
                  books.openEpoch().orElse(null),
                  books.lastEpoch().orElse(null),
                  books.cumulativePayouts(),
                  books.pendingWithdrawals(),
                  books.lastReopened().orElse(null)));
      case AccountsMessage.ShowAcknowledged(var source, var replyTo) ->
          replyTo.tell(
              new AccountsMessage.AcknowledgedThrough(source, books.acknowledgedThrough(source)));
      case AccountsMessage.Audit(var replyTo) -> {
        var balances = new TreeMap<String, Long>();
        books.balances().forEach((account, amount) -> balances.put(account.toString(), amount));
        replyTo.tell(new AccountsMessage.Audited(books.audit(), balances));
      }
      case AccountsMessage.Do _ -> {
        // Answered with its batch.
      }
    }
  }

  private static void refuse(AccountsMessage message) {
    if (message instanceof AccountsMessage.Do asked) {
      answer(
          asked,
          new Decision.Refused(
              new LedgerRefusal(
                  LedgerRefusal.Reason.TOO_MANY, "", "the books are busy; try again in a second")));
    }
  }
}
