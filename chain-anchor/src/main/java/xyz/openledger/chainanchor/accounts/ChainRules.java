package xyz.openledger.chainanchor.accounts;

import java.util.List;
import xyz.openledger.chainanchor.accounts.LedgerRefusal.Reason;

/**
 * What comes from the chain and goes to it: deposits and claims, once per log; withdrawals, once
 * per id.
 */
record ChainRules(Books books) {

  Decision deposit(LedgerCommand.Deposit command) {
    Refusing.id("tenant", command.tenant());
    Refusing.address("depositor", command.depositor());
    Refusing.id("logId", command.logId());
    Refusing.amount("amountNanoOpen", command.amountNanoOpen());
    var event =
        new LedgerEvent.Deposited(
            command.tenant(),
            command.depositor(),
            command.amountNanoOpen(),
            command.escrow(),
            command.logId(),
            command.blockNumber());
    return onceByLog(command.escrow(), command.logId(), command.blockNumber(), event);
  }

  Decision claim(LedgerCommand.Claim command) {
    Refusing.address("payee", command.payee());
    Refusing.id("logId", command.logId());
    Refusing.amount("amountNanoOpen", command.amountNanoOpen());
    var event =
        new LedgerEvent.Claimed(
            command.payee(),
            command.amountNanoOpen(),
            command.distributor(),
            command.logId(),
            command.blockNumber());
    var first = books.chainLogs.first(command.distributor(), command.logId());
    long claimable = books.balance(Account.claimable(command.payee()));
    if (first == null && claimable < command.amountNanoOpen()) {
      throw new Refusing(
          Reason.WRONG_STATE,
          "amountNanoOpen",
          "the chain paid %d to %s, the books know of %d claimable; book the published epoch first"
              .formatted(command.amountNanoOpen(), command.payee(), claimable));
    }
    return onceByLog(command.distributor(), command.logId(), command.blockNumber(), event);
  }

  Decision onceByLog(String contract, String logId, long blockNumber, LedgerEvent event) {
    Refusing.address("contract", contract);
    var first = books.chainLogs.first(contract, logId);
    if (first != null) {
      return Refusing.repeat(first, first.equals(event), "logId", logId);
    }
    if (books.chainLogs.isBeyondMemory(event, contract, blockNumber)) {
      throw new Refusing(
          Reason.FINISHED,
          "blockNumber",
          "block %d of %s is over %d blocks behind what is booked; it cannot be told from a repeat"
              .formatted(blockNumber, contract, ChainLogs.MEMORY_BLOCKS));
    }
    return new Decision.Accepted(List.of(event));
  }

  Decision requestWithdrawal(LedgerCommand.RequestWithdrawal command) {
    Refusing.id("withdrawalId", command.withdrawalId());
    Refusing.id("tenant", command.tenant());
    Refusing.address("depositor", command.depositor());
    Refusing.amount("amountNanoOpen", command.amountNanoOpen());
    var event =
        new LedgerEvent.WithdrawalRequested(
            command.withdrawalId(),
            command.tenant(),
            command.depositor(),
            command.amountNanoOpen());
    LedgerEvent first = books.withdrawals.get(command.withdrawalId());
    if (first != null) {
      return Refusing.repeat(first, first.equals(event), "withdrawalId", command.withdrawalId());
    }
    LedgerEvent over = books.finishedWithdrawals.get(command.withdrawalId());
    if (over != null) {
      boolean same =
          switch (over) {
            case LedgerEvent.WithdrawalCompleted e ->
                e.tenant().equals(command.tenant())
                    && e.depositor().equals(command.depositor())
                    && e.amountNanoOpen() == command.amountNanoOpen();
            case LedgerEvent.WithdrawalReturned e ->
                e.tenant().equals(command.tenant())
                    && e.depositor().equals(command.depositor())
                    && e.amountNanoOpen() == command.amountNanoOpen();
            default -> false;
          };
      return Refusing.repeat(over, same, "withdrawalId", command.withdrawalId());
    }
    mayWait(command.tenant());
    long available = books.balance(Account.available(command.tenant()));
    if (available < command.amountNanoOpen()) {
      throw Refusing.insufficient(command.tenant(), available, command.amountNanoOpen());
    }
    long returnable = books.returnable(command.tenant(), command.depositor());
    if (returnable < command.amountNanoOpen()) {
      throw new Refusing(
          Reason.INSUFFICIENT_BALANCE,
          "depositor",
          "%s brought %d nano-OPEN that did not go back yet, %d are asked for"
              .formatted(command.depositor(), returnable, command.amountNanoOpen()));
    }
    return new Decision.Accepted(List.of(event));
  }

  /**
   * Each costs whoever runs this a transaction, and the others wait for it. Who has one already may
   * have a sixteenth of what others leave, so that few accounts never shut out one that has none.
   */
  private void mayWait(String tenant) {
    var pending = books.withdrawals.toMap().values();
    long own = pending.stream().filter(each -> each.tenant().equals(tenant)).count();
    long others = pending.size() - own;
    long share =
        Math.max(
            1,
            (Books.WITHDRAWALS_MAX - others)
                / (Books.WITHDRAWALS_MAX / Books.WITHDRAWALS_OF_TENANT_MAX));
    if (own >= share) {
      throw new Refusing(
          Reason.TOO_MANY,
          "tenant",
          "%s has %d withdrawals on their way to the chain, and may have %d beside those of others; ask again once one of them is final"
              .formatted(tenant, own, share));
    }
    if (pending.size() >= Books.WITHDRAWALS_MAX) {
      throw new Refusing(
          Reason.TOO_MANY,
          "",
          "%d withdrawals are on their way to the chain, and %d may be; ask again in a minute"
              .formatted(pending.size(), Books.WITHDRAWALS_MAX));
    }
  }

  Decision completeWithdrawal(LedgerCommand.CompleteWithdrawal command) {
    var asked = books.withdrawals.get(command.withdrawalId());
    if (asked == null) {
      LedgerEvent over = overWithdrawal(command.withdrawalId());
      boolean same = over instanceof LedgerEvent.WithdrawalCompleted;
      return Refusing.repeat(over, same, "withdrawalId", command.withdrawalId());
    }
    return new Decision.Accepted(
        List.of(
            new LedgerEvent.WithdrawalCompleted(
                asked.withdrawalId(),
                asked.tenant(),
                asked.depositor(),
                asked.amountNanoOpen(),
                command.transactionHash())));
  }

  Decision returnWithdrawal(LedgerCommand.ReturnWithdrawal command) {
    var asked = books.withdrawals.get(command.withdrawalId());
    if (asked == null) {
      LedgerEvent over = overWithdrawal(command.withdrawalId());
      boolean same = over instanceof LedgerEvent.WithdrawalReturned;
      return Refusing.repeat(over, same, "withdrawalId", command.withdrawalId());
    }
    return new Decision.Accepted(
        List.of(
            new LedgerEvent.WithdrawalReturned(
                asked.withdrawalId(),
                asked.tenant(),
                asked.depositor(),
                asked.amountNanoOpen(),
                command.reason())));
  }

  private LedgerEvent overWithdrawal(String withdrawalId) {
    LedgerEvent over = books.finishedWithdrawals.get(withdrawalId);
    if (over != null) {
      return over;
    }
    throw new Refusing(Reason.UNKNOWN, "withdrawalId", "no withdrawal " + withdrawalId);
  }
}
