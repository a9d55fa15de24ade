package xyz.openledger.chainanchor.accounts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one place for money. {@link #decide} says what a command would do and changes nothing; {@link
 * #apply} does what an event says. The caller writes the events down in between, and applies them
 * in that order.
 *
 * <pre>
 *   chain-escrow ──deposit──▶ available ──hold──▶ held ──settle──▶ earned, platform
 *        ▲                       ▲  │               └───refund──▶ available
 *        ├──── withdrawing ◀─────┼──┘
 *        │          └──returned──┘
 *        └─ chain-distributor ◀──claim── claimable ◀──published── publishing ◀──epoch── earned, platform
 *                                                                     └── rejected, reopened ──▶
 * </pre>
 *
 * <p>Every posting is a {@link Transfer}, so the sum over all accounts is zero at every moment; the
 * chain accounts hold minus what the contracts hold. No other account falls below zero. {@link
 * #audit} checks this and what follows from it.
 *
 * <p>Each payment happens once. Nothing is paid without an open hold, a settlement closes the hold,
 * and an {@link Origin} is opened once. What is kept of finished jobs is bounded: see {@link
 * Origin}.
 *
 * <p>Not thread-safe.
 */
public final class Books {
  /** The most charges and withholdings in one settlement. */
  public static final int CHARGES_MAX = 10_000;

  /**
   * The most holds open at once, and the most finished ones waiting for their origin's
   * acknowledgement.
   */
  public static final int HOLDS_MAX = 1_000_000;

  /** All OPEN there is, in nano-OPEN. */
  public static final long SUPPLY_NANO_OPEN = 1_000_000_000L * 1_000_000_000L;

  /** The most withdrawals of one tenant that are on their way. */
  static final int WITHDRAWALS_OF_TENANT_MAX = 16;

  /** The most withdrawals of all. */
  static final int WITHDRAWALS_MAX = 256;

  final Table<Account, Long> balances;
  final Table<String, OpenHold> holds;
  final Table<String, FinishedHold> finishedHolds;
  final Table<Origin, String> jobs;
  final Table<String, Watermark> watermarks;
  final ChainLogs chainLogs;
  final Table<String, LedgerEvent.WithdrawalRequested> withdrawals;
  final RecentEvents finishedWithdrawals;
  final Table<String, Long> cumulative;

  /** In ten-thousandths of a nano-OPEN: what the next split of a price adds to an account. */
  final Table<Account, Integer> carries;

  /**
   * By tenant and depositor: what he brought and has not taken back; requested withdrawals count as
   * taken.
   */
  final Table<String, Long> returnable;

  LedgerEvent.@Nullable PayoutEpochClosed openEpoch;
  LedgerEvent.@Nullable PayoutEpochPublished lastEpoch;
  LedgerEvent.@Nullable PayoutEpochReopened lastReopened;

  /** What the distributor has beyond what can be claimed: the funding of epochs taken back. */
  long coveredNanoOpen;

  /** Empty books. */
  public Books() {
    balances = new Table<>();
    holds = new Table<>();
    finishedHolds = new Table<>();
    jobs = new Table<>();
    watermarks = new Table<>();
    chainLogs = new ChainLogs();
    withdrawals = new Table<>();
    finishedWithdrawals = new RecentEvents();
    cumulative = new Table<>();
    carries = new Table<>();
    returnable = new Table<>();
  }

  private Books(Books below) {
    balances = below.balances.fork();
    holds = below.holds.fork();
    finishedHolds = below.finishedHolds.fork();
    jobs = below.jobs.fork();
    watermarks = below.watermarks.fork();
    chainLogs = below.chainLogs.fork();
    withdrawals = below.withdrawals.fork();
    finishedWithdrawals = below.finishedWithdrawals.fork();
    cumulative = below.cumulative.fork();
    carries = below.carries.fork();
    returnable = below.returnable.fork();
    openEpoch = below.openEpoch;
    lastEpoch = below.lastEpoch;
    lastReopened = below.lastReopened;
    coveredNanoOpen = below.coveredNanoOpen;
  }

  /** Books as they were when the snapshot was taken. */
  public static Books of(BooksSnapshot snapshot) {
    return Snapshots.restore(snapshot);
  }

  /** What a command would do now. Changes nothing. */
  public Decision decide(LedgerCommand command) {
    try {
      return switch (command) {
        case LedgerCommand.Hold hold -> new HoldRules(this).hold(hold);
        case LedgerCommand.Settle settle -> new HoldRules(this).settle(settle);
        case LedgerCommand.Release release -> new HoldRules(this).release(release);
        case LedgerCommand.Acknowledge done -> new HoldRules(this).acknowledge(done);
        case LedgerCommand.Deposit deposit -> new ChainRules(this).deposit(deposit);
        case LedgerCommand.Claim claim -> new ChainRules(this).claim(claim);
        case LedgerCommand.RequestWithdrawal asked -> new ChainRules(this).requestWithdrawal(asked);
        case LedgerCommand.CompleteWithdrawal done -> new ChainRules(this).completeWithdrawal(done);
        case LedgerCommand.ReturnWithdrawal failed -> new ChainRules(this).returnWithdrawal(failed);
        case LedgerCommand.ClosePayoutEpoch close -> new EpochRules(this).closeEpoch(close);
        case LedgerCommand.PublishPayoutEpoch done -> new EpochRules(this).publishEpoch(done);
        case LedgerCommand.ReopenPayoutEpoch asked -> new EpochRules(this).reopenEpoch(asked);
      };
    } catch (Refusing refusing) {
      return new Decision.Refused(refusing.refusal());
    }
  }

  /**
   * What a batch of commands would do, each seeing what those before it did. Changes nothing; write
   * down the events of all the decisions at once, then apply them in order.
   */
  public List<Decision> decideAll(List<LedgerCommand> commands) {
    var trial = new Books(this);
    var decisions = new ArrayList<Decision>(commands.size());
    for (LedgerCommand command : commands) {
      var decision = trial.decide(command);
      decision.newEvents().forEach(trial::apply);
      decisions.add(decision);
    }
    return decisions;
  }

  /**
   * Books an event.
   *
   * @throws IllegalStateException if it cannot follow what was booked so far; nothing is changed
   *     then
   */
  public void apply(LedgerEvent event) {
    var transfers = Postings.of(event);
    Applying.check(this, event);
    post(event, transfers);
    Applying.remember(this, event);
  }

  /** What is in an account. */
  public long balance(Account account) {
    return Objects.requireNonNullElse(balances.get(account), 0L);
  }

  /** All accounts that are not empty. */
  public SortedMap<Account, Long> balances() {
    return new TreeMap<>(balances.toMap());
  }

  /** What a requester sees of his account; zeroes for one who never deposited. */
  public RequesterBalance requester(String tenant) {
    return new RequesterBalance(
        balance(Account.available(tenant)),
        balance(Account.held(tenant)),
        balance(Account.withdrawing(tenant)));
  }

  /** What a payee, a lower-case {@code 0x} address, sees of his earnings. */
  public PayeeBalance payee(String payee) {
    return new PayeeBalance(
        balance(Account.earned(payee)),
        balance(Account.publishing(payee)),
        balance(Account.claimable(payee)),
        cumulative(payee));
  }

  /** What is held for a job, if it is open. */
  public Optional<OpenHold> hold(String jobId) {
    return Optional.ofNullable(holds.get(jobId));
  }

  /** Up to which number all holds of a source are over and acknowledged. */
  public long acknowledgedThrough(String source) {
    return watermark(source).through();
  }

  /** The payout epoch that is being published, if any. */
  public Optional<LedgerEvent.PayoutEpochClosed> openEpoch() {
    return Optional.ofNullable(openEpoch);
  }

  /** The last epoch that was published, if any. */
  public Optional<LedgerEvent.PayoutEpochPublished> lastEpoch() {
    return Optional.ofNullable(lastEpoch);
  }

  /** The last epoch that was taken back after the judge had rejected it, if any. */
  public Optional<LedgerEvent.PayoutEpochReopened> lastReopened() {
    return Optional.ofNullable(lastReopened);
  }

  /** All that was ever put into payout epochs, by payee: the leaves of the payout tree. */
  public SortedMap<String, Long> cumulativePayouts() {
    return new TreeMap<>(cumulative.toMap());
  }

  /** Withdrawals on their way. */
  public List<LedgerEvent.WithdrawalRequested> pendingWithdrawals() {
    return List.copyOf(withdrawals.toMap().values());
  }

  /** Checks everything that must hold; no findings, no fault. Walks all accounts. */
  public List<String> audit() {
    return BooksAudit.findings(this);
  }

  /** All of it, for storing. */
  public BooksSnapshot snapshot() {
    return Snapshots.take(this);
  }

  void carry(Account account, int carried) {
    if (carried == 0) {
      carries.remove(account);
    } else {
      carries.put(account, carried);
    }
  }

  int carry(Account account) {
    return Objects.requireNonNullElse(carries.get(account), 0);
  }

  long cumulative(String payee) {
    return Objects.requireNonNullElse(cumulative.get(payee), 0L);
  }

  /** What a depositor brought to a tenant's account and has not taken back. */
  public long returnable(String tenant, String depositor) {
    return Objects.requireNonNullElse(returnable.get(tenant + "/" + depositor), 0L);
  }

  void addReturnable(String tenant, String depositor, long amountNanoOpen) {
    long sum = Math.addExact(returnable(tenant, depositor), amountNanoOpen);
    returnable.put(tenant + "/" + depositor, sum);
  }

  Watermark watermark(String source) {
    return Objects.requireNonNullElse(watermarks.get(source), Watermark.ZERO);
  }

  /** Posts all transfers of an event, or none. */
  private void post(LedgerEvent event, List<Transfer> transfers) {
    Map<Account, Long> changed = new HashMap<>();
    for (Transfer transfer : transfers) {
      long debit = changed.computeIfAbsent(transfer.debit(), this::balance);
      changed.put(transfer.debit(), Math.subtractExact(debit, transfer.amountNanoOpen()));
      long credit = changed.computeIfAbsent(transfer.credit(), this::balance);
      changed.put(transfer.credit(), Math.addExact(credit, transfer.amountNanoOpen()));
    }
    changed.forEach(
        (account, balance) -> {
          if (account.kind().isChain() ? balance > 0 : balance < 0) {
            throw new IllegalStateException(
                "%s would leave %s at %d".formatted(event, account, balance));
          }
        });
    changed.forEach(
        (account, balance) -> {
          if (balance == 0) {
            balances.remove(account);
          } else {
            balances.put(account, balance);
          }
        });
  }
}
