package xyz.openledger.cluster.member;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.accounts.PayeeBalance;
import xyz.openledger.chainanchor.accounts.RequesterBalance;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.Wallet;
import xyz.openledger.chainanchor.payouts.PayoutTree;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Account;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.EarningsClaim;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.PublishedPayouts;
import xyz.openledger.protocol.api.Withdrawal;
import xyz.openledger.protocol.api.WithdrawalRequest;

/** What there is to say about money, and how it leaves. */
final class LedgerAnswers {
  private final Member member;
  private final Ask ask;
  private final @Nullable Contracts contracts;
  private final @Nullable Wallet relayer;
  private final Tenants tenants;
  private final SettlementSettings settlement;
  private final Executor blocking;

  LedgerAnswers(
      Member member,
      @Nullable Contracts contracts,
      @Nullable Wallet relayer,
      Tenants tenants,
      SettlementSettings settlement,
      Executor blocking) {
    this.member = member;
    this.ask = new Ask(member.system());
    this.contracts = contracts;
    this.relayer = relayer;
    this.tenants = tenants;
    this.settlement = settlement;
    this.blocking = blocking;
  }

  CompletionStage<Account> account(TenantId tenant) {
    return ask.<AccountsMessage, RequesterBalance>of(
            member.accounts(),
            replyTo -> new AccountsMessage.ShowRequester(tenant.value(), replyTo))
        .thenApply(
            balance ->
                new Account(
                    tenant,
                    balance.availableNanoOpen(),
                    balance.heldNanoOpen(),
                    balance.withdrawingNanoOpen()));
  }

  DepositTerms depositTerms(TenantId tenant) {
    Contracts at = contracts();
    try {
      tenants.add(tenant);
    } catch (IOException failure) {
      throw new ProblemException(
          Problem.UNAVAILABLE, "", "the account could not be noted: " + failure.getMessage());
    }
    String account = "0x" + tenant.account().hex();
    return new DepositTerms(
        tenant,
        account,
        at.chainId(),
        at.escrow(),
        at.token(),
        List.of(
            "approve(" + at.escrow() + ", amount) on OPEN at " + at.token(),
            "deposit(" + account + ", amount) on Escrow at " + at.escrow(),
            "amounts are in 10^-18 OPEN, in multiples of 10^9; credited once the block is final"));
  }

  CompletionStage<Withdrawal> withdraw(
      TenantId tenant, String idempotencyKey, WithdrawalRequest request) {
    settlement.checkWithdrawal(request.amountNanoOpen());
    String id =
        "withdrawal-"
            + Domain.of("withdrawal")
                .text(tenant.value())
                .text(idempotencyKey)
                .digest()
                .hex()
                .substring(0, 32);
    return ask.<AccountsMessage, AccountsMessage.Answer>of(
            member.accounts(),
            replyTo ->
                new AccountsMessage.Do(
                    new LedgerCommand.RequestWithdrawal(
                        id, tenant.value(), request.to().value(), request.amountNanoOpen()),
                    replyTo))
        .thenApply(
            answer -> {
              var refusal = answer.refusal();
              if (refusal != null) {
                throw new ProblemException(
                    refusal.reason().problem(), refusal.field(), refusal.detail());
              }
              return new Withdrawal(
                  id,
                  tenant,
                  request.amountNanoOpen(),
                  request.to(),
                  Withdrawal.State.REQUESTED,
                  null);
            });
  }

  /**
   * What the last final epoch's root was made of, all that was ever given but what is on its way;
   * and the same of an epoch that waits, while it can be challenged.
   */
  CompletionStage<PublishedPayouts> published() {
    return ask.<AccountsMessage, AccountsMessage.Payouts>of(
            member.accounts(), AccountsMessage.ShowPayouts::new)
        .thenApply(
            now ->
                Published.of(
                    now,
                    contracts == null ? null : (Long) contracts.chainId(),
                    contracts == null ? null : contracts.distributor()));
  }

  EarningsStatement earnings(NodeId node) {
    var identity =
        member
            .views()
            .nodes()
            .identity(node)
            .orElseThrow(
                () -> new ProblemException(Problem.NOT_FOUND, "node", "there is no node " + node));
    return shown(node, identity.owner(), member.views().earnings().statement(node));
  }

  EarningsStatement modelEarnings(Address owner) {
    return shown(null, owner, member.views().earnings().ofModels(owner));
  }

  private EarningsStatement shown(
      @Nullable NodeId node,
      Address owner,
      xyz.openledger.chainanchor.accounts.EarningsStatement statement) {
    var holdings = new Holdings(owner.value(), settlement);
    return new EarningsStatement(
        node,
        owner,
        statement.earnedNanoOpen(),
        statement.publishingNanoOpen(),
        statement.claimableNanoOpen(),
        statement.withheldNanoOpen(),
        statement.lines().stream().map(holdings::line).toList(),
        statement.claimedNanoOpen(),
        statement.earlierNanoOpen(),
        holdings.of(statement));
  }

  /** Has the distributor pay an owner what is published for him. */
  CompletionStage<EarningsClaim> claim(Address owner) {
    Contracts at = contracts();
    return ask.<AccountsMessage, PayeeBalance>of(
            member.accounts(), replyTo -> new AccountsMessage.ShowPayee(owner.value(), replyTo))
        .thenCompose(
            balance -> {
              if (balance.claimableNanoOpen() == 0) {
                throw new ProblemException(
                    Problem.WRONG_STATE,
                    "owner",
                    "nothing can be claimed now: %d nano-OPEN are earned and wait for the next payout epoch, %d for its epoch to pay"
                        .formatted(balance.earnedNanoOpen(), balance.publishingNanoOpen()));
              }
              return ask.<AccountsMessage, AccountsMessage.Payouts>of(
                      member.accounts(), AccountsMessage.ShowPayouts::new)
                  .thenCompose(
                      payouts ->
                          CompletableFuture.supplyAsync(
                              () -> claim(at, owner, balance.claimableNanoOpen(), payouts),
                              blocking));
            });
  }

  private EarningsClaim claim(
      Contracts at, Address owner, long claimable, AccountsMessage.Payouts payouts) {
    var published = new TreeMap<>(payouts.cumulative());
    var open = payouts.open();
    if (open != null) {
      // The root on the chain is that of the epoch before.
      open.payouts()
          .forEach(
              payout ->
                  published.merge(
                      payout.payee(),
                      -payout.amountNanoOpen(),
                      (sum, less) -> sum + less == 0 ? null : (Long) (sum + less)));
    }
    Long cumulative = published.get(owner.value());
    var last = payouts.published();
    Wallet wallet = relayer;
    if (cumulative == null || last == null || wallet == null) {
      throw new ProblemException(
          Problem.WRONG_STATE, "owner", "no payout root is final on the chain yet");
    }
    List<Digest> proof =
        PayoutTree.of(published).proof(owner.value()).stream().map(Digest::wrap).toList();
    try {
      String hash =
          wallet
              .claim(at, owner, cumulative, proof)
              .orElseThrow(
                  () ->
                      new ProblemException(
                          Problem.WRONG_STATE,
                          "owner",
                          "this was sent already; it is booked once its block is final"));
      return new EarningsClaim(owner, claimable, last.epoch(), hash);
    } catch (IOException failure) {
      throw new ProblemException(
          Problem.CHAIN_UNAVAILABLE, "", String.valueOf(failure.getMessage()));
    }
  }

  private Contracts contracts() {
    Contracts at = contracts;
    if (at == null) {
      throw new ProblemException(Problem.CHAIN_UNAVAILABLE, "", "this member runs without a chain");
    }
    return at;
  }
}
