package xyz.openledger.chainanchor.accounts;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Books to plain records and back. */
final class Snapshots {
  private Snapshots() {}

  static BooksSnapshot take(Books books) {
    var balances = new TreeMap<String, Long>();
    books.balances.toMap().forEach((account, amount) -> balances.put(account.toString(), amount));
    var carries = new TreeMap<String, Integer>();
    books.carries.toMap().forEach((account, carried) -> carries.put(account.toString(), carried));
    var watermarks = new TreeMap<String, BooksSnapshot.WatermarkSnapshot>();
    books
        .watermarks
        .toMap()
        .forEach(
            (source, mark) ->
                watermarks.put(
                    source,
                    new BooksSnapshot.WatermarkSnapshot(mark.through(), words(mark.above()))));
    return new BooksSnapshot(
        balances,
        books.holds.toMap().values().stream()
            .sorted(Comparator.comparing(OpenHold::jobId))
            .toList(),
        books.finishedHolds.toMap().values().stream()
            .sorted(Comparator.comparing(finished -> finished.hold().jobId()))
            .toList(),
        watermarks,
        books.chainLogs.events(),
        books.chainLogs.heights(),
        books.withdrawals.toMap().values().stream()
            .sorted(Comparator.comparing(LedgerEvent.WithdrawalRequested::withdrawalId))
            .toList(),
        books.finishedWithdrawals.events(),
        books.cumulativePayouts(),
        new TreeMap<>(books.returnable.toMap()),
        books.openEpoch,
        books.lastEpoch,
        carries.isEmpty() ? null : carries,
        books.lastReopened,
        books.coveredNanoOpen == 0 ? null : (Long) books.coveredNanoOpen,
        books.chainLogs.depositsFrom());
  }

  static Books restore(BooksSnapshot snapshot) {
    var books = new Books();
    snapshot
        .balances()
        .forEach((account, amount) -> books.balances.put(Account.parse(account), amount));
    for (OpenHold hold : snapshot.holds()) {
      books.holds.put(hold.jobId(), hold);
      books.jobs.put(hold.origin(), hold.jobId());
    }
    for (FinishedHold finished : snapshot.finishedHolds()) {
      books.finishedHolds.put(finished.hold().jobId(), finished);
      books.jobs.put(finished.hold().origin(), finished.hold().jobId());
    }
    snapshot
        .watermarks()
        .forEach(
            (source, mark) ->
                books.watermarks.put(
                    source, new Watermark(mark.through(), bits(mark.wordsAbove()))));
    restoreLogs(books, snapshot);
    snapshot.withdrawals().forEach(asked -> books.withdrawals.put(asked.withdrawalId(), asked));
    for (LedgerEvent over : snapshot.finishedWithdrawals()) {
      if (over instanceof LedgerEvent.WithdrawalCompleted e) {
        books.finishedWithdrawals.add(e.withdrawalId(), e);
      } else if (over instanceof LedgerEvent.WithdrawalReturned e) {
        books.finishedWithdrawals.add(e.withdrawalId(), e);
      }
    }
    snapshot.cumulative().forEach(books.cumulative::put);
    snapshot.returnable().forEach(books.returnable::put);
    books.openEpoch = snapshot.openEpoch();
    books.lastEpoch = snapshot.lastEpoch();
    books.lastReopened = snapshot.lastReopened();
    Long covered = snapshot.coveredNanoOpen();
    books.coveredNanoOpen = covered == null ? 0 : covered;
    if (snapshot.carries() != null) {
      snapshot
          .carries()
          .forEach((account, carried) -> books.carry(Account.parse(account), carried));
    }
    return books;
  }

  private static List<Long> words(BitSet bits) {
    return Arrays.stream(bits.toLongArray()).boxed().toList();
  }

  private static BitSet bits(List<Long> words) {
    return BitSet.valueOf(words.stream().mapToLong(word -> word).toArray());
  }

  private static void restoreLogs(Books books, BooksSnapshot snapshot) {
    for (LedgerEvent booked : snapshot.chainLogs()) {
      if (booked instanceof LedgerEvent.Deposited e) {
        books.chainLogs.add(e.escrow(), e.logId(), e.blockNumber(), e);
      } else if (booked instanceof LedgerEvent.Claimed e) {
        books.chainLogs.add(e.distributor(), e.logId(), e.blockNumber(), e);
      }
    }
    books.chainLogs.restore(snapshot.chainHeights(), snapshot.depositsFrom());
  }
}
