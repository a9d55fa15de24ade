package xyz.openledger.cluster.member;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.governance.RulesInForce;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.actors.pool.PoolProspects;
import xyz.openledger.actors.pool.PoolSurvey;
import xyz.openledger.pools.Advice;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PolicyCheck;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.Profiles;
import xyz.openledger.pools.Relaxation;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Spreading;
import xyz.openledger.pools.TimeShift;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.governance.ClassRule;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.pools.governance.Ruling;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.DryRun;

/** Says what would become of a job, from the nodes as the pools know them. */
final class DryRuns {
  /** Of one pool. A survey of so many still fits the frames between members. */
  private static final int NODES_MAX = 1_000;

  private static final int POOLS_MAX = 32;

  private static final int ROUNDS_MAX = 4;

  private static final Comparator<Looked> BEST_FIRST =
      Comparator.comparing((Looked it) -> it.feasible())
          .thenComparingInt(it -> it.advice().owners())
          .thenComparingInt(it -> it.advice().eligible())
          .thenComparingInt(it -> -changes(it.advice()))
          .thenComparingInt(it -> it.advice().nodes())
          .reversed()
          .thenComparing(it -> it.survey().pool());

  /** What one pool would say, with how many owners a task takes there and what it may spend. */
  record Looked(
      PoolSurvey survey,
      PoolProspects prospects,
      Request request,
      Advice advice,
      Company company,
      int tasks) {
    /** Whether its owners and the tenant's quota there suffice. */
    boolean feasible() {
      return advice.feasible() && company.best().stands() && !beyondQuota();
    }

    /** Whether the tenant may never use as many slots here as have to be taken at once. */
    boolean beyondQuota() {
      return request.policy().capacity() == Policy.Capacity.ON_DEMAND
          && prospects.quotaMax() < (request.scheduling().gang() ? replicas() : 1);
    }

    int replicas() {
      return tasks * company.needed();
    }

    /** What the tenant's quota holds back now; empty if it does not count. */
    String heldBack() {
      return request.policy().capacity() == Policy.Capacity.ON_DEMAND ? prospects.quota() : "";
    }
  }

  private final Member member;
  private final Ask ask;

  private final Clock clock = Clock.systemUTC();

  DryRuns(Member member) {
    this.member = member;
    this.ask = new Ask(member.system());
  }

  /** Refuses a policy that cannot be read or met, with its place in the job. */
  static List<String> check(JobSpec spec) {
    try {
      return PolicyCheck.check(spec.policy());
    } catch (ProblemException refused) {
      throw refused.within("policy");
    }
  }

  CompletionStage<DryRun> of(TenantId tenant, JobSpec spec) {
    try {
      return of(tenant, spec, check(spec));
    } catch (ProblemException refused) {
      return CompletableFuture.failedStage(refused);
    }
  }

  private CompletionStage<DryRun> of(TenantId tenant, JobSpec spec, List<String> checked) {
    var notes = new ArrayList<>(checked);
    int replicas = spec.tasks().size() * spec.policy().verification().parameters().agreement();
    Governed governed = governed(member.rules(), spec, notes);
    Request request =
        request(tenant, spec, replicas, governed, ModelLicences.of(member.models(), spec));
    Scheduling scheduling = request.scheduling();
    List<String> told = told(spec, notes);
    int tasks = spec.tasks().size();
    var looks = new ArrayList<CompletableFuture<Looked>>();
    List<PoolSummary> pools = member.directory().pools();
    var of = ResourceClass.of(request);
    for (PoolSummary pool : pools.subList(0, Math.min(POOLS_MAX, pools.size()))) {
      CompletionStage<PoolSurvey> survey =
          ask.of(
              member.pool(pool.pool()),
              replyTo ->
                  new PoolMessage.Survey(
                      NODES_MAX,
                      spec.policy().capacity(),
                      scheduling.priority(),
                      replicas,
                      of,
                      replyTo));
      CompletionStage<PoolProspects> prospects =
          ask.of(
              member.pool(pool.pool()),
              replyTo ->
                  new PoolMessage.Prospects(
                      tenant, request.fuelMax(), request.memoryMaxBytes(), of, replyTo));
      // Not on the thread of an answer: interpreting for a thousand nodes takes milliseconds.
      looks.add(
          survey
              .thenCombineAsync(prospects, (there, met) -> look(request, tasks, there, met))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
        .thenApplyAsync(
            _ -> {
              List<Looked> all = looks.stream().map(CompletableFuture::join).toList();
              return all.stream()
                  .min(BEST_FIRST)
                  .map(best -> answer(best, all, pools.size(), told))
                  .orElseGet(() -> nowhere(request, told));
            });
  }

  /** What a pool would say if the price limit is shared by as many replicas as it takes there. */
  static Looked look(Request asked, int tasks, PoolSurvey survey, PoolProspects prospects) {
    long price = asked.policy().limits().priceMaxNanoOpen();
    Policy.Verification trust = asked.policy().verification();
    int needed = trust.parameters().agreement();
    Request request = asked;
    Company company = Company.of(trust, List.of(), prospects.known());
    // Fewer nodes may be dear enough for more replicas, which takes others: soon there is an end.
    for (int round = 0; round < ROUNDS_MAX; round++) {
      request = asked.spending(price / ((long) tasks * needed));
      List<Node> eligible = Advice.eligible(request, survey.nodes());
      company = Company.of(trust, eligible, prospects.known());
      if (company.needed() <= needed) {
        break;
      }
      needed = company.needed();
    }
    Advice advice = Advice.of(request, tasks * needed, needed, survey.nodes());
    return new Looked(survey, prospects, request, advice, company, tasks);
  }

  /** What kind of capacity the figures are of. */
  private static List<String> told(JobSpec spec, List<String> notes) {
    var all = new ArrayList<>(notes);
    switch (spec.policy().capacity()) {
      case SPOT ->
          all.add(
              "on the spot: only nodes that sell there; p50 is the last clearing price or what they"
                  + " take at least, p95 the highest at which the next clearing may end; such"
                  + " leases may be interrupted");
      case RESERVED ->
          all.add("reserved: runs on slots that the tenant has bought ahead, which are paid for");
      case ON_DEMAND -> {}
    }
    return List.copyOf(all);
  }

  /** What governance says of a job; refuses what it does not allow. */
  static Governed governed(RulesInForce inForce, JobSpec spec, List<String> notes) {
    GovernedRules rules = inForce.rules();
    return switch (rules.rule(spec)) {
      case Ruling.Refused(var field, var reason) ->
          throw new ProblemException(
              Problem.GOVERNANCE_FORBIDS, field, reason + inForce.decidedBy());
      case Ruling.Admitted(var governed) -> {
        if (rules.epoch() > 0) {
          notes.add("it would be decided under governance epoch " + rules.epoch());
        }
        Policy.Weights raised = governed.policy(spec.policy()).objective().weights();
        if (!raised.equals(spec.policy().objective().weights())) {
          notes.add(
              "governance raises the weights to cost %d, latency %d, reliability %d, carbon %d"
                  .formatted(
                      raised.cost(), raised.latency(), raised.reliability(), raised.carbon()));
        }
        yield governed;
      }
    };
  }

  private static Request request(
      TenantId tenant, JobSpec spec, int replicas, Governed governed, List<String> licences) {
    Workload workload = spec.workload();
    return new Request(
        new TaskId(JobId.of(tenant, "dry-run"), 0),
        0,
        Profiles.of(governed.policy(spec.policy()), workload, spec.tasks().getFirst()),
        workload.fuelMax(),
        workload.memoryMaxBytes(),
        Set.of(),
        Set.of(),
        spec.policy().limits().priceMaxNanoOpen() / replicas,
        governed.scheduling(Scheduling.of(tenant, spec.labels(), spec.tasks().size(), false)),
        new Work(ClassRule.kind(spec.workload()), spec.labels(), governed, licences));
  }

  private DryRun answer(Looked best, List<Looked> looks, int pools, List<String> notes) {
    PoolSurvey survey = best.survey();
    Advice advice = best.advice();
    var said = new ArrayList<>(notes);
    Company all = best.feasible() || best.beyondQuota() ? best.company() : union(best, looks);
    boolean together = !best.feasible() && !best.beyondQuota() && all.best().stands();
    if (together) {
      said.add(
          "no pool has enough owners alone; those of %d pools together would do: what one cannot give"
                  .formatted(looks.size())
              + " is sought in the next after ten seconds");
    }
    said.addAll(Remarks.of(best, all));
    Spreading.shortfall(best.request(), survey.nodes()).ifPresent(said::add);
    return new DryRun(
        best.feasible() || together,
        survey.pool(),
        survey.name(),
        pools,
        survey.total(),
        advice.nodes(),
        advice.eligible(),
        advice.eligibleNow(),
        advice.owners(),
        advice.ownersNeeded(),
        advice.effects().stream().map(DryRuns::effect).toList(),
        together ? null : relaxation(advice.relaxation()),
        quote(best),
        together
            ? new DryRun.Start(null, "unknown: some of its replicas have to go to other pools")
            : start(best),
        List.copyOf(said));
  }

  /** The owners of all pools together. */
  private static Company union(Looked best, List<Looked> looks) {
    var eligible = new ArrayList<Node>();
    var known = new ArrayList<PoolProspects.Known>();
    for (Looked each : looks) {
      eligible.addAll(Advice.eligible(best.request(), each.survey().nodes()));
      known.addAll(each.prospects().known());
    }
    return Company.of(best.request().policy().verification(), eligible, known);
  }

  private static DryRun nowhere(Request request, List<String> notes) {
    return new DryRun(
        false,
        null,
        "",
        0,
        0,
        0,
        0,
        0,
        0,
        request.policy().verification().parameters().agreement(),
        List.of(),
        null,
        null,
        new DryRun.Start(null, "there is no pool"),
        notes);
  }

  private static DryRun.Effect effect(Advice.Effect effect) {
    return new DryRun.Effect(
        effect.clause().label(), effect.words(), effect.first(), effect.alone());
  }

  private static DryRun.@Nullable Relaxation relaxation(@Nullable Relaxation relaxation) {
    return relaxation == null
        ? null
        : new DryRun.Relaxation(
            relaxation.changes().stream()
                .map(change -> new DryRun.Change(change.field(), change.from(), change.to()))
                .toList(),
            relaxation.policy(),
            relaxation.memoryMaxBytes());
  }

  /** At p95 with as many replicas as it takes then, and at the price that a clearing may have. */
  private static DryRun.@Nullable Quote quote(Looked best) {
    Advice.Quote quote = best.advice().quote();
    if (quote == null) {
      return null;
    }
    Company company = best.company();
    int dearest = best.tasks() * Math.max(company.needed(), company.p95());
    long p95 = quote.costP95NanoOpen() / quote.replicas();
    if (best.request().policy().capacity() == Policy.Capacity.SPOT) {
      // A job bids what its limit leaves, and never pays more.
      long highest =
          Price.ofReplica(best.request().fuelMax(), Math.max(0, best.prospects().spotNanoOpen()));
      p95 = Math.max(p95, Math.min(best.request().budgetNanoOpen(), highest));
    }
    return new DryRun.Quote(
        quote.replicas(),
        quote.costP50NanoOpen(),
        p95 * dearest,
        quote.escrowNanoOpen(),
        quote.runP50Millis(),
        quote.runP95Millis(),
        dearest == quote.replicas() ? null : dearest);
  }

  private DryRun.Start start(Looked best) {
    PoolSurvey survey = best.survey();
    Advice advice = best.advice();
    if (!best.feasible()) {
      return new DryRun.Start(
          null,
          best.beyondQuota() ? "its tenant's quota never lets it" : "too few owners may run it");
    }
    if (!best.heldBack().isEmpty()) {
      return new DryRun.Start(
          null, "unknown: not before its tenant's quota lets it: " + best.heldBack());
    }
    Request request = best.request();
    long now = clock.millis();
    var wait =
        new TimeShift(member.surroundings().grid())
            .of(request, survey.nodes(), now + request.policy().limits().deadlineMillis(), now);
    return wait.map(it -> new DryRun.Start(it.untilMillis() - now, it.words()))
        .orElseGet(() -> start(survey, advice));
  }

  private static DryRun.Start start(PoolSurvey survey, Advice advice) {
    Forecast.Eta eta = survey.eta();
    if (eta != null) {
      return new DryRun.Start(
          eta.p50Millis(),
          eta.p90Millis(),
          "%s: %d tasks wait in the pool".formatted(eta.words(), survey.queued()));
    }
    if (survey.queued() == 0 && advice.ownersNow() >= advice.ownersNeeded()) {
      return new DryRun.Start(0L, "at once: enough eligible nodes have a free slot");
    }
    return new DryRun.Start(
        null,
        survey.queued() > 0
            ? "unknown: %d tasks wait before it, and none has been given a slot yet"
                .formatted(survey.queued())
            : "unknown: it waits for a slot on an eligible node");
  }

  private static int changes(Advice advice) {
    Relaxation relaxation = advice.relaxation();
    return relaxation == null ? Integer.MAX_VALUE : relaxation.changes().size();
  }
}
