package xyz.openledger.cluster.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.log.LogTiles;
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
import xyz.openledger.protocol.api.ClaimRequest;
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

/**
 * What a member does for those who call it over HTTP. Whoever calls has made sure that the caller
 * may: this interface knows no tokens.
 *
 * <p>What is refused completes its stage with a {@link xyz.openledger.protocol.ProblemException};
 * {@code not-found} for a well-formed id of nothing. A stage that is not completed within the
 * server's request timeout is answered for with {@code unavailable}. Methods are called from many
 * threads and do not block.
 */
public interface MemberApi {

  /**
   * Takes jobs. A repeat of a key with the same spec is {@link SubmitAnswer.Taken} again; with
   * another, {@link SubmitAnswer.Refused} with {@code idempotency-conflict}.
   *
   * @param submissions 1 to {@link Submission#BATCH_MAX}
   * @return one answer for each, in their order, once all are durable
   */
  CompletionStage<List<SubmitAnswer>> submit(Requester requester, List<Submission> submissions);

  /**
   * What would become of a tenant's job if it were submitted now. Refuses what cannot be read with
   * {@code invalid-request}, and contradictions with {@code unsatisfiable-policy}.
   */
  CompletionStage<DryRun> dryRun(TenantId tenant, JobSpec spec);

  /**
   * What a job came to, in nano-OPEN; absent while it goes on, and if another member has it. Waits
   * for the disk.
   */
  Optional<Long> charged(JobId job);

  /** A page of jobs, newest first. */
  CompletionStage<Page<JobSummary>> jobs(JobQuery query);

  /** Whose job it is. Knows a job from the moment it was taken. */
  CompletionStage<TenantId> tenant(JobId job);

  /** A job with its tasks. */
  CompletionStage<JobDetail> job(JobId job);

  /**
   * Stops a job; answers once that is decided. A repeat changes nothing. Refuses with {@code
   * wrong-state} if it ended in another way.
   */
  CompletionStage<JobDetail> cancel(JobId job);

  /** The accepted output of a task; {@code wrong-state} if there is none. */
  CompletionStage<JobOutput> output(JobId job, int task);

  /** What was submitted, policy included; its digest is in the receipt. */
  CompletionStage<JobSpec> spec(JobId job);

  /** Why it went where it went, and what it waits for. */
  CompletionStage<Explanation> explain(JobId job);

  /**
   * Jobs whose id starts with {@code prefix}, such as {@code job-abcdef}.
   *
   * @param tenant whose; absent for everyone's
   */
  CompletionStage<List<JobId>> jobsStartingWith(@Nullable TenantId tenant, String prefix, int max);

  /** A page of nodes. */
  CompletionStage<Page<NodeSummary>> nodes(NodeQuery query);

  /** A node with its hardware. */
  CompletionStage<NodeDetail> node(NodeId node);

  /** Gives a node nothing more. A repeat changes nothing. */
  CompletionStage<NodeDetail> drain(NodeId node);

  /** Nodes whose id starts with {@code prefix}. */
  CompletionStage<List<NodeId>> nodesStartingWith(String prefix, int max);

  /** A page of pools. */
  CompletionStage<Page<PoolSummary>> pools(PageQuery query);

  /** A pool with its members. */
  CompletionStage<PoolDetail> pool(PoolId pool);

  /** Opens a pool; {@code wrong-state} if one of that name has other terms. */
  CompletionStage<PoolDetail> createPool(PoolRequest request);

  /** Changes those terms of a pool that are said. */
  CompletionStage<PoolDetail> setPool(PoolId pool, PoolChange change);

  /** Sets what a tenant may use of a pool; {@code too-large} if there are too many quotas. */
  CompletionStage<PoolDetail> setQuota(PoolId pool, PoolQuotaChange quota);

  /** The governed values that are in force. */
  CompletionStage<GovernanceView> governance();

  /** The rules with that hash, of those that were ever in force. */
  CompletionStage<GovernanceView> rules(Digest ruleHash);

  /**
   * Puts governed values in force; a repeat of those changes nothing. Refuses with {@code
   * wrong-state} an epoch that is not above that in force.
   */
  CompletionStage<GovernanceView> setGovernance(JsonNode rules);

  /** What rules would have changed for the jobs that were recorded; changes nothing. */
  CompletionStage<GovernanceSimulation> simulateGovernance(JsonNode rules);

  /**
   * How a pool's market stands.
   *
   * @param tenant whose reservations are told; absent for everyone's
   * @param clearings how many of the last ones
   */
  CompletionStage<PoolMarket> market(
      PoolId pool, @Nullable TenantId tenant, String resourceClass, int clearings);

  /**
   * Buys slots ahead, all or none: {@code unsatisfiable-policy} if they are not offered within the
   * limit. A repeat of a tenant's key answers the same reservations.
   */
  CompletionStage<Reservations> reserve(
      TenantId tenant, String idempotencyKey, PoolId pool, ReservationRequest request);

  /** Pools whose id starts with {@code prefix}. */
  CompletionStage<List<PoolId>> poolsStartingWith(String prefix, int max);

  /**
   * Makes a claim code. A repeat of a tenant's key answers the same code while it is good; with
   * another request, {@code idempotency-conflict}.
   *
   * @param ttlSeconds 1 to {@link ClaimRequest#TTL_SECONDS_MAX}
   */
  CompletionStage<Claim> claim(
      TenantId tenant, String idempotencyKey, PoolId pool, Address owner, int ttlSeconds);

  /**
   * A job's receipt; {@code wrong-state} until it is in the log.
   *
   * @param first whether that of what was answered before it was verified is meant; {@code
   *     not-found} if nothing was
   */
  CompletionStage<ReceiptView> receipt(JobId job, boolean first);

  /**
   * What offline verification needs; {@code wrong-state} until a checkpoint covers it.
   *
   * @param first as for {@link #receipt}
   */
  CompletionStage<ReceiptProof> receiptProof(JobId job, boolean first);

  /** A page of checkpoints, newest first. */
  CompletionStage<Page<Anchor>> anchors(PageQuery query);

  /** How far the log is signed, witnessed and anchored. */
  CompletionStage<LogStatus> log();

  /** What the root of the last final payout epoch was made of. */
  CompletionStage<PublishedPayouts> publishedPayouts();

  /** The log as everybody may read it. Reading waits for the disk. */
  LogTiles publishedLog();

  /** What a requester has; all zero for one that never deposited. */
  CompletionStage<Account> account(TenantId tenant);

  /** How to deposit; {@code chain-unavailable} without a chain. */
  CompletionStage<DepositTerms> depositTerms(TenantId tenant);

  /**
   * Sends money back. A repeat of a tenant's key answers the same withdrawal; with another request,
   * {@code idempotency-conflict}.
   */
  CompletionStage<Withdrawal> withdraw(
      TenantId tenant, String idempotencyKey, WithdrawalRequest request);

  /**
   * Lets what comes under an API key be paid by the vouchers of one session key, once the chain
   * knows that key. Refuses with {@code wrong-state} a key that serves another.
   */
  CompletionStage<SpendingSession> openSession(Requester requester, SessionRequest request);

  /** The session keys that pay for a tenant, the newest last. */
  CompletionStage<List<SpendingSession>> sessions(TenantId tenant);

  /**
   * Takes vouchers of a tenant's session keys, all or none. Refuses with {@code bad-signature} what
   * the key did not sign for this chain and escrow, with {@code wrong-state} what says less than
   * before, more than is owed or than the key may spend, or comes too late.
   *
   * @return the tenant's session keys as they stand then
   */
  CompletionStage<List<SpendingSession>> takeVouchers(
      TenantId tenant, List<SignedVoucher> vouchers);

  /** What a node earned. */
  CompletionStage<EarningsStatement> earnings(NodeId node);

  /** What the models of an owner earned; nothing for one who has none. */
  CompletionStage<EarningsStatement> modelEarnings(Address owner);

  /**
   * Takes a payout epoch back that the judge rejected, so that the next one pays what it would
   * have. A repeat answers the same. Refuses with {@code wrong-state} an epoch of which the final
   * chain does not say so, and with {@code chain-unavailable} while it cannot be asked.
   *
   * @param by the name of the token that asks, for the journal
   */
  CompletionStage<ReopenedEpoch> reopenPayouts(long epoch, String by, String reason);

  /** Sends an owner what he may claim; {@code wrong-state} if that is nothing. */
  CompletionStage<EarningsClaim> claimEarnings(Address owner);

  /** What runs here. */
  Version version();

  /** Whether work is taken. */
  Readiness readiness();

  /** Figures in the Prometheus text format, each line ended; those of HTTP are added to them. */
  String metrics();
}
