package xyz.openledger.cluster.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.chainanchor.log.LogTiles;
import xyz.openledger.chainanchor.log.MemoryLogView;
import xyz.openledger.chainanchor.log.ReceiptLog;
import xyz.openledger.cluster.http.api.JobOutput;
import xyz.openledger.cluster.http.api.JobQuery;
import xyz.openledger.cluster.http.api.MemberApi;
import xyz.openledger.cluster.http.api.NodeQuery;
import xyz.openledger.cluster.http.api.PageQuery;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ClaimCode;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.Account;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.Claim;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.api.EarningsClaim;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.Event;
import xyz.openledger.protocol.api.Explanation;
import xyz.openledger.protocol.api.GovernanceSimulation;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
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
import xyz.openledger.protocol.api.ReceiptLevel;
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
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.voucher.SignedVoucher;

/** A member without a network: keeps what it is given, and finishes a job when told to. */
final class FakeMember implements MemberApi {
  static final Address OWNER = Address.parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
  static final PoolId POOL = PoolId.of("operator", "homes");
  static final NodeId NODE = NodeId.of(new byte[32]);

  /** A job of this name is never taken. */
  static final String REFUSED = "refused";

  static final Ed25519Key LOG_KEY = Ed25519Key.of(new byte[32]);
  static final byte[] OUTPUT = "words 42\n".getBytes(StandardCharsets.UTF_8);

  final MemoryLogView log = new MemoryLogView();
  final EventFeed feed = new EventFeed(1_000_000);
  final Map<JobId, JobSummary> jobs = new ConcurrentSkipListMap<>();
  final Map<TenantId, Long> withdrawn = new ConcurrentHashMap<>();
  final List<NodeId> drained = new ArrayList<>();
  final ReceiptLog sequencer = new ReceiptLog("openledger.test/log");
  volatile boolean ready = true;

  /** What every submission is refused with, as if its API key paid by vouchers. */
  volatile SubmitAnswer.@Nullable Refused unpaid;

  volatile @Nullable CompletableFuture<Void> stall;

  /** What every question of a language model is answered with. */
  static final InferenceAnswer ANSWER =
      new InferenceAnswer(
          "Machines that work together.",
          List.of(5, 6, 7),
          InferenceAnswer.STOP,
          9,
          Digest.of(OUTPUT),
          null);

  /** What every text is embedded as: 0.6 and 0.8. */
  static final InferenceAnswer EMBEDDED =
      new InferenceAnswer(
          "", List.of(5), InferenceAnswer.LENGTH, 4, Digest.of(OUTPUT), null, "mpkZP83MTD8=");

  private final Map<JobId, JobSpec> specs = new ConcurrentHashMap<>();

  /** What all machines say of every question, which then fails; null to answer them. */
  volatile @Nullable InferenceAnswer refusal;

  /** Whether questions stay without an answer until a test brings their job to an end. */
  volatile boolean chatsWait;

  /** Replicas of each task that came to its outcome. */
  volatile int agreeing = 1;

  FakeMember() {
    grow(300);
  }

  /** Appends so many leaves to the log, and seals it. */
  void grow(int count) {
    long from = sequencer.size();
    var leaves = new ArrayList<LogLeaf>();
    for (long index = from; index < from + count; index++) {
      leaves.add(new LogLeaf("leaf/" + index, "%08x".formatted(index), "{}"));
    }
    take(sequencer.append(leaves, log).event().orElseThrow());
    take(sequencer.seal(LOG_KEY).orElseThrow());
  }

  private void take(LogEvent event) {
    sequencer.apply(event);
    log.apply(event);
  }

  @Override
  public CompletionStage<List<SubmitAnswer>> submit(Requester requester, List<Submission> batch) {
    TenantId tenant = requester.tenant();
    SubmitAnswer.Refused refused = unpaid;
    if (refused != null) {
      return now(() -> List.of(refused));
    }
    return now(() -> batch.stream().map(submission -> submit(tenant, submission)).toList());
  }

  private SubmitAnswer submit(TenantId tenant, Submission submission) {
    var id = JobId.of(tenant, submission.idempotencyKey());
    var digest = submission.spec().digest();
    JobSummary known = jobs.get(id);
    if (known != null) {
      return known.spec().equals(digest)
          ? new SubmitAnswer.Taken(id, known.state(), true)
          : new SubmitAnswer.Refused(
              Problem.IDEMPOTENCY_CONFLICT, "Idempotency-Key", id + " has another body");
    }
    if (submission.spec().policy().limits().priceMaxNanoOpen() > 1_000_000_000_000L) {
      return new SubmitAnswer.Refused(
          Problem.INSUFFICIENT_BALANCE, "policy.limits.priceMaxNanoOpen", "the account holds less");
    }
    if (submission.spec().name().equals(REFUSED)) {
      return new SubmitAnswer.Refused(Problem.INVALID_REQUEST, "policy", "contradicts itself");
    }
    put(summary(id, tenant, submission, digest));
    specs.put(id, submission.spec());
    if (submission.spec().workload() instanceof Workload.Inference && !chatsWait) {
      become(id, refusal == null ? JobState.SETTLED : JobState.FAILED);
    }
    return new SubmitAnswer.Taken(id, JobState.QUEUED, false);
  }

  private static JobSummary summary(
      JobId id, TenantId tenant, Submission submission, Digest digest) {
    var spec = submission.spec();
    return new JobSummary(
        id,
        tenant,
        spec.name(),
        spec.labels(),
        JobState.QUEUED,
        null,
        null,
        digest,
        spec.policy().objective(),
        spec.policy().verification(),
        spec.tasks().size(),
        List.of(POOL),
        List.of(NODE),
        0,
        null,
        1_763_800_000_000L,
        1_763_800_000_000L);
  }

  /** What was submitted under an id. */
  JobSpec submitted(JobId id) {
    return Objects.requireNonNull(specs.get(id));
  }

  /** Brings a job into a state, and tells of it. */
  void become(JobId id, JobState state) {
    JobSummary job = known(id);
    put(
        new JobSummary(
            job.id(),
            job.tenant(),
            job.name(),
            job.labels(),
            state,
            state == JobState.FAILED && refusal != null ? Problem.TASK_FAILED : job.problem(),
            job.detail(),
            job.spec(),
            job.objective(),
            job.verification(),
            job.taskCount(),
            job.pools(),
            job.nodes(),
            state.isFinal() ? 123_456 : 0,
            state == JobState.SETTLED ? 7L : null,
            job.submittedAtMillis(),
            job.changedAtMillis() + 1));
  }

  void put(JobSummary job) {
    jobs.put(job.id(), job);
    feed.publish(
        Event.Kind.JOB, job.tenant(), job.id().value(), job.state().word(), job.changedAtMillis());
  }

  private JobSummary known(JobId id) {
    JobSummary job = jobs.get(id);
    if (job == null) {
      throw new ProblemException(Problem.NOT_FOUND, "id", "there is no " + id);
    }
    return job;
  }

  private JobSummary settled(JobId id) {
    JobSummary job = known(id);
    if (job.state() != JobState.SETTLED && job.problem() != Problem.TASK_FAILED) {
      throw new ProblemException(Problem.WRONG_STATE, "id", id + " is " + job.state().word());
    }
    return job;
  }

  @Override
  public Optional<Long> charged(JobId job) {
    return Optional.ofNullable(jobs.get(job))
        .filter(known -> known.state().isFinal())
        .map(JobSummary::chargedNanoOpen);
  }

  @Override
  public CompletionStage<Page<JobSummary>> jobs(JobQuery query) {
    return now(
        () -> {
          var fitting =
              jobs.values().stream()
                  .filter(job -> query.tenant() == null || job.tenant().equals(query.tenant()))
                  .filter(job -> query.state() == null || job.state() == query.state())
                  .filter(job -> job.labels().entrySet().containsAll(query.labels().entrySet()))
                  .filter(job -> job.id().value().compareTo(query.page().cursor()) > 0)
                  .limit(query.page().limit() + 1L)
                  .toList();
          boolean more = fitting.size() > query.page().limit();
          var items = more ? fitting.subList(0, query.page().limit()) : fitting;
          return new Page<>(items, more ? items.getLast().id().value() : "");
        });
  }

  @Override
  public CompletionStage<TenantId> tenant(JobId job) {
    return now(() -> known(job).tenant());
  }

  @Override
  public CompletionStage<JobDetail> job(JobId job) {
    return now(() -> detail(known(job)));
  }

  private JobDetail detail(JobSummary job) {
    var outcome = new Outcome(Outcome.Status.FINISHED, 0, 52_000_000, Digest.of(OUTPUT), 9);
    boolean settled = job.state() == JobState.SETTLED;
    List<JobDetail.ReplicaView> replicas =
        IntStream.range(0, agreeing).mapToObj(i -> replica(job, i, outcome)).toList();
    return new JobDetail(
        job,
        List.of(new JobDetail.TaskView(0, settled ? outcome : null, replicas)),
        settled ? ReceiptLevel.MINED : null);
  }

  private static JobDetail.ReplicaView replica(JobSummary job, int index, Outcome outcome) {
    boolean settled = job.state() == JobState.SETTLED;
    return new JobDetail.ReplicaView(
        new ReplicaId(new TaskId(job.id(), 0), index),
        NODE,
        OWNER,
        POOL,
        settled ? JobDetail.ReplicaState.ACCEPTED : JobDetail.ReplicaState.RUNNING,
        settled ? outcome : null,
        null,
        null,
        2_000_000,
        settled ? 104_000 : 0,
        "es-mad",
        120);
  }

  @Override
  public CompletionStage<JobDetail> cancel(JobId job) {
    return now(
        () -> {
          if (known(job).state() == JobState.SETTLED) {
            throw new ProblemException(Problem.WRONG_STATE, "id", job + " is settled");
          }
          become(job, JobState.CANCELLED);
          return detail(known(job));
        });
  }

  @Override
  public CompletionStage<JobOutput> output(JobId job, int task) {
    return now(
        () -> {
          if (task >= settled(job).taskCount()) {
            throw new ProblemException(Problem.NOT_FOUND, "task", "there is no task " + task);
          }
          String name = specs.containsKey(job) ? known(job).name() : "";
          byte[] output =
              name.startsWith("chat ")
                  ? (refusal == null ? ANSWER : refusal).canonical()
                  : name.startsWith("embed ") ? EMBEDDED.canonical() : OUTPUT;
          return new JobOutput(Digest.of(output), output);
        });
  }

  @Override
  public CompletionStage<DryRun> dryRun(TenantId tenant, JobSpec spec) {
    return now(
        () ->
            new DryRun(
                false,
                PoolId.of("olga", "homes"),
                "homes",
                1,
                3,
                3,
                1,
                1,
                1,
                2,
                List.of(new DryRun.Effect("require", "node.cores >= 8", 1, 2)),
                new DryRun.Relaxation(
                    List.of(
                        new DryRun.Change("policy.require", "node.cores >= 8", "node.cores >= 4")),
                    spec.policy(),
                    65_536),
                new DryRun.Quote(2, 10, 20, 500, 30, 40),
                new DryRun.Start(null, "too few owners may run it"),
                List.of("weights: cost 100 %")));
  }

  @Override
  public CompletionStage<JobSpec> spec(JobId job) {
    return now(
        () -> {
          known(job);
          return Objects.requireNonNull(specs.get(job));
        });
  }

  @Override
  public CompletionStage<Explanation> explain(JobId job) {
    return now(
        () ->
            new Explanation(
                job,
                known(job).state(),
                List.of("homes was the cheapest of 2 pools that may run it"),
                List.of("1 replica waits for a slot")));
  }

  @Override
  public CompletionStage<List<JobId>> jobsStartingWith(
      @Nullable TenantId tenant, String prefix, int max) {
    return now(
        () ->
            jobs.values().stream()
                .filter(job -> tenant == null || job.tenant().equals(tenant))
                .map(JobSummary::id)
                .filter(id -> id.value().startsWith(prefix))
                .limit(max)
                .toList());
  }

  @Override
  public CompletionStage<Page<NodeSummary>> nodes(NodeQuery query) {
    return now(() -> Page.whole(List.of(SampleAnswers.nodeSummary())));
  }

  @Override
  public CompletionStage<NodeDetail> node(NodeId node) {
    return now(
        () -> {
          if (!node.equals(NODE)) {
            throw new ProblemException(Problem.NOT_FOUND, "id", "there is no " + node);
          }
          return SampleAnswers.nodeDetail();
        });
  }

  @Override
  public CompletionStage<NodeDetail> drain(NodeId node) {
    drained.add(node);
    return node(node);
  }

  @Override
  public CompletionStage<List<NodeId>> nodesStartingWith(String prefix, int max) {
    return now(() -> NODE.value().startsWith(prefix) ? List.of(NODE) : List.of());
  }

  @Override
  public CompletionStage<Page<PoolSummary>> pools(PageQuery query) {
    return now(() -> Page.whole(List.of(SampleAnswers.poolSummary())));
  }

  @Override
  public CompletionStage<PoolDetail> pool(PoolId pool) {
    return now(
        () -> {
          if (!pool.equals(POOL)) {
            throw new ProblemException(Problem.NOT_FOUND, "id", "there is no " + pool);
          }
          return SampleAnswers.poolDetail();
        });
  }

  @Override
  public CompletionStage<PoolDetail> createPool(PoolRequest request) {
    return pool(POOL);
  }

  @Override
  public CompletionStage<PoolDetail> setPool(PoolId pool, PoolChange change) {
    return pool(pool);
  }

  @Override
  public CompletionStage<PoolDetail> setQuota(PoolId pool, PoolQuotaChange quota) {
    return pool(pool);
  }

  @Override
  public CompletionStage<GovernanceView> governance() {
    return now(() -> new GovernanceView(0, Receipt.NO_RULES, "", 0, null));
  }

  @Override
  public CompletionStage<GovernanceView> rules(Digest ruleHash) {
    return governance();
  }

  @Override
  public CompletionStage<GovernanceView> setGovernance(JsonNode rules) {
    GovernedRules read = GovernedRules.read(Json.write(rules));
    return now(
        () ->
            new GovernanceView(
                read.epoch(), read.hash(), "operator", 1, Json.tree(read.canonical())));
  }

  @Override
  public CompletionStage<GovernanceSimulation> simulateGovernance(JsonNode rules) {
    GovernedRules read = GovernedRules.read(Json.write(rules));
    return now(() -> new GovernanceSimulation(read.epoch(), read.hash(), 0, 0, 0, List.of()));
  }

  @Override
  public CompletionStage<PoolMarket> market(
      PoolId pool, @Nullable TenantId tenant, String resourceClass, int clearings) {
    return now(() -> SampleAnswers.poolMarket());
  }

  @Override
  public CompletionStage<Reservations> reserve(
      TenantId tenant, String key, PoolId pool, ReservationRequest request) {
    return now(() -> new Reservations(List.of(SampleAnswers.reservation())));
  }

  @Override
  public CompletionStage<List<PoolId>> poolsStartingWith(String prefix, int max) {
    return now(() -> POOL.value().startsWith(prefix) ? List.of(POOL) : List.of());
  }

  @Override
  public CompletionStage<Claim> claim(
      TenantId tenant, String key, PoolId pool, Address owner, int ttlSeconds) {
    return now(
        () ->
            new Claim(
                new ClaimCode("127.0.0.1:7401", Digest.of(), ClaimCode.drawToken()).text(),
                pool,
                owner,
                1_763_800_000_000L + ttlSeconds * 1_000L));
  }

  private static String leaf(JobId job) {
    return Digest.of(job.bytes()).hex().repeat(9);
  }

  @Override
  public CompletionStage<ReceiptView> receipt(JobId job, boolean first) {
    return now(
        () -> {
          settled(job);
          var document = Json.tree(Map.of("version", Receipt.VERSION, "job", job.value()));
          long index = first ? 3 : 7;
          return new ReceiptView(
              job, document, leaf(job), index, ReceiptLevel.MINED, first ? null : 3L);
        });
  }

  @Override
  public CompletionStage<ReceiptProof> receiptProof(JobId job, boolean first) {
    return now(
        () -> {
          settled(job);
          return new ReceiptProof(
              1,
              Json.tree(Map.of("version", Receipt.VERSION, "job", job.value())),
              leaf(job),
              7,
              8,
              List.of(Digest.of(), Digest.of(), Digest.of()),
              "openledger.test/log\n8\n…\n",
              SampleAnswers.anchor(),
              List.of());
        });
  }

  @Override
  public CompletionStage<Page<Anchor>> anchors(PageQuery query) {
    return now(() -> Page.whole(List.of(SampleAnswers.anchor())));
  }

  @Override
  public CompletionStage<LogStatus> log() {
    return now(
        () ->
            new LogStatus(
                "openledger.test/log",
                String.valueOf(version().logKey()),
                log.size(),
                log.size(),
                1,
                log.size(),
                8,
                7,
                6,
                true,
                List.of(
                    new LogStatus.Witness(
                        "witness.test", "witness.test+00+key", "http://witness.test", 8, "away")),
                List.of(new LogStatus.Standstill("anchor-8", "send coins of the chain")),
                new LogStatus.Spent(2, 6, 69_070, "69070000000000", "813817949631", "10000000")));
  }

  @Override
  public CompletionStage<PublishedPayouts> publishedPayouts() {
    return now(() -> SampleAnswers.payouts());
  }

  @Override
  public LogTiles publishedLog() {
    return new LogTiles(log);
  }

  @Override
  public CompletionStage<Account> account(TenantId tenant) {
    return now(() -> new Account(tenant, 41_200_000_000L, 800_000_000, 0));
  }

  @Override
  public CompletionStage<DepositTerms> depositTerms(TenantId tenant) {
    return now(() -> SampleAnswers.terms(tenant));
  }

  @Override
  public CompletionStage<Withdrawal> withdraw(
      TenantId tenant, String key, WithdrawalRequest request) {
    return now(
        () -> {
          withdrawn.merge(tenant, request.amountNanoOpen(), Long::sum);
          return new Withdrawal(
              "withdrawal-1",
              tenant,
              request.amountNanoOpen(),
              request.to(),
              Withdrawal.State.REQUESTED,
              null);
        });
  }

  @Override
  public CompletionStage<SpendingSession> openSession(Requester requester, SessionRequest request) {
    return now(() -> SampleAnswers.session(requester.apiKey()));
  }

  @Override
  public CompletionStage<List<SpendingSession>> sessions(TenantId tenant) {
    return now(() -> List.of(SampleAnswers.session("demo")));
  }

  @Override
  public CompletionStage<List<SpendingSession>> takeVouchers(
      TenantId tenant, List<SignedVoucher> vouchers) {
    return sessions(tenant);
  }

  @Override
  public CompletionStage<EarningsStatement> earnings(NodeId node) {
    return now(() -> SampleAnswers.statement(node));
  }

  @Override
  public CompletionStage<EarningsStatement> modelEarnings(Address owner) {
    return now(() -> SampleAnswers.statement(null));
  }

  @Override
  public CompletionStage<ReopenedEpoch> reopenPayouts(long epoch, String by, String reason) {
    return now(() -> new ReopenedEpoch(epoch, "0x" + "a".repeat(64), 9, 9, by, reason));
  }

  @Override
  public CompletionStage<EarningsClaim> claimEarnings(Address owner) {
    return now(() -> new EarningsClaim(owner, 7, 1, null));
  }

  @Override
  public Version version() {
    return new Version(
        "0.1.0",
        Version.API,
        "25",
        901L,
        Map.of("AnchorLog", OWNER),
        "openledger.test/log",
        LogKey.of("openledger.test/log", LOG_KEY.publicKey()).toString());
  }

  @Override
  public Readiness readiness() {
    return Readiness.of(List.of(new Readiness.Check("journal", ready, ready ? "" : "disk full")));
  }

  @Override
  public String metrics() {
    return "openledger_jobs_total " + jobs.size() + "\n";
  }

  private <T> CompletionStage<T> now(Supplier<T> answer) {
    CompletableFuture<Void> before = stall;
    return before == null
        ? CompletableFuture.completedFuture(null).thenApply(_ -> answer.get())
        : before.thenApply(_ -> answer.get());
  }
}
