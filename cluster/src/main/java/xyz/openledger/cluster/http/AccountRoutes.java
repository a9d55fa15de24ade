package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.WithdrawalRequest;

/** What requesters pay and contributors earn. */
final class AccountRoutes {
  private static final int WITHDRAWAL_BYTES_MAX = 4 << 10;

  private final MemberApi api;
  private final Ids ids;

  AccountRoutes(MemberApi api, Ids ids) {
    this.api = api;
    this.ids = ids;
  }

  List<Operation> operations() {
    String account = "/api/v1/accounts/{tenant}";
    return List.of(
        get("showAccount", account, Scope.ACCOUNTS_READ, this::account),
        get("explainDeposit", account + "/deposit", Scope.ACCOUNTS_READ, this::deposit),
        post(
            "withdraw",
            account + "/withdrawals",
            Scope.ACCOUNTS_WRITE,
            KeyRule.REQUIRED,
            this::withdraw),
        get("showEarnings", "/api/v1/earnings/{node}", Scope.ACCOUNTS_READ, this::earnings),
        post(
            "claimEarnings",
            "/api/v1/earnings/{owner}:claim",
            Scope.ACCOUNTS_WRITE,
            KeyRule.OPTIONAL,
            this::claim));
  }

  private CompletionStage<HttpResponse> account(Call call) {
    return api.account(tenant(call)).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> deposit(Call call) {
    return api.depositTerms(tenant(call)).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> withdraw(Call call) {
    TenantId tenant = tenant(call);
    return call.json(WithdrawalRequest.class, WITHDRAWAL_BYTES_MAX)
        .thenCompose(request -> api.withdraw(tenant, call.idempotencyKey(), request))
        .thenApply(withdrawal -> Replies.json(202, withdrawal));
  }

  private CompletionStage<HttpResponse> earnings(Call call) {
    return ids.node("node", call.part("node")).thenCompose(api::earnings).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> claim(Call call) {
    return api.claimEarnings(Address.parse(call.part("owner")))
        .thenApply(claim -> Replies.json(202, claim));
  }

  /** The account in the path, if it is the caller's to see. */
  private static TenantId tenant(Call call) {
    var tenant = TenantId.parse(call.part("tenant"));
    if (!call.principal().reaches(tenant)) {
      throw new ProblemException(
          Problem.NOT_FOUND, "tenant", "there is no account " + tenant + " for this token");
    }
    return tenant;
  }
}
