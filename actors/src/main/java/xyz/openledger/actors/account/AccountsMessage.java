package xyz.openledger.actors.account;

import java.util.List;
import java.util.SortedMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.LedgerRefusal;
import xyz.openledger.chainanchor.accounts.PayeeBalance;
import xyz.openledger.chainanchor.accounts.RequesterBalance;

/** What {@link AccountsEntity} is told and asked. */
public sealed interface AccountsMessage extends MemberMessage {

  /** Decide this command and write down what comes of it. */
  record Do(LedgerCommand command, ActorRef<Answer> replyTo) implements AccountsMessage {}

  /**
   * What came of it, durable.
   *
   * @param event the first event of it, also for a repeat; null if refused
   */
  record Answer(LedgerCommand command, @Nullable LedgerEvent event, @Nullable LedgerRefusal refusal)
      implements MemberMessage {}

  /** Tell what a requester has. */
  record ShowRequester(String tenant, ActorRef<RequesterBalance> replyTo)
      implements AccountsMessage {}

  /** Tell what a payee has earned. */
  record ShowPayee(String payee, ActorRef<PayeeBalance> replyTo) implements AccountsMessage {}

  /** Tell where the payouts stand. */
  record ShowPayouts(ActorRef<Payouts> replyTo) implements AccountsMessage {}

  /**
   * The payout epochs.
   *
   * @param open closed and on its way to the chain, if any
   * @param published final on the chain, if any
   * @param cumulative all that was ever put into an epoch, by payee
   * @param reopened the last epoch that was taken back after the judge had rejected it, if any
   */
  record Payouts(
      LedgerEvent.@Nullable PayoutEpochClosed open,
      LedgerEvent.@Nullable PayoutEpochPublished published,
      SortedMap<String, Long> cumulative,
      List<LedgerEvent.WithdrawalRequested> withdrawals,
      LedgerEvent.@Nullable PayoutEpochReopened reopened)
      implements MemberMessage {
    /** No epoch was ever taken back. */
    public Payouts(
        LedgerEvent.@Nullable PayoutEpochClosed open,
        LedgerEvent.@Nullable PayoutEpochPublished published,
        SortedMap<String, Long> cumulative,
        List<LedgerEvent.WithdrawalRequested> withdrawals) {
      this(open, published, cumulative, withdrawals, null);
    }

    /** The number of the last epoch that pays; 0 before the first. */
    public long publishedEpoch() {
      return published == null ? 0 : published.epoch();
    }
  }

  /** Tell up to which number a source has acknowledged its holds. */
  record ShowAcknowledged(String source, ActorRef<AcknowledgedThrough> replyTo)
      implements AccountsMessage {}

  /** All up to that number, which included. */
  record AcknowledgedThrough(String source, long number) implements MemberMessage {}

  /** Check everything that must hold. */
  record Audit(ActorRef<Audited> replyTo) implements AccountsMessage {}

  /** What is wrong; nothing, if all is well. And all balances. */
  record Audited(List<String> findings, SortedMap<String, Long> balances)
      implements MemberMessage {}
}
