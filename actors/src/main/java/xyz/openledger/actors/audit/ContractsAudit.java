package xyz.openledger.actors.audit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import xyz.openledger.chainanchor.accounts.Account;
import xyz.openledger.chainanchor.accounts.Books;
import xyz.openledger.chainanchor.accounts.ChainMoney;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.protocol.TenantId;

/**
 * Compares what the books say the contracts hold with what moved through them. Anyone may send
 * coins to a contract, deposit for an account that these books do not keep, or claim for another:
 * that is told apart and said, and is nothing wrong.
 *
 * <p>The books hear of a thing once it is final, so the contracts may be ahead of them by what was
 * on its way when the member stopped, and by no more.
 */
final class ContractsAudit {
  private final Set<String> booked = new HashSet<>();
  private final Map<String, String> tenants = new HashMap<>();
  private long withdrawn;
  private long withdrawing;
  private long lastBlock;

  /** Takes in an event of the books. */
  void ledger(LedgerEvent event) {
    switch (event) {
      case LedgerEvent.Deposited each -> {
        booked.add(each.logId());
        tenants.put(new TenantId(each.tenant()).account().hex(), each.tenant());
        lastBlock = Math.max(lastBlock, each.blockNumber());
      }
      case LedgerEvent.Claimed each -> {
        booked.add(each.logId());
        lastBlock = Math.max(lastBlock, each.blockNumber());
      }
      case LedgerEvent.WithdrawalRequested each -> withdrawing += each.amountNanoOpen();
      case LedgerEvent.WithdrawalReturned each -> withdrawing -= each.amountNanoOpen();
      case LedgerEvent.WithdrawalCompleted each -> {
        withdrawing -= each.amountNanoOpen();
        withdrawn += each.amountNanoOpen();
      }
      default -> {
        // Moves nothing in a contract, or is seen in the books' balances.
      }
    }
  }

  /** Adds what was compared to {@code lines}, and what is wrong to {@code findings}. */
  void compare(Books books, ChainMoney chain, List<String> lines, List<String> findings) {
    // An epoch that is being published may have been funded already.
    long funding = books.openEpoch().map(LedgerEvent.PayoutEpochClosed::fundingNanoOpen).orElse(0L);
    var deposits = unbooked(chain.deposits());
    long foreign = sum(deposits, log -> !tenants.containsKey(log.account()));
    long unread = sum(deposits, log -> tenants.containsKey(log.account()));
    long returning = Math.clamp(chain.withdrawn() - withdrawn, 0, withdrawing);
    long claiming = sum(unbooked(chain.claims()), _ -> true);
    new Holding("escrow", chain.escrow(), chain.escrowBalance())
        .compare(
            -books.balance(Account.CHAIN_ESCROW),
            foreign + unread - returning,
            -funding,
            lines,
            findings);
    new Holding("distributor", chain.distributor(), chain.distributorBalance())
        .compare(-books.balance(Account.CHAIN_DISTRIBUTOR), -claiming, funding, lines, findings);
    say(lines, foreign, "were deposited for accounts that are not of these books");
    say(lines, unread, "were deposited, and wait for the member to read them");
    say(lines, returning, "were withdrawn, of which the member has not heard yet");
    say(lines, claiming, "were claimed, of which the member has not heard yet");
    for (ChainMoney.Moved log : deposits) {
      if (tenants.containsKey(log.account()) && log.block() < lastBlock) {
        findings.add(
            "chain: the deposit %s of %d nano-OPEN for %s in block %d is not in the books, which know of block %d"
                .formatted(
                    log.logId(),
                    log.nanoOpen(),
                    tenants.get(log.account()),
                    log.block(),
                    lastBlock));
      }
    }
  }

  private List<ChainMoney.Moved> unbooked(List<ChainMoney.Moved> logs) {
    return logs.stream().filter(log -> !booked.contains(log.logId())).toList();
  }

  private static long sum(List<ChainMoney.Moved> logs, Predicate<ChainMoney.Moved> which) {
    return logs.stream().filter(which).mapToLong(ChainMoney.Moved::nanoOpen).sum();
  }

  private static void say(List<String> lines, long nanoOpen, String what) {
    if (nanoOpen != 0) {
      lines.add("chain: %d nano-OPEN %s".formatted(nanoOpen, what));
    }
  }

  /**
   * What a contract holds.
   *
   * @param held by what went through its doors
   * @param balance of the token, with what was sent past them
   */
  private record Holding(String contract, long held, long balance) {
    void compare(
        long booked, long apart, long inFlight, List<String> lines, List<String> findings) {
      if (held == booked + apart || held == booked + apart + inFlight) {
        long beside = held - booked;
        lines.add(
            beside == 0
                ? "chain: the %s holds %d nano-OPEN, as the books say".formatted(contract, held)
                : "chain: the %s holds %d nano-OPEN, as the books say with %d that they have not booked"
                    .formatted(contract, held, beside));
      } else {
        findings.add(
            "chain: the %s holds %d nano-OPEN, the books say %d (%d in flight, %d not of the books)"
                .formatted(contract, held, booked, inFlight, apart));
      }
      if (balance < held) {
        findings.add(
            "chain: the %s should hold %d nano-OPEN and has %d".formatted(contract, held, balance));
      }
      say(lines, Math.max(0, balance - held), "were sent to the " + contract + " past its doors");
    }
  }
}
