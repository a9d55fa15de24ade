package xyz.openledger.chainanchor.accounts;

import java.util.Objects;

/** What the books remember of each event besides the balances, and which events cannot follow. */
final class Applying {
  private Applying() {}

  /** Throws if the event cannot follow what was booked so far. */
  static void check(Books books, LedgerEvent event) {
    boolean follows =
        switch (event) {
          case LedgerEvent.Deposited e -> books.chainLogs.first(e.escrow(), e.logId()) == null;
          case LedgerEvent.Held e ->
              !books.holds.contains(e.jobId())
                  && !books.finishedHolds.contains(e.jobId())
                  && !books.watermark(e.source()).contains(e.number());
          case LedgerEvent.Settled e ->
              holds(books, e.jobId(), e.tenant(), e.heldNanoOpen()) && splits(books, e);
          case LedgerEvent.Released e -> holds(books, e.jobId(), e.tenant(), e.amountNanoOpen());
          case LedgerEvent.Acknowledged e ->
              e.numbers().stream()
                  .map(number -> books.jobs.get(new Origin(e.source(), number)))
                  .noneMatch(job -> job != null && books.holds.contains(job));
          case LedgerEvent.WithdrawalRequested e -> !books.withdrawals.contains(e.withdrawalId());
          case LedgerEvent.WithdrawalCompleted e ->
              withdraws(books, e.withdrawalId(), e.amountNanoOpen());
          case LedgerEvent.WithdrawalReturned e ->
              withdraws(books, e.withdrawalId(), e.amountNanoOpen());
          case LedgerEvent.PayoutEpochClosed e ->
              books.openEpoch == null
                  && e.totalNanoOpen() - e.fundingNanoOpen()
                      == Math.min(e.totalNanoOpen(), books.coveredNanoOpen)
                  && e.payouts().stream()
                      .allMatch(
                          payout ->
                              books.cumulative(payout.payee()) + payout.amountNanoOpen()
                                  == payout.cumulativeNanoOpen());
          case LedgerEvent.PayoutEpochPublished e ->
              books
                  .openEpoch()
                  .filter(open -> open.epoch() == e.epoch() && open.payouts().equals(e.payouts()))
                  .filter(open -> Objects.equals(open.coveredNanoOpen(), e.coveredNanoOpen()))
                  .isPresent();
          case LedgerEvent.PayoutEpochReopened e -> e.closed().equals(books.openEpoch);
          case LedgerEvent.Claimed e -> books.chainLogs.first(e.distributor(), e.logId()) == null;
        };
    if (!follows) {
      throw new IllegalStateException(event + " cannot follow what was booked so far");
    }
  }

  private static boolean holds(Books books, String jobId, String tenant, long amountNanoOpen) {
    OpenHold hold = books.holds.get(jobId);
    return hold != null && hold.tenant().equals(tenant) && hold.amountNanoOpen() == amountNanoOpen;
  }

  /** The shares are those that the prices and the carries come to, to the unit. */
  private static boolean splits(Books books, LedgerEvent.Settled event) {
    FeeShares shares = event.shares();
    if (shares == null) {
      return true;
    }
    var parts = Splitting.of(event, shares, books::carry);
    return parts.shares().equals(shares) && parts.payments().equals(event.payments());
  }

  private static boolean withdraws(Books books, String withdrawalId, long amountNanoOpen) {
    var asked = books.withdrawals.get(withdrawalId);
    return asked != null && asked.amountNanoOpen() == amountNanoOpen;
  }

  /** Remembers what later commands must be judged by. */
  static void remember(Books books, LedgerEvent event) {
    switch (event) {
      case LedgerEvent.Deposited e -> {
        books.chainLogs.add(e.escrow(), e.logId(), e.blockNumber(), e);
        books.addReturnable(e.tenant(), e.depositor(), e.amountNanoOpen());
      }
      case LedgerEvent.Held e -> {
        var origin = new Origin(e.source(), e.number());
        books.holds.put(e.jobId(), new OpenHold(e.jobId(), e.tenant(), e.amountNanoOpen(), origin));
        books.jobs.put(origin, e.jobId());
      }
      case LedgerEvent.Settled e -> {
        FeeShares shares = e.shares();
        if (shares != null) {
          Splitting.of(e, shares, books::carry).carries().forEach(books::carry);
        }
        finish(books, e.jobId(), e);
      }
      case LedgerEvent.Released e -> finish(books, e.jobId(), e);
      case LedgerEvent.Acknowledged e -> acknowledge(books, e);
      case LedgerEvent.WithdrawalRequested e -> {
        books.withdrawals.put(e.withdrawalId(), e);
        books.addReturnable(e.tenant(), e.depositor(), -e.amountNanoOpen());
      }
      case LedgerEvent.WithdrawalCompleted e -> {
        books.withdrawals.remove(e.withdrawalId());
        books.finishedWithdrawals.add(e.withdrawalId(), e);
      }
      case LedgerEvent.WithdrawalReturned e -> {
        books.addReturnable(e.tenant(), e.depositor(), e.amountNanoOpen());
        books.withdrawals.remove(e.withdrawalId());
        books.finishedWithdrawals.add(e.withdrawalId(), e);
      }
      case LedgerEvent.PayoutEpochClosed e -> {
        books.openEpoch = e;
        e.payouts()
            .forEach(payout -> books.cumulative.put(payout.payee(), payout.cumulativeNanoOpen()));
      }
      case LedgerEvent.PayoutEpochPublished e -> {
        books.openEpoch = null;
        books.lastEpoch = e;
        books.coveredNanoOpen -= Payout.total(e.payouts()) - e.fundingNanoOpen();
      }
      case LedgerEvent.PayoutEpochReopened e -> reopen(books, e);
      case LedgerEvent.Claimed e ->
          books.chainLogs.add(e.distributor(), e.logId(), e.blockNumber(), e);
    }
  }

  private static void reopen(Books books, LedgerEvent.PayoutEpochReopened event) {
    books.openEpoch = null;
    books.lastReopened = event;
    books.coveredNanoOpen = Math.addExact(books.coveredNanoOpen, event.closed().fundingNanoOpen());
    for (Payout payout : event.closed().payouts()) {
      long before = payout.cumulativeNanoOpen() - payout.amountNanoOpen();
      if (before == 0) {
        books.cumulative.remove(payout.payee());
      } else {
        books.cumulative.put(payout.payee(), before);
      }
    }
  }

  private static void finish(Books books, String jobId, LedgerEvent outcome) {
    OpenHold hold = Objects.requireNonNull(books.holds.get(jobId));
    books.holds.remove(jobId);
    books.finishedHolds.put(jobId, new FinishedHold(hold, outcome));
  }

  private static void acknowledge(Books books, LedgerEvent.Acknowledged event) {
    for (long number : event.numbers()) {
      var origin = new Origin(event.source(), number);
      String job = books.jobs.get(origin);
      if (job != null) {
        books.jobs.remove(origin);
        books.finishedHolds.remove(job);
      }
    }
    books.watermarks.put(event.source(), books.watermark(event.source()).with(event.numbers()));
  }
}
