package xyz.openledger.actors.anchor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.LedgerRefusal;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.TenantId;

/**
 * Keeps chain and books in step, by comparing and asking for what is missing, again and again.
 * Holds nothing durable: the books, the log and the outbox do, and each of its requests may be
 * repeated.
 *
 * <pre>
 *   log grew            ─▶ seal ─▶ (witnesses cosign) ─▶ anchor
 *   something earned    ─▶ close the epoch ─▶ fund, publish ─▶ final ─▶ claimable
 *   epoch taken back    ─▶ its call is given up ─▶ close the next
 *   withdrawal asked    ─▶ withdraw ─▶ final ─▶ completed
 *                                   └▶ given up ─▶ returned
 *   deposit, claim      ◀─ in a final block
 * </pre>
 */
public final class Settlement extends AbstractBehavior<Settlement.Message> {

  /** What it is told. */
  public sealed interface Message extends MemberMessage {}

  private enum Tick implements Message {
    INSTANCE
  }

  private enum PayoutDue implements Message {
    INSTANCE
  }

  private record Sealed(LogMessage.Sealed reply) implements Message {}

  private record Collected(LogEvent.CheckpointSealed checkpoint, @Nullable String note)
      implements Message {}

  private record Kept(LogMessage.Cosigned reply) implements Message {}

  private record Payouts(AccountsMessage.Payouts reply) implements Message {}

  private record Row(AnchorMessage.RowReply reply) implements Message {}

  private record Booked(AccountsMessage.Answer answer) implements Message {}

  private record Moved(Chain.@Nullable Movements movements) implements Message {}

  /**
   * Whom it talks to, and its rhythm.
   *
   * @param platformPayee the address that platform fees go to
   * @param fromBlock where the contracts begin
   * @param interval how often chain and books are compared, and checkpoints sealed
   * @param payoutInterval how often what was earned is gathered into a payout epoch
   * @param witnesses whose cosignatures a checkpoint needs before it is anchored
   * @param feePayees to whom parts of prices go, as governance says now
   */
  public record Setup(
      RecipientRef<AccountsMessage> accounts,
      RecipientRef<LogMessage> log,
      RecipientRef<AnchorMessage> anchorer,
      Chain chain,
      Executor blocking,
      String platformPayee,
      long fromBlock,
      Duration interval,
      Duration payoutInterval,
      Witnesses witnesses,
      Supplier<Map<String, Address>> feePayees) {}

  /** Names of an epoch's calls; its number follows. */
  public static final String FUND = "fund-epoch-";

  /** See {@link #FUND}. */
  public static final String PUBLISH = "publish-epoch-";

  /** The books are asked again for what they have not answered in so many intervals. */
  private static final int INTERVALS_TO_ANSWER = 5;

  /** Nobody claims twice on one epoch, and it has no more accounts. */
  private static final int EARLY_MAX = 100_000;

  private final Setup setup;
  private final ActorRef<LogMessage.Sealed> sealed;
  private final ActorRef<LogMessage.Cosigned> kept;
  private final ActorRef<AccountsMessage.Payouts> payouts;
  private final ActorRef<AnchorMessage.RowReply> rows;
  private final ActorRef<AccountsMessage.Answer> answers;
  private final Map<String, LedgerCommand> onceFinal = new HashMap<>();

  /** What moved on the chain and is not in the books yet; they have been asked for the first. */
  private final Deque<LedgerCommand> movements = new ArrayDeque<>();

  /** Claims on an epoch that pays on the chain and is open in the books: booked when it is not. */
  private final List<LedgerCommand> early = new ArrayList<>();

  /** The epoch that is open in the books; 0 for none, −1 while that is not known. */
  private long openEpoch = -1;

  /** The last call that funded an epoch and is final. One epoch is open at a time. */
  private String funded = "";

  /** The last checkpoint that was cosigned; nothing is anchored beyond. */
  private LogEvent.@Nullable CheckpointCosigned cosigned;

  /** Whether witnesses are being asked: about one checkpoint at a time, the newest. */
  private boolean collecting;

  private int intervalsUnanswered;
  private long nextBlock;
  private boolean reading;

  /** Whether the next payout epoch may be closed. */
  private boolean payoutDue = true;

  private Settlement(ActorContext<Message> context, Setup setup) {
    super(context);
    this.setup = setup;
    this.nextBlock = setup.fromBlock();
    this.sealed = context.messageAdapter(LogMessage.Sealed.class, Sealed::new);
    this.kept = context.messageAdapter(LogMessage.Cosigned.class, Kept::new);
    this.payouts = context.messageAdapter(AccountsMessage.Payouts.class, Payouts::new);
    this.rows = context.messageAdapter(AnchorMessage.RowReply.class, Row::new);
    this.answers = context.messageAdapter(AccountsMessage.Answer.class, Booked::new);
  }

  /** Starts to keep them in step. */
  public static Behavior<Message> create(Setup setup) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.INSTANCE, setup.interval());
                  timers.startTimerWithFixedDelay(PayoutDue.INSTANCE, setup.payoutInterval());
                  return new Settlement(context, setup);
                }));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Tick.class, _ -> look())
        .onMessage(PayoutDue.class, _ -> payoutDue())
        .onMessage(Sealed.class, this::anchor)
        .onMessage(Collected.class, this::collected)
        .onMessage(Kept.class, this::anchorCosigned)
        .onMessage(Payouts.class, this::payOut)
        .onMessage(Row.class, this::follow)
        .onMessage(Moved.class, this::book)
        .onMessage(Booked.class, this::booked)
        .build();
  }

  private Behavior<Message> payoutDue() {
    payoutDue = true;
    return this;
  }

  private Behavior<Message> look() {
    setup.log().tell(new LogMessage.Seal(sealed));
    setup.accounts().tell(new AccountsMessage.ShowPayouts(payouts));
    onceFinal.keySet().forEach(id -> setup.anchorer().tell(new AnchorMessage.ShowRow(id, rows)));
    if (!movements.isEmpty() && ++intervalsUnanswered >= INTERVALS_TO_ANSWER) {
      bookFirst();
    }
    if (!reading && movements.isEmpty()) {
      reading = true;
      getContext()
          .pipeToSelf(
              CompletableFuture.supplyAsync(this::read, setup.blocking()),
              (moved, _) -> moved == null ? new Moved(null) : moved);
    }
    return this;
  }

  private Moved read() {
    try {
      return new Moved(setup.chain().movements(nextBlock));
    } catch (IOException away) {
      return new Moved(null);
    }
  }

  private Behavior<Message> anchor(Sealed message) {
    LogEvent.CheckpointSealed checkpoint = message.reply().checkpoint();
    if (checkpoint == null) {
      return this;
    }
    if (setup.witnesses().quorum() == 0) {
      anchor(checkpoint.size(), checkpoint.rootHex());
      return this;
    }
    if (cosigned != null) {
      // Said again each time: whoever heard it may be gone, and the log may not grow for long.
      anchor(cosigned.size(), cosigned.rootHex());
    }
    if (!collecting && (cosigned == null || checkpoint.size() > cosigned.size())) {
      collecting = true;
      getContext()
          .pipeToSelf(
              CompletableFuture.supplyAsync(
                  () -> setup.witnesses().cosign(checkpoint).map(CheckpointNote::text).orElse(null),
                  setup.blocking()),
              (note, failure) -> {
                if (failure != null) {
                  getContext().getLog().warn("no witness was asked: {}", failure.toString());
                }
                return new Collected(checkpoint, note);
              });
    }
    return this;
  }

  /** Without enough cosignatures nothing happens: the next tick asks about a longer log. */
  private Behavior<Message> collected(Collected message) {
    collecting = false;
    String note = message.note();
    if (note != null) {
      var checkpoint = message.checkpoint();
      setup
          .log()
          .tell(
              new LogMessage.KeepCosigned(
                  new LogEvent.CheckpointCosigned(checkpoint.size(), checkpoint.rootHex(), note),
                  kept));
    }
    return this;
  }

  private Behavior<Message> anchorCosigned(Kept message) {
    var now = message.reply().cosigned();
    if (cosigned == null || now.size() > cosigned.size()) {
      cosigned = now;
    }
    anchor(now.size(), now.rootHex());
    return this;
  }

  private void anchor(long size, String rootHex) {
    setup.anchorer().tell(new AnchorMessage.PlanAnchor(size, rootHex));
  }

  private Behavior<Message> payOut(Payouts message) {
    AccountsMessage.Payouts now = message.reply();
    LedgerEvent.PayoutEpochClosed open = now.open();
    retire(now);
    seeOpen(open == null ? 0 : open.epoch());
    if (open != null) {
      publish(now, open);
    } else if (payoutDue) {
      payoutDue = false;
      setup.accounts().tell(new AccountsMessage.Do(close(), getContext().getSystem().ignoreRef()));
    }
    now.withdrawals().forEach(this::withdraw);
    return this;
  }

  /** What the books took back is said again until another epoch pays: whoever heard may be gone. */
  private void retire(AccountsMessage.Payouts now) {
    LedgerEvent.PayoutEpochReopened reopened = now.reopened();
    if (reopened != null && reopened.closed().epoch() > now.publishedEpoch()) {
      String publish = PUBLISH + reopened.closed().epoch();
      onceFinal.remove(publish);
      setup.anchorer().tell(new AnchorMessage.Retire(publish));
    }
  }

  private void seeOpen(long epoch) {
    if (epoch == openEpoch) {
      return;
    }
    openEpoch = epoch;
    boolean idle = movements.isEmpty();
    movements.addAll(early);
    early.clear();
    if (idle) {
      bookFirst();
    }
  }

  private LedgerCommand close() {
    Map<String, String> payees = new HashMap<>();
    setup.feePayees().get().forEach((part, payee) -> payees.put(part, payee.value()));
    String platform = payees.remove("platform");
    return new LedgerCommand.ClosePayoutEpoch(
        platform == null ? setup.platformPayee() : platform, payees);
  }

  private void publish(AccountsMessage.Payouts now, LedgerEvent.PayoutEpochClosed open) {
    String fund = FUND + open.epoch();
    String publish = PUBLISH + open.epoch();
    if (open.fundingNanoOpen() > 0 && !funded.equals(fund)) {
      plan(fund, new Intent.Fund(fund, open.fundingNanoOpen()));
      onceFinal.putIfAbsent(fund, new LedgerCommand.PublishPayoutEpoch(open.epoch(), ""));
    } else {
      long total = now.cumulative().values().stream().reduce(0L, Math::addExact);
      plan(
          publish,
          new Intent.PublishRoot(
              now.publishedEpoch(), open.epoch(), open.root().substring(2), total));
      onceFinal.putIfAbsent(publish, new LedgerCommand.PublishPayoutEpoch(open.epoch(), ""));
    }
  }

  private void withdraw(LedgerEvent.WithdrawalRequested asked) {
    plan(
        asked.withdrawalId(),
        new Intent.Withdraw(
            asked.withdrawalId(),
            new TenantId(asked.tenant()).account().hex(),
            asked.depositor(),
            asked.amountNanoOpen()));
    onceFinal.putIfAbsent(
        asked.withdrawalId(), new LedgerCommand.CompleteWithdrawal(asked.withdrawalId(), ""));
  }

  private void plan(String id, Intent intent) {
    setup.anchorer().tell(new AnchorMessage.Plan(id, intent));
  }

  /** A call that has become final brings about its entry in the books. */
  private Behavior<Message> follow(Row message) {
    AnchorMessage.RowReply reply = message.reply();
    if (reply.abandoned() != null) {
      return giveBack(reply.id(), reply.abandoned());
    }
    if (!reply.isFinal() || reply.row() == null) {
      return this;
    }
    LedgerCommand command = onceFinal.remove(reply.id());
    if (reply.row().intent() instanceof Intent.Fund) {
      funded = reply.id();
    } else if (command != null) {
      setup
          .accounts()
          .tell(
              new AccountsMessage.Do(
                  withHash(command, hash(reply)), getContext().getSystem().ignoreRef()));
    }
    return this;
  }

  /** The chain will never pay this out, and the outbox will never ask it to again. */
  private Behavior<Message> giveBack(String withdrawal, String reason) {
    if (onceFinal.remove(withdrawal) != null) {
      getContext().getLog().warn("{} goes back to the account: {}", withdrawal, reason);
      setup
          .accounts()
          .tell(
              new AccountsMessage.Do(
                  new LedgerCommand.ReturnWithdrawal(withdrawal, reason),
                  getContext().getSystem().ignoreRef()));
    }
    return this;
  }

  private static String hash(AnchorMessage.RowReply reply) {
    var row = reply.row();
    return row == null || row.attempts().isEmpty() ? "" : row.attempts().getLast().txHash();
  }

  private static LedgerCommand withHash(LedgerCommand command, String hash) {
    return switch (command) {
      case LedgerCommand.PublishPayoutEpoch(var epoch, _) ->
          new LedgerCommand.PublishPayoutEpoch(epoch, hash);
      case LedgerCommand.CompleteWithdrawal(var id, _) ->
          new LedgerCommand.CompleteWithdrawal(id, hash);
      default -> command;
    };
  }

  private Behavior<Message> book(Moved message) {
    reading = false;
    Chain.Movements moved = message.movements();
    if (moved != null) {
      movements.addAll(moved.commands());
      nextBlock = Math.max(nextBlock, moved.throughBlock() + 1);
    }
    bookFirst();
    return this;
  }

  /** One after the other, in the order of the chain. A repeat changes nothing in the books. */
  private void bookFirst() {
    LedgerCommand first = movements.peek();
    intervalsUnanswered = 0;
    if (first != null) {
      setup.accounts().tell(new AccountsMessage.Do(first, answers));
    }
  }

  private Behavior<Message> booked(Booked message) {
    LedgerCommand command = message.answer().command();
    LedgerRefusal refusal = message.answer().refusal();
    // What was asked twice is answered twice; and books that are busy are asked again.
    if (!command.equals(movements.peek())
        || (refusal != null && refusal.reason() == LedgerRefusal.Reason.TOO_MANY)) {
      return this;
    }
    if (refusal != null && isEarly(command, refusal)) {
      early.add(command);
    } else if (refusal != null) {
      getContext().getLog().warn("{} is not booked: {}", command, refusal.detail());
    }
    movements.remove();
    bookFirst();
    return this;
  }

  /** The chain pays by an epoch before the books hear that it does. */
  private boolean isEarly(LedgerCommand command, LedgerRefusal refusal) {
    return command instanceof LedgerCommand.Claim
        && refusal.reason() == LedgerRefusal.Reason.WRONG_STATE
        && openEpoch != 0
        && early.size() < EARLY_MAX;
  }
}
