package xyz.openledger.protocol.client;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Account;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.EarningsClaim;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.Withdrawal;
import xyz.openledger.protocol.api.WithdrawalRequest;

/** What requesters pay and contributors earn; amounts in nano-OPEN. */
public final class AccountClient {
  private final Exchange exchange;

  AccountClient(Exchange exchange) {
    this.exchange = exchange;
  }

  /** What a requester has. */
  public Account show(TenantId tenant) {
    return Call.get(exchange, "/accounts/" + tenant, Account.class);
  }

  /** How to deposit. */
  public DepositTerms depositTerms(TenantId tenant) {
    return Call.get(exchange, "/accounts/" + tenant + "/deposit", DepositTerms.class);
  }

  /** Sends what is available back to an address that deposited it. */
  public Withdrawal withdraw(TenantId tenant, WithdrawalRequest request, String idempotencyKey) {
    String path = "/accounts/" + tenant + "/withdrawals";
    return Call.post(exchange, path, request, idempotencyKey, Withdrawal.class);
  }

  /** What a node earned, and where each part of it stands. */
  public EarningsStatement earnings(String node) {
    String path = "/earnings/" + Call.quote(Check.text("node", node, 31));
    return Call.get(exchange, path, EarningsStatement.class);
  }

  /** Has the member send the owner what he may claim. */
  public EarningsClaim claim(Address owner) {
    return Call.post(exchange, "/earnings/" + owner + ":claim", EarningsClaim.class);
  }
}
