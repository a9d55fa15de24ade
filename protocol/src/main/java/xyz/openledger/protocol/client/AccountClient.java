package xyz.openledger.protocol.client;

import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Account;
import xyz.openledger.protocol.api.ApiKeyRequest;
import xyz.openledger.protocol.api.ApiKeyView;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.EarningsClaim;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.IssuedKey;
import xyz.openledger.protocol.api.PublishedPayouts;
import xyz.openledger.protocol.api.ReopenRequest;
import xyz.openledger.protocol.api.ReopenedEpoch;
import xyz.openledger.protocol.api.SessionRequest;
import xyz.openledger.protocol.api.SpendingSession;
import xyz.openledger.protocol.api.Withdrawal;
import xyz.openledger.protocol.api.WithdrawalRequest;
import xyz.openledger.protocol.voucher.SignedVoucher;

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

  /** Lets what comes under the token in use be paid by vouchers. */
  public SpendingSession openSession(TenantId tenant, SessionRequest request) {
    String path = "/accounts/" + tenant + "/sessions";
    return Call.post(exchange, path, request, Call.newKey(), SpendingSession.class);
  }

  /** Issues an API key; its secret is in this answer alone. */
  public IssuedKey issueKey(TenantId tenant, ApiKeyRequest request) {
    return Call.post(exchange, keys(tenant), request, Call.newKey(), IssuedKey.class);
  }

  /** The API keys of a tenant. */
  public List<ApiKeyView> apiKeys(TenantId tenant) {
    return List.of(Call.get(exchange, keys(tenant), ApiKeyView[].class));
  }

  /** Makes an API key invalid at once; answers those that are left. */
  public List<ApiKeyView> revokeKey(TenantId tenant, String name) {
    var request =
        exchange.request(Call.BASE + keys(tenant) + "/" + Call.quote(name)).DELETE().build();
    return List.of(Answers.read(exchange.json(request), ApiKeyView[].class));
  }

  private static String keys(TenantId tenant) {
    return "/accounts/" + tenant + "/keys";
  }

  /** The session keys that pay for a tenant. */
  public List<SpendingSession> sessions(TenantId tenant) {
    return List.of(
        Call.get(exchange, "/accounts/" + tenant + "/sessions", SpendingSession[].class));
  }

  /** Hands vouchers in that the caller signed. */
  public List<SpendingSession> giveVouchers(TenantId tenant, List<SignedVoucher> vouchers) {
    return List.of(
        Call.post(
            exchange,
            "/accounts/" + tenant + "/vouchers",
            vouchers.toArray(SignedVoucher[]::new),
            Call.newKey(),
            SpendingSession[].class));
  }

  /** What a node earned, and where each part of it stands. */
  public EarningsStatement earnings(String node) {
    String path = "/earnings/" + Call.quote(Check.text("node", node, 31));
    return Call.get(exchange, path, EarningsStatement.class);
  }

  /** What the models of an owner earned, and where each part of it stands. */
  public EarningsStatement modelEarnings(Address owner) {
    return Call.get(exchange, "/earnings/" + owner + ":models", EarningsStatement.class);
  }

  /** What the roots of payout epochs are made of. */
  public PublishedPayouts payouts() {
    return Answers.read(
        exchange.json(exchange.request("/log/payouts").build()), PublishedPayouts.class);
  }

  /** Takes a payout epoch back that the judge rejected; a repeat answers the same. */
  public ReopenedEpoch reopen(long epoch, ReopenRequest request) {
    String path = "/payouts/" + epoch + ":reopen";
    return Call.post(exchange, path, request, Call.newKey(), ReopenedEpoch.class);
  }

  /** Has the member send the owner what he may claim. */
  public EarningsClaim claim(Address owner) {
    return Call.post(exchange, "/earnings/" + owner + ":claim", EarningsClaim.class);
  }
}
