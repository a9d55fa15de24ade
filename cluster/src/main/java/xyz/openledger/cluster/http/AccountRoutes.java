package xyz.openledger.cluster.http;

import static xyz.openledger.cluster.http.Operation.get;
import static xyz.openledger.cluster.http.Operation.post;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.Operation.KeyRule;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ReopenRequest;
import xyz.openledger.protocol.api.SessionRequest;
import xyz.openledger.protocol.api.WithdrawalRequest;
import xyz.openledger.protocol.voucher.SignedVoucher;

/** What requesters pay and contributors earn. */
final class AccountRoutes {
  private static final int WITHDRAWAL_BYTES_MAX = 4 << 10;
  private static final int SESSION_BYTES_MAX = 1 << 10;
  private static final int VOUCHERS_BYTES_MAX = 128 << 10;
  private static final int VOUCHERS_MAX = 256;
  private static final int SIGNATURE_CHARACTERS = 130;
  private static final int REOPEN_BYTES_MAX = 4 << 10;
  private static final Pattern EPOCH = Pattern.compile("[1-9][0-9]{0,17}");

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
        post(
            "openSession",
            account + "/sessions",
            Scope.ACCOUNTS_WRITE,
            KeyRule.OPTIONAL,
            this::openSession),
        get("listSessions", account + "/sessions", Scope.ACCOUNTS_READ, this::sessions),
        post(
            "giveVouchers",
            account + "/vouchers",
            Scope.ACCOUNTS_WRITE,
            KeyRule.OPTIONAL,
            this::vouchers),
        get("showEarnings", "/api/v1/earnings/{node}", Scope.ACCOUNTS_READ, this::earnings),
        get(
            "showModelEarnings",
            "/api/v1/earnings/{owner}:models",
            Scope.ACCOUNTS_READ,
            this::modelEarnings),
        post(
            "claimEarnings",
            "/api/v1/earnings/{owner}:claim",
            Scope.ACCOUNTS_WRITE,
            KeyRule.OPTIONAL,
            this::claim),
        post(
            "reopenPayouts",
            "/api/v1/payouts/{epoch}:reopen",
            Scope.ADMIN,
            KeyRule.OPTIONAL,
            this::reopen));
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

  private CompletionStage<HttpResponse> openSession(Call call) {
    TenantId tenant = tenant(call);
    var requester = new Requester(tenant, call.principal().name());
    return call.json(SessionRequest.class, SESSION_BYTES_MAX)
        .thenCompose(request -> api.openSession(requester, request))
        .thenApply(session -> Replies.json(202, session));
  }

  private CompletionStage<HttpResponse> sessions(Call call) {
    return api.sessions(tenant(call)).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> vouchers(Call call) {
    TenantId tenant = tenant(call);
    return call.json(SignedVoucher[].class, VOUCHERS_BYTES_MAX)
        .thenCompose(vouchers -> api.takeVouchers(tenant, checked(vouchers)))
        .thenApply(Replies::ok);
  }

  private static List<SignedVoucher> checked(@Nullable SignedVoucher[] vouchers) {
    Check.range("the number of vouchers", vouchers.length, 1, VOUCHERS_MAX);
    for (int i = 0; i < vouchers.length; i++) {
      SignedVoucher signed = Check.present("[" + i + "]", vouchers[i]);
      Check.present("[" + i + "].voucher", signed.voucher());
      Check.present("[" + i + "].voucher.key", signed.voucher().key());
      Check.present("[" + i + "].voucher.pool", signed.voucher().pool());
      Check.text("[" + i + "].signature", signed.signature(), SIGNATURE_CHARACTERS);
    }
    return List.of(vouchers);
  }

  private CompletionStage<HttpResponse> earnings(Call call) {
    return ids.node("node", call.part("node")).thenCompose(api::earnings).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> modelEarnings(Call call) {
    return api.modelEarnings(Address.parse(call.part("owner"))).thenApply(Replies::ok);
  }

  private CompletionStage<HttpResponse> claim(Call call) {
    return api.claimEarnings(Address.parse(call.part("owner")))
        .thenApply(claim -> Replies.json(202, claim));
  }

  private CompletionStage<HttpResponse> reopen(Call call) {
    long epoch = epoch(call.part("epoch"));
    return call.json(ReopenRequest.class, REOPEN_BYTES_MAX)
        .thenCompose(request -> api.reopenPayouts(epoch, call.principal().name(), request.reason()))
        .thenApply(Replies::ok);
  }

  private static long epoch(String text) {
    if (!EPOCH.matcher(text).matches()) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "epoch", "must be the number of a payout epoch, is " + text);
    }
    return Long.parseLong(text);
  }

  /** The account in the path, if it is the caller's to see. */
  static TenantId tenant(Call call) {
    var tenant = TenantId.parse(call.part("tenant"));
    if (!call.principal().reaches(tenant)) {
      throw new ProblemException(
          Problem.NOT_FOUND, "tenant", "there is no account " + tenant + " for this token");
    }
    return tenant;
  }
}
