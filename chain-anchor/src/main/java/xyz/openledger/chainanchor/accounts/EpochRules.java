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
    var payouts = new ArrayList<Payout>(earned.size());
    var cumulative = books.cumulativePayouts();
    earned.forEach(
        (payee, amount) -> {
          long total = cumulative.merge(payee, amount, Math::addExact);
          payouts.add(new Payout(payee, amount, total));
        });
    return new Decision.Accepted(
        List.of(
            new LedgerEvent.PayoutEpochClosed(
                books.lastEpoch == null ? 1 : books.lastEpoch.epoch() + 1,
                payouts,
                command.platformPayee(),
                fees,
                PayoutTree.of(cumulative).rootHex(),
                shares.isEmpty() ? null : shares)));
  }

  Decision publishEpoch(LedgerCommand.PublishPayoutEpoch command) {
    var open = books.openEpoch;
    if (open != null && open.epoch() == command.epoch()) {
      return new Decision.Accepted(
          List.of(
              new LedgerEvent.PayoutEpochPublished(
                  open.epoch(), open.payouts(), command.transactionHash())));
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
