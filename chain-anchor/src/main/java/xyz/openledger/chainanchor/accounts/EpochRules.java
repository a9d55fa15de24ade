package xyz.openledger.chainanchor.accounts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import xyz.openledger.chainanchor.accounts.LedgerRefusal.Reason;
import xyz.openledger.chainanchor.payouts.PayoutTree;

/** Payout epochs: one at a time, closed over everything earned, then published. */
record EpochRules(Books books) {

  Decision closeEpoch(LedgerCommand.ClosePayoutEpoch command) {
    Refusing.address("platformPayee", command.platformPayee());
    if (books.openEpoch != null) {
      throw new Refusing(
          Reason.WRONG_STATE,
          "",
          "epoch %d is still being published".formatted(books.openEpoch.epoch()));
    }
    var earned = new TreeMap<String, Long>();
    for (var entry : books.balances.toMap().entrySet()) {
      if (entry.getKey().kind() == Account.Kind.EARNED) {
        earned.put(entry.getKey().owner(), entry.getValue());
      }
    }
    long fees = books.balance(Account.PLATFORM);
    if (fees > 0) {
      earned.merge(command.platformPayee(), fees, Math::addExact);
    }
    var shares = new ArrayList<SharePayout>();
    command
        .sharePayees()
        .forEach(
            (share, payee) -> {
              Refusing.address("sharePayees." + share, payee);
              long amount = books.balance(SharePayout.account(share));
              if (amount > 0) {
                shares.add(new SharePayout(share, payee, amount));
                earned.merge(payee, amount, Math::addExact);
              }
            });
    shares.sort(Comparator.comparing(SharePayout::share));
    if (earned.isEmpty()) {
      throw new Refusing(Reason.WRONG_STATE, "", "nothing was earned since the last epoch");
    }
    long total = earned.values().stream().reduce(0L, Math::addExact);
    long covered = Math.min(total, books.coveredNanoOpen);
    var payouts = new ArrayList<Payout>(earned.size());
    var cumulative = books.cumulativePayouts();
    earned.forEach(
        (payee, amount) -> {
          long ever = cumulative.merge(payee, amount, Math::addExact);
          payouts.add(new Payout(payee, amount, ever));
        });
    return new Decision.Accepted(
        List.of(
            new LedgerEvent.PayoutEpochClosed(
                nextNumber(),
                payouts,
                command.platformPayee(),
                fees,
                PayoutTree.of(cumulative).rootHex(),
                shares.isEmpty() ? null : shares,
                covered == 0 ? null : covered)));
  }

  /** The number of an epoch that was taken back is not used again: calls and roots bear it. */
  private long nextNumber() {
    long published = books.lastEpoch == null ? 0 : books.lastEpoch.epoch();
    long reopened = books.lastReopened == null ? 0 : books.lastReopened.closed().epoch();
    return Math.max(published, reopened) + 1;
  }

  Decision reopenEpoch(LedgerCommand.ReopenPayoutEpoch command) {
    Refusing.text("by", command.by(), LedgerCommand.ReopenPayoutEpoch.REASON_MAX);
    Refusing.text("reason", command.reason(), LedgerCommand.ReopenPayoutEpoch.REASON_MAX);
    var last = books.lastReopened;
    if (last != null && last.closed().epoch() == command.epoch()) {
      return new Decision.Repeated(last);
    }
    var open = books.openEpoch;
    if (open == null || open.epoch() != command.epoch()) {
      throw new Refusing(
          Reason.WRONG_STATE,
          "epoch",
          open == null
              ? "no epoch is being published"
              : "epoch %d is being published, not %d".formatted(open.epoch(), command.epoch()));
    }
    return new Decision.Accepted(
        List.of(new LedgerEvent.PayoutEpochReopened(open, command.by(), command.reason())));
  }

  Decision publishEpoch(LedgerCommand.PublishPayoutEpoch command) {
    var open = books.openEpoch;
    if (open != null && open.epoch() == command.epoch()) {
      return new Decision.Accepted(
          List.of(
              new LedgerEvent.PayoutEpochPublished(
                  open.epoch(),
                  open.payouts(),
                  command.transactionHash(),
                  open.coveredNanoOpen())));
    }
    var last = books.lastEpoch;
    if (last != null && last.epoch() == command.epoch()) {
      return new Decision.Repeated(last);
    }
    boolean past = last != null && command.epoch() < last.epoch();
    throw new Refusing(
        past ? Reason.FINISHED : Reason.UNKNOWN,
        "epoch",
        "epoch %d is %s".formatted(command.epoch(), past ? "long published" : "not closed"));
  }
}
