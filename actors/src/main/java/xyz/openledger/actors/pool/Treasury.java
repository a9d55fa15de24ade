package xyz.openledger.actors.pool;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.chainanchor.accounts.Charge;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerRefusal;
import xyz.openledger.chainanchor.accounts.Origin;
import xyz.openledger.chainanchor.accounts.RequesterBalance;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;

/**
 * Has the books hold and pay for slots that were bought ahead. All of it may be said again, and is
 * until it is answered: a hold is opened once, and pays once.
 */
final class Treasury {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final long AGAIN_MILLIS = 5_000;

  /** The platform's share; 0 until it is governed, as for jobs. */
  private static final int FEE_BASIS_POINTS = 0;

  private final String source;
  private final ActorContext<PoolMessage> context;
  private final ActorRef<AccountsMessage> accounts;
  private final ActorRef<AccountsMessage.Answer> answers;
  private final Clock clock;
  private final Map<JobId, List<ActorRef<PoolMessage.ReserveReply>>> waiting = new HashMap<>();
  private long saidAtMillis;

  Treasury(
      PoolId pool,
      ActorContext<PoolMessage> context,
      ActorRef<AccountsMessage> accounts,
      Clock clock) {
    this.source = "market-" + pool.value();
    this.context = context;
    this.accounts = accounts;
    this.clock = clock;
    this.answers = context.messageAdapter(AccountsMessage.Answer.class, Treasury::heard);
  }

  private static PoolMessage heard(AccountsMessage.Answer answer) {
    LedgerRefusal refusal = answer.refusal();
    Problem problem = refusal == null ? null : refusal.reason().problem();
    String detail = refusal == null ? "" : refusal.detail();
    return switch (answer.command()) {
      case LedgerCommand.Hold hold ->
          new PoolMessage.Paid(JobId.parse(hold.jobId()), true, problem, detail);
      case LedgerCommand.Settle settle ->
          new PoolMessage.Paid(JobId.parse(settle.jobId()), false, problem, detail);
      case LedgerCommand.Release release ->
          new PoolMessage.Paid(JobId.parse(release.jobId()), false, problem, detail);
      // The books forget a booking; if they did not hear it, they are told after the next start.
      default -> PoolMessage.Tick.INSTANCE;
    };
  }

  /** Finds out what the buyer may spend. */
  void afford(PoolMessage.Reserve reserve) {
    context.ask(
        RequesterBalance.class,
        accounts,
        TIMEOUT,
        replyTo -> new AccountsMessage.ShowRequester(reserve.tenant().value(), replyTo),
        (balance, failure) ->
            new PoolMessage.Afforded(
                reserve, failure == null && balance != null ? balance.availableNanoOpen() : -1));
  }

  /** Answers an order once all of its money is held or refused. */
  void answerLater(PoolMessage.Reserve reserve) {
    waiting.computeIfAbsent(reserve.order(), _ -> new ArrayList<>()).add(reserve.replyTo());
  }

  /** Answers those orders of which nothing is open any more. */
  void answer(MarketState market) {
    for (JobId order : List.copyOf(waiting.keySet())) {
      List<MarketState.Booked> bookings = market.of(order);
      if (bookings.stream().noneMatch(each -> each.phase() == MarketState.Phase.HOLDING)) {
        var reply = reply(bookings);
        waiting.getOrDefault(order, List.of()).forEach(to -> to.tell(reply));
        waiting.remove(order);
      }
    }
  }

  private static PoolMessage.ReserveReply reply(List<MarketState.Booked> bookings) {
    return new PoolMessage.ReserveReply(bookings.stream().map(MarketView::view).toList(), null, "");
  }

  /** After a start: what is open is said again, and so is what is over. */
  void resume(MarketState market) {
    say(market);
    List<Long> closed =
        market.bookings().values().stream()
            .filter(each -> each.phase() == MarketState.Phase.CLOSED)
            .map(each -> each.booking().number())
            .toList();
    if (!closed.isEmpty()) {
      acknowledge(closed);
    }
  }

  /** Says again what has not been answered for a while. */
  void tick(MarketState market) {
    if (clock.millis() - saidAtMillis >= AGAIN_MILLIS) {
      say(market);
    }
  }

  /** Has all held that is to be held, and all paid that is to be paid. */
  void say(MarketState market) {
    saidAtMillis = clock.millis();
    for (MarketState.Booked each : market.bookings().values()) {
      switch (each.phase()) {
        case HOLDING -> tell(hold(each.booking()));
        case ENDED -> tell(payment(each));
        case ACTIVE, CLOSED -> {}
      }
    }
  }

  private LedgerCommand hold(Booking booking) {
    return new LedgerCommand.Hold(
        booking.id().value(),
        booking.tenant().value(),
        booking.priceNanoOpen(),
        new Origin(source, booking.number()));
  }

  private static LedgerCommand payment(MarketState.Booked each) {
    Booking booking = each.booking();
    return each.earnedNanoOpen() == 0
        ? new LedgerCommand.Release(booking.id().value(), each.detail())
        : new LedgerCommand.Settle(
            booking.id().value(),
            List.of(
                new Charge(
                    new ReplicaId(new TaskId(booking.id(), 0), 0).toString(),
                    booking.node().value(),
                    booking.owner().value(),
                    each.earnedNanoOpen())),
            List.of(),
            FEE_BASIS_POINTS);
  }

  /** The books need not remember it by name. */
  void acknowledge(List<Long> numbers) {
    tell(new LedgerCommand.Acknowledge(source, numbers));
  }

  private void tell(LedgerCommand command) {
    accounts.tell(new AccountsMessage.Do(command, answers));
  }
}
