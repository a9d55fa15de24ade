package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import xyz.openledger.pools.Route.Choice;
import xyz.openledger.pools.Route.Objection;
import xyz.openledger.pools.Route.Refusal;
import xyz.openledger.pools.governance.ClassRule;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;

/** Chooses the pool for a job from what pools tell of themselves. */
public final class PoolRouter {
  private static final int BACKLOG_MAX = Score.MAX / 2;

  private static final Comparator<Choice> BEST_FIRST =
      Comparator.comparing(Choice::reputable)
          .thenComparingInt(Choice::score)
          .reversed()
          .thenComparing(Choice::pool);

  private PoolRouter() {}

  /**
   * The pools that may serve {@code request}, best first.
   *
   * @param request for one task of the job, with nobody excluded yet
   */
  public static Route rank(Request request, Collection<PoolSummary> pools) {
    return rank(request, pools, _ -> 0);
  }

  /**
   * The same for a task that would rather be where its inputs are.
   *
   * @param bytes of a blob; 0 if it is not known, and then it counts for nothing
   */
  public static Route rank(
      Request request, Collection<PoolSummary> pools, ToLongFunction<Digest> bytes) {
    var able = new ArrayList<PoolSummary>();
    var refused = new ArrayList<Refusal>();
    for (PoolSummary pool : pools) {
      List<Objection> objections = objections(request, pool);
      if (objections.isEmpty()) {
        able.add(pool);
      } else {
        refused.add(new Refusal(pool.pool(), pool.name(), objections));
      }
    }
    if (able.isEmpty()) {
      return new Route.Unsatisfiable(refused);
    }
    var field = Score.Field.of(request, able);
    return new Route.Ranked(
        able.stream().map(pool -> choice(request, pool, field, bytes)).sorted(BEST_FIRST).toList(),
        refused);
  }

  private static Choice choice(
      Request request, PoolSummary pool, Score.Field field, ToLongFunction<Digest> bytes) {
    long needed = 0;
    long held = 0;
    // Some node holds it, as far as is known; which one, the pool's matcher sees.
    for (Digest blob : request.affinity().blobs()) {
      long size = Locality.size(bytes, blob);
      needed += size;
      held += pool.held().mayHold(blob) ? size : 0;
    }
    int policy = Scores.total(request, pool, field);
    long waiting = (long) pool.queued() + pool.slots();
    int backlog = waiting == 0 ? 0 : (int) ((long) BACKLOG_MAX * pool.queued() / waiting);
    return new Choice(
        pool.pool(),
        pool.name(),
        Math.max(0, (needed == 0 ? policy : Locality.score(held, needed, policy)) - backlog),
        Scores.parts(request, pool, field),
        backlog,
        pool.reputation() >= request.policy().limits().reputationMin(),
        needed == 0 ? "" : Locality.words(held, needed));
  }

  private static List<Objection> objections(Request request, PoolSummary pool) {
    var objections = new Objections();
    objections.unless(
        pool.owners() >= request.ownersMin(),
        Clause.OWNER,
        request.ownersMin() > request.agreement()
            ? "%s owners, where one is audited %s must agree"
            : "%s owners, %s must agree",
        pool.owners(),
        request.ownersMin());
    if (pool.nodes() == 0) {
      return objections.found;
    }
    Policy.Limits limits = request.policy().limits();
    objections.unless(
        limits.regions().isEmpty() || limits.regions().stream().anyMatch(pool.regions()::contains),
        Clause.REGION,
        "in %s, policy allows %s",
        pool.regions(),
        limits.regions());
    int carbonMax =
        limits.carbonGramsPerKwhMax() == null
            ? Node.CARBON_GRAMS_PER_KWH_MAX
            : limits.carbonGramsPerKwhMax();
    objections.unless(
        pool.carbonGramsPerKwh() <= carbonMax,
        Clause.CARBON,
        "cleanest grid at %s g CO2/kWh, policy allows %s",
        pool.carbonGramsPerKwh(),
        carbonMax);
    objections.unless(
        pool.memoryMaxBytesPerSlot() >= request.memoryMaxBytes(),
        Clause.MEMORY,
        "at most %s bytes for a task, it needs %s",
        pool.memoryMaxBytesPerSlot(),
        request.memoryMaxBytes());
    Integer quick = limits.roundTripMicrosMax();
    objections.unless(
        quick == null || pool.roundTripMicros() <= quick,
        Clause.ROUND_TRIP,
        "quickest round trip of %s microseconds, policy allows %s",
        pool.roundTripMicros(),
        quick == null ? "any" : quick);
    long price = Price.ofReplica(request.fuelMax(), pool.priceNanoOpenPerGigafuel());
    objections.unless(
        // The summary tells the posted prices; what else is sold has prices of its own.
        request.policy().capacity() != Policy.Capacity.ON_DEMAND
            || price <= request.budgetNanoOpen(),
        Clause.PRICE,
        "at least %s nano-OPEN for a replica that burns all its fuel, the budget leaves %s",
        price,
        request.budgetNanoOpen());
    ownWords(request, pool, objections);
    governance(request, pool, objections);
    data(request, pool, objections);
    return objections.found;
  }

  /** What changes by itself, and what has to be interpreted, rules nobody out here. */
  private static void ownWords(Request request, PoolSummary pool, Objections objections) {
    for (Condition condition : Conditions.of(request.policy()).all()) {
      objections.unless(
          condition.moving() || !condition.lowered() || pool.sketch().most(condition.terms()) > 0,
          condition.clause(),
          "none of %s nodes meets `%s`",
          pool.nodes(),
          condition.words());
    }
  }

  private static void governance(Request request, PoolSummary pool, Objections objections) {
    Governed governed = request.work().governed();
    List<String> forbidden = governed.regionsForbidden();
    objections.unless(
        forbidden.isEmpty()
            || pool.regions().stream().anyMatch(it -> !it.isEmpty() && !forbidden.contains(it)),
        Clause.GOVERNANCE,
        "in %s, and governance forbids %s",
        pool.regions(),
        forbidden);
    for (String isolated : governed.isolated()) {
      String label = ClassRule.TAKES_LABEL + isolated;
      objections.unless(
          pool.sketch().most(List.of(new Term.Label(label, Set.of("true"), false))) > 0,
          Clause.GOVERNANCE,
          "none of %s nodes says %s",
          pool.nodes(),
          label);
    }
  }

  /** What a node says of itself; its past changes by itself. */
  private static void data(Request request, PoolSummary pool, Objections objections) {
    DataRule data = request.work().governed().data();
    objections.unless(
        data == null || pool.sketch().most(DataFilters.terms(data)) > 0,
        Clause.DATA_CLASS,
        "none of %s nodes may be shown them: %s",
        pool.nodes(),
        data == null ? "" : data.words());
  }

  private static final class Objections {
    final List<Objection> found = new ArrayList<>();

    void unless(boolean holds, Clause clause, String form, Object actual, Object allowed) {
      if (!holds) {
        found.add(new Objection(clause, form.formatted(actual, allowed)));
      }
    }
  }
}
