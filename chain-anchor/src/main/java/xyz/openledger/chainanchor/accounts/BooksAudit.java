package xyz.openledger.chainanchor.accounts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import xyz.openledger.protocol.FeeSplit;

/** Adds everything up again, and says what does not fit. */
final class BooksAudit {
  private final Books books;
  private final List<String> findings = new ArrayList<>();

  private BooksAudit(Books books) {
    this.books = books;
  }

  static List<String> findings(Books books) {
    var audit = new BooksAudit(books);
    audit.sumIsZero();
    audit.signs();
    audit.holdsFit();
    audit.withdrawalsFit();
    audit.epochFits();
    audit.payoutsFit();
    audit.dustFits();
    return List.copyOf(audit.findings);
  }

  private void sumIsZero() {
    long sum = books.balances.toMap().values().stream().mapToLong(v -> v).reduce(0, Math::addExact);
    expect("the sum over all accounts", 0, sum);
  }

  private void signs() {
    books
        .balances
        .toMap()
        .forEach(
            (account, amount) -> {
              if (account.kind().isChain() ? amount > 0 : amount < 0) {
                findings.add(account + " holds " + amount);
              }
            });
  }

  private void holdsFit() {
    var open = new HashMap<String, Long>();
    for (OpenHold hold : books.holds.toMap().values()) {
      open.merge(hold.tenant(), hold.amountNanoOpen(), Math::addExact);
    }
    compare(Account.Kind.REQUESTER_HELD, open, "open holds");
  }

  private void withdrawalsFit() {
    var pending = new HashMap<String, Long>();
    for (var asked : books.withdrawals.toMap().values()) {
      pending.merge(asked.tenant(), asked.amountNanoOpen(), Math::addExact);
    }
    compare(Account.Kind.REQUESTER_WITHDRAWING, pending, "pending withdrawals");
  }

  private void epochFits() {
    var open = new HashMap<String, Long>();
    if (books.openEpoch != null) {
      for (Payout payout : books.openEpoch.payouts()) {
        open.merge(payout.payee(), payout.amountNanoOpen(), Math::addExact);
      }
    }
    compare(Account.Kind.PUBLISHING, open, "the open epoch");
  }

  /** No payee was paid more on the chain than his cumulative payout says. */
  private void payoutsFit() {
    for (var entry : books.cumulative.toMap().entrySet()) {
      var payee = books.payee(entry.getKey());
      if (payee.claimedNanoOpen() < 0) {
        findings.add(
            "%s has %d in payouts, more than the cumulative %d"
                .formatted(
                    entry.getKey(),
                    payee.publishingNanoOpen() + payee.claimableNanoOpen(),
                    payee.cumulativeNanoOpen()));
      }
    }
    long claimable =
        books.balances.toMap().entrySet().stream()
            .filter(entry -> entry.getKey().kind() == Account.Kind.CLAIMABLE)
            .mapToLong(Map.Entry::getValue)
            .reduce(0, Math::addExact);
    expect(
        "what the distributor owes, and has from epochs that were taken back",
        claimable + books.coveredNanoOpen,
        -books.balance(Account.CHAIN_DISTRIBUTOR));
    if (books.coveredNanoOpen < 0) {
      findings.add("%d nano-OPEN were used twice".formatted(-books.coveredNanoOpen));
    }
  }

  /** What all accounts carry is the dust, in ten-thousandths. */
  private void dustFits() {
    long carried = 0;
    for (var entry : books.carries.toMap().entrySet()) {
      if (entry.getValue() < 0 || entry.getValue() >= FeeSplit.WHOLE) {
        findings.add(entry.getKey() + " carries " + entry.getValue());
      }
      carried += entry.getValue();
    }
    expect("what is carried", carried, FeeSplit.WHOLE * books.balance(Account.DUST));
  }

  private void compare(Account.Kind kind, Map<String, Long> expected, String source) {
    var actual = new HashMap<String, Long>();
    books
        .balances
        .toMap()
        .forEach(
            (account, amount) -> {
              if (account.kind() == kind) {
                actual.put(account.owner(), amount);
              }
            });
    var owners = new TreeSet<>(expected.keySet());
    owners.addAll(actual.keySet());
    for (String owner : owners) {
      expect(
          new Account(kind, owner) + " against " + source,
          Objects.requireNonNullElse(expected.get(owner), 0L),
          Objects.requireNonNullElse(actual.get(owner), 0L));
    }
  }

  private void expect(String what, long expected, long actual) {
    if (expected != actual) {
      findings.add("%s: expected %d, is %d".formatted(what, expected, actual));
    }
  }
}
