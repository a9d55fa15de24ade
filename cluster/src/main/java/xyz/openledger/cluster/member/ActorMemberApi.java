package xyz.openledger.cluster.member;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Member;
import xyz.openledger.chainanchor.log.LogTiles;
import xyz.openledger.cluster.http.api.JobOutput;
import xyz.openledger.cluster.http.api.JobQuery;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.NodeQuery;
import xyz.openledger.cluster.http.api.PageQuery;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Account;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.Claim;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.api.EarningsClaim;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.Explanation;
import xyz.openledger.protocol.api.GovernanceSimulation;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.api.LogStatus;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.api.Page;
import xyz.openledger.protocol.api.PoolChange;
import xyz.openledger.protocol.api.PoolDetail;
import xyz.openledger.protocol.api.PoolMarket;
import xyz.openledger.protocol.api.PoolQuotaChange;
import xyz.openledger.protocol.api.PoolRequest;
import xyz.openledger.protocol.api.PoolSummary;
import xyz.openledger.protocol.api.PublishedPayouts;
import xyz.openledger.protocol.api.Readiness;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.api.ReceiptView;
import xyz.openledger.protocol.api.ReopenedEpoch;
import xyz.openledger.protocol.api.ReservationRequest;
import xyz.openledger.protocol.api.Reservations;
import xyz.openledger.protocol.api.SessionRequest;
import xyz.openledger.protocol.api.SpendingSession;
import xyz.openledger.protocol.api.Submission;
import xyz.openledger.protocol.api.Version;
import xyz.openledger.protocol.api.Withdrawal;
import xyz.openledger.protocol.api.WithdrawalRequest;
import xyz.openledger.protocol.voucher.SignedVoucher;

/** Answers HTTP from the actors and the views of this member. */
record ActorMemberApi(
    Member member,
    JobAnswers jobAnswers,
    NodeAnswers nodeAnswers,
    PoolAnswers poolAnswers,
    GovernanceAnswers governanceAnswers,
    ReceiptAnswers receiptAnswers,
    LedgerAnswers ledgerAnswers,
    RejectedEpoch rejected,
    VoucherDesk vouchers,
    Version version,
    Supplier<Readiness> ready)
    implements MemberApi {

  @Override
  public CompletionStage<List<SubmitAnswer>> submit(
      Requester requester, List<Submission> submissions) {
    return jobAnswers.submit(requester, submissions);
  }

  @Override
  public CompletionStage<DryRun> dryRun(TenantId tenant, JobSpec spec) {
    return jobAnswers.dryRun(tenant, spec);
  }

  @Override
  public Optional<Long> charged(JobId job) {
    return SpendingWatch.charged(member, job);
  }

  @Override
  public CompletionStage<Page<JobSummary>> jobs(JobQuery query) {
    return now(() -> jobAnswers.list(query));
  }

  @Override
  public CompletionStage<TenantId> tenant(JobId job) {
    return jobAnswers.tenant(job);
  }

  @Override
  public CompletionStage<JobDetail> job(JobId job) {
    return jobAnswers.detail(job);
  }

  @Override
  public CompletionStage<JobDetail> cancel(JobId job) {
    return jobAnswers.cancel(job);
  }

  @Override
  public CompletionStage<JobOutput> output(JobId job, int task) {
    return now(() -> jobAnswers.output(job, task));
  }

  @Override
  public CompletionStage<JobSpec> spec(JobId job) {
    return jobAnswers.spec(job);
  }

  @Override
  public CompletionStage<Explanation> explain(JobId job) {
    return jobAnswers.explain(job);
  }

  @Override
  public CompletionStage<List<JobId>> jobsStartingWith(
      @Nullable TenantId tenant, String prefix, int max) {
    return now(
        () ->
            member.views().jobs().startingWith(prefix, 10 * max).stream()
                .filter(
                    id ->
                        tenant == null
                            || member
                                .views()
                                .jobs()
                                .row(id)
                                .filter(row -> row.tenant().equals(tenant))
                                .isPresent())
                .limit(max)
                .toList());
  }

  @Override
  public CompletionStage<Page<NodeSummary>> nodes(NodeQuery query) {
    return nodeAnswers.nodes(query);
  }

  @Override
  public CompletionStage<NodeDetail> node(NodeId node) {
    return nodeAnswers.show(node);
  }

  @Override
  public CompletionStage<NodeDetail> drain(NodeId node) {
    return nodeAnswers.drain(node);
  }

  @Override
  public CompletionStage<List<NodeId>> nodesStartingWith(String prefix, int max) {
    return now(
        () ->
            member.views().nodes().nodes().stream()
                .filter(id -> id.value().startsWith(prefix))
                .limit(max)
                .toList());
  }

  @Override
  public CompletionStage<Page<PoolSummary>> pools(PageQuery query) {
    return poolAnswers.pools(query);
  }

  @Override
  public CompletionStage<PoolDetail> pool(PoolId pool) {
    return poolAnswers.pool(pool);
  }

  @Override
  public CompletionStage<PoolDetail> createPool(PoolRequest request) {
    return poolAnswers.create(request);
  }

  @Override
  public CompletionStage<PoolDetail> setPool(PoolId pool, PoolChange change) {
    return poolAnswers.set(pool, change);
  }

  @Override
  public CompletionStage<PoolDetail> setQuota(PoolId pool, PoolQuotaChange quota) {
    return poolAnswers.setQuota(pool, quota);
  }

  @Override
  public CompletionStage<GovernanceView> governance() {
    return governanceAnswers.show();
  }

  @Override
  public CompletionStage<GovernanceView> rules(Digest ruleHash) {
    return governanceAnswers.show(ruleHash);
  }

  @Override
  public CompletionStage<GovernanceView> setGovernance(JsonNode rules) {
    return governanceAnswers.set(rules);
  }

  @Override
  public CompletionStage<GovernanceSimulation> simulateGovernance(JsonNode rules) {
    return governanceAnswers.simulate(rules);
  }

  @Override
  public CompletionStage<PoolMarket> market(
      PoolId pool, @Nullable TenantId tenant, String resourceClass, int clearings) {
    return new MarketAnswers(member).market(pool, tenant, resourceClass, clearings);
  }

  @Override
  public CompletionStage<Reservations> reserve(
      TenantId tenant, String idempotencyKey, PoolId pool, ReservationRequest request) {
    return new MarketAnswers(member).reserve(tenant, idempotencyKey, pool, request);
  }

  @Override
  public CompletionStage<List<PoolId>> poolsStartingWith(String prefix, int max) {
    return now(
        () ->
            member.directory().pools().stream()
                .map(xyz.openledger.pools.PoolSummary::pool)
                .filter(id -> id.value().startsWith(prefix))
                .limit(max)
                .toList());
  }

  @Override
  public CompletionStage<Claim> claim(
      TenantId tenant, String idempotencyKey, PoolId pool, Address owner, int ttlSeconds) {
    return nodeAnswers.claim(tenant, idempotencyKey, pool, owner, ttlSeconds);
  }

  @Override
  public CompletionStage<ReceiptView> receipt(JobId job, boolean first) {
    return now(() -> receiptAnswers.receipt(job, first));
  }

  @Override
  public CompletionStage<ReceiptProof> receiptProof(JobId job, boolean first) {
    return now(() -> receiptAnswers.proof(job, first));
  }

  @Override
  public CompletionStage<Page<Anchor>> anchors(PageQuery query) {
    return now(() -> receiptAnswers.page(query));
  }

  @Override
  public CompletionStage<LogStatus> log() {
    return now(() -> receiptAnswers.status(version));
  }

  @Override
  public CompletionStage<PublishedPayouts> publishedPayouts() {
    return ledgerAnswers.published();
  }

  @Override
  public LogTiles publishedLog() {
    return receiptAnswers.tiles();
  }

  @Override
  public CompletionStage<Account> account(TenantId tenant) {
    return ledgerAnswers.account(tenant);
  }

  @Override
  public CompletionStage<DepositTerms> depositTerms(TenantId tenant) {
    return now(() -> ledgerAnswers.depositTerms(tenant));
  }

  @Override
  public CompletionStage<Withdrawal> withdraw(
      TenantId tenant, String idempotencyKey, WithdrawalRequest request) {
    return ledgerAnswers.withdraw(tenant, idempotencyKey, request);
  }

  @Override
  public CompletionStage<SpendingSession> openSession(Requester requester, SessionRequest request) {
    return now(() -> vouchers.open(requester, request));
  }

  @Override
  public CompletionStage<List<SpendingSession>> sessions(TenantId tenant) {
    return vouchers.sessions(tenant);
  }

  @Override
  public CompletionStage<List<SpendingSession>> takeVouchers(
      TenantId tenant, List<SignedVoucher> given) {
    return vouchers.take(tenant, given);
  }

  @Override
  public CompletionStage<EarningsStatement> earnings(NodeId node) {
    return now(() -> ledgerAnswers.earnings(node));
  }

  @Override
  public CompletionStage<EarningsStatement> modelEarnings(Address owner) {
    return now(() -> ledgerAnswers.modelEarnings(owner));
  }

  @Override
  public CompletionStage<ReopenedEpoch> reopenPayouts(long epoch, String by, String reason) {
    return rejected.reopen(epoch, by, reason);
  }

  @Override
  public CompletionStage<EarningsClaim> claimEarnings(Address owner) {
    return ledgerAnswers.claim(owner);
  }

  @Override
  public Readiness readiness() {
    return ready.get();
  }

  @Override
  public String metrics() {
    return MemberMetrics.text(this);
  }

  /** Answers at once, or refuses at once. */
  private static <T> CompletionStage<T> now(Supplier<T> answer) {
    try {
      return CompletableFuture.completedStage(answer.get());
    } catch (RuntimeException refusal) {
      return CompletableFuture.failedStage(refusal);
    }
  }
}
