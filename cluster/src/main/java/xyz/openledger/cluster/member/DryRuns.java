package xyz.openledger.cluster.member;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.governance.RulesInForce;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.actors.pool.PoolSurvey;
import xyz.openledger.pools.Advice;
import xyz.openledger.pools.PolicyCheck;
import xyz.openledger.pools.PoolSummary;
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
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
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

  private static final Comparator<Looked> BEST_FIRST =
      Comparator.comparing((Looked it) -> it.advice().feasible())
          .thenComparingInt(it -> it.advice().owners())
          .thenComparingInt(it -> it.advice().eligible())
          .thenComparingInt(it -> -changes(it.advice()))
          .thenComparingInt(it -> it.advice().nodes())
          .reversed()
          .thenComparing(it -> it.survey().pool());

  private record Looked(PoolSurvey survey, Advice advice) {}

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
    Request request = request(tenant, spec, replicas, governed);
    Scheduling scheduling = request.scheduling();
    List<String> told = told(spec, notes);
    var surveys = new ArrayList<CompletableFuture<PoolSurvey>>();
    List<PoolSummary> pools = member.directory().pools();
    for (PoolSummary pool : pools.subList(0, Math.min(POOLS_MAX, pools.size()))) {
      surveys.add(
          ask.<PoolMessage, PoolSurvey>of(
                  member.pool(pool.pool()),
                  replyTo ->
                      new PoolMessage.Survey(
                          NODES_MAX,
                          spec.policy().capacity(),
                          scheduling.priority(),
                          replicas,
                          replyTo))
              .toCompletableFuture());
    }
    // Not on the thread of an answer: interpreting for a thousand nodes takes milliseconds.
    return CompletableFuture.allOf(surveys.toArray(CompletableFuture[]::new))
        .thenApplyAsync(
            _ ->
                surveys.stream()
                    .map(CompletableFuture::join)
                    .map(it -> new Looked(it, Advice.of(request, replicas, it.nodes())))
                    .min(BEST_FIRST)
                    .map(best -> answer(best, request, pools.size(), told))
                    .orElseGet(() -> nowhere(request, told)));
  }

  /** What kind of capacity the figures are of. */
  private static List<String> told(JobSpec spec, List<String> notes) {
    var all = new ArrayList<>(notes);
    switch (spec.policy().capacity()) {
      case SPOT ->
          all.add(
              "on the spot: only nodes that sell there, quoted at the last clearing price or what"
                  + " they take at least; such leases may be interrupted");
      case RESERVED ->
          all.add("reserved: runs on slots that the tenant has bought ahead, which are paid for");
      case ON_DEMAND -> {}
    }
    Policy.Verification trust = spec.policy().verification();
    if (trust.method() == Policy.Method.ADAPTIVE || trust.method() == Policy.Method.TRUST) {
      all.add(
          "%s verification leases as many owners as it takes, at most %d a task: several where nodes"
                  .formatted(
                      trust.method().name().toLowerCase(Locale.ROOT),
                      trust.parameters().replicasMax())
              + " have shown little yet; nodes, start and quote below are for one");
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

  private static Request request(TenantId tenant, JobSpec spec, int replicas, Governed governed) {
    Workload workload = spec.workload();
    return new Request(
        new TaskId(JobId.of(tenant, "dry-run"), 0),
        0,
        governed.policy(spec.policy()),
        workload.fuelMax(),
        workload.memoryMaxBytes(),
        Set.of(),
        Set.of(),
        spec.policy().limits().priceMaxNanoOpen() / replicas,
        governed.scheduling(Scheduling.of(tenant, spec.labels(), spec.tasks().size(), false)),
        new Work(ClassRule.kind(spec.workload()), spec.labels(), governed));
  }

  private DryRun answer(Looked best, Request request, int pools, List<String> notes) {
    PoolSurvey survey = best.survey();
    Advice advice = best.advice();
    return new DryRun(
        advice.feasible(),
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
        relaxation(advice.relaxation()),
        quote(advice.quote()),
        start(survey, advice, request),
        Spreading.shortfall(request, survey.nodes())
            .map(note -> Stream.concat(notes.stream(), Stream.of(note)).toList())
            .orElse(notes));
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

  private static DryRun.@Nullable Quote quote(Advice.@Nullable Quote quote) {
    return quote == null
        ? null
        : new DryRun.Quote(
            quote.replicas(),
            quote.costP50NanoOpen(),
            quote.costP95NanoOpen(),
            quote.escrowNanoOpen(),
            quote.runP50Millis(),
            quote.runP95Millis());
  }

  private DryRun.Start start(PoolSurvey survey, Advice advice, Request request) {
    if (!advice.feasible()) {
      return new DryRun.Start(null, "too few owners may run it");
    }
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
