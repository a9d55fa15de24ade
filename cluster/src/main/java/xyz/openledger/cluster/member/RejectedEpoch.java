package xyz.openledger.cluster.member;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.anchor.AnchorMessage;
import xyz.openledger.actors.anchor.Settlement;
import xyz.openledger.actors.member.Member;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.evm.EpochsOnChain;
import xyz.openledger.chainanchor.outbox.OutboxRow;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.ReopenedEpoch;

/**
 * Takes a payout epoch back in the books, once the final chain shows that the judge rejected it and
 * the outbox will not send it again.
 *
 * <pre>
 *   books: epoch open ─▶ outbox: its call conflicts ─▶ chain: rejected, final ─▶ books: reopened
 * </pre>
 *
 * One event in the journal is the whole change. What follows from it (the call is given up, the
 * next epoch closes) the settlement brings about, however often a member stops in between.
 */
final class RejectedEpoch {
  private final Member member;
  private final Ask ask;
  private final EpochsOnChain chain;
  private final Executor blocking;

  RejectedEpoch(Member member, EpochsOnChain chain, Executor blocking) {
    this.member = member;
    this.ask = new Ask(member.system());
    this.chain = chain;
    this.blocking = blocking;
  }

  CompletionStage<ReopenedEpoch> reopen(long epoch, String by, String reason) {
    return ask.<AccountsMessage, AccountsMessage.Payouts>of(
            member.accounts(), AccountsMessage.ShowPayouts::new)
        .thenCompose(
            now -> {
              LedgerEvent.PayoutEpochClosed open = now.open();
              return open == null || open.epoch() != epoch
                  ? decided(epoch, by, reason)
                  : stopped(open).thenCompose(_ -> decided(epoch, by, reason));
            });
  }

  /** Nothing is taken back that might still be paid. */
  private CompletionStage<Void> stopped(LedgerEvent.PayoutEpochClosed open) {
    String publish = Settlement.PUBLISH + open.epoch();
    ActorRef<AnchorMessage> anchorer = member.anchorer();
    if (anchorer == null) {
      throw new ProblemException(Problem.CHAIN_UNAVAILABLE, "", "this member runs without a chain");
    }
    return ask.<AnchorMessage, AnchorMessage.RowReply>of(
            anchorer, replyTo -> new AnchorMessage.ShowRow(publish, replyTo))
        .thenAcceptAsync(
            reply -> {
              refuse(unfinished(reply.row()));
              refuse(objection(open));
            },
            blocking);
  }

  private static Optional<String> unfinished(@Nullable OutboxRow row) {
    return row != null && row.state() == OutboxRow.State.CONFLICTED
        ? Optional.empty()
        : Optional.of(
            "the member has not seen its rejection in the final chain yet: its call is "
                + (row == null ? "not planned" : row.state().name().toLowerCase(Locale.ROOT)));
  }

  private Optional<String> objection(LedgerEvent.PayoutEpochClosed open) {
    try {
      return chain.objection(
          open.epoch(),
          Digest.parse("sha256:" + open.root().substring(2)),
          open.fundingNanoOpen() == 0 ? null : Settlement.FUND + open.epoch());
    } catch (IOException away) {
      throw new ProblemException(Problem.CHAIN_UNAVAILABLE, "", String.valueOf(away.getMessage()));
    }
  }

  private static void refuse(Optional<String> why) {
    why.ifPresent(
        detail -> {
          throw new ProblemException(Problem.WRONG_STATE, "epoch", detail);
        });
  }

  private CompletionStage<ReopenedEpoch> decided(long epoch, String by, String reason) {
    return ask.<AccountsMessage, AccountsMessage.Answer>of(
            member.accounts(),
            replyTo ->
                new AccountsMessage.Do(
                    new LedgerCommand.ReopenPayoutEpoch(epoch, by, reason), replyTo))
        .thenApply(
            answer -> {
              var refusal = answer.refusal();
              if (refusal != null) {
                throw new ProblemException(
                    refusal.reason().problem(), refusal.field(), refusal.detail());
              }
              return shown((LedgerEvent.PayoutEpochReopened) answer.event());
            });
  }

  private static ReopenedEpoch shown(LedgerEvent.@Nullable PayoutEpochReopened reopened) {
    if (reopened == null) {
      throw new IllegalStateException("the books answered without an event");
    }
    LedgerEvent.PayoutEpochClosed epoch = reopened.closed();
    return new ReopenedEpoch(
        epoch.epoch(),
        epoch.root(),
        epoch.totalNanoOpen(),
        epoch.fundingNanoOpen(),
        reopened.by(),
        reopened.reason());
  }
}
