package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Relaxation.Change;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Licence;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Workload;

/** A request that gives way in some clauses, just as far as some nodes need it. */
final class Loosened {
  /** What dropping something counts, in basis points: as much as doubling a limit. */
  static final long DROPPED = 10_000;

  private static final int REGIONS_MAX = 32;
  private static final int LICENCES_MAX = 32;
  private static final long LATENCY_MILLIS_MAX = 7 * 86_400_000L;
  private static final long PRICE_MAX = 1_000_000_000_000_000_000L;

  private final Request request;
  private final int replicas;
  private final List<Node> nodes;
  private final List<Change> changes = new ArrayList<>();
  private final Set<Condition> dropped = new LinkedHashSet<>();
  private final List<String> replaced = new ArrayList<>();

  private long price;
  private List<String> regions;
  private @Nullable Integer carbon;
  private int reputation;
  private @Nullable Integer roundTrip;
  private @Nullable Integer latency;
  private @Nullable List<String> licences;
  private long memory;
  private Policy.Verification verification;

  Loosened(
      Request request,
      int replicas,
      int needed,
      List<Filter> filters,
      long clauses,
      List<Node> nodes,
      int agreement) {
    this.request = request;
    this.replicas = replicas;
    this.nodes = nodes;
    Policy.Limits limits = request.policy().limits();
    price = limits.priceMaxNanoOpen();
    regions = limits.regions();
    carbon = limits.carbonGramsPerKwhMax();
    reputation = limits.reputationMin();
    roundTrip = limits.roundTripMicrosMax();
    latency = limits.latencyP99MillisMax();
    licences = limits.licences();
    memory = request.memoryMaxBytes();
    verification = request.policy().verification();
    for (int i = 0; i < filters.size(); i++) {
      if ((clauses & (1L << i)) != 0 && !failing(filters.get(i)).isEmpty()) {
        loosen(filters.get(i));
      }
    }
    if (agreement < needed) {
      agree(agreement, needed);
    }
  }

  /** How far a clause would have to give way for {@code node}; empty if it cannot. */
  static OptionalLong basisPoints(Request request, int replicas, Filter filter, Node node) {
    Policy.Limits limits = request.policy().limits();
    return switch (filter.clause()) {
      case REGION -> OptionalLong.of(DROPPED);
      case CARBON -> share(node.carbonAtWorstGramsPerKwh(), orZero(limits.carbonGramsPerKwhMax()));
      case ROUND_TRIP -> share(node.roundTripMicros(), orZero(limits.roundTripMicrosMax()));
      case MEMORY ->
          pages(node) == 0 ? OptionalLong.empty() : share(pages(node), request.memoryMaxBytes());
      case PRICE -> {
        long worst = worst(request, node);
        yield worst > PRICE_MAX / replicas
            ? OptionalLong.empty()
            : share(worst, request.budgetNanoOpen());
      }
      case REPUTATION -> share(node.reputation(), limits.reputationMin());
      case LATENCY_P99 ->
          share(Filters.QuickAtP99.millis(request, node), orZero(limits.latencyP99MillisMax()));
      // What nobody states a licence of cannot be allowed.
      case LICENCE ->
          Rules.Licensed.lacking(request).contains(Licence.NONE_STATED)
              ? OptionalLong.empty()
              : OptionalLong.of(DROPPED);
      case SELECTOR -> OptionalLong.of(DROPPED);
      case REQUIRE ->
          filter instanceof Filters.Holds(var condition)
              ? apart(condition, node)
              : OptionalLong.empty();
      case NODE,
          GOVERNANCE,
          DATA_CLASS,
          DATA_REPUTATION,
          TERMS,
          ATTESTATION,
          OWNER,
          SPREAD,
          ACCEPTING,
          SLOT ->
          OptionalLong.empty();
    };
  }

  private static OptionalLong apart(Condition condition, Node node) {
    Term.Between bounds = bounded(condition);
    return bounds == null
        ? OptionalLong.of(DROPPED)
        : share(bounds.quantity().of(node), bound(bounds));
  }

  private void loosen(Filter filter) {
    Policy.Limits limits = request.policy().limits();
    switch (filter.clause()) {
      case REGION -> {
        var wider = new LinkedHashSet<>(limits.regions());
        new TreeSet<>(nodes.stream().map(Node::region).toList()).forEach(wider::add);
        regions = wider.size() > REGIONS_MAX || wider.contains("") ? List.of() : List.copyOf(wider);
        changed(
            filter,
            "limits.regions",
            words(limits.regions()),
            regions.isEmpty() ? "anywhere" : words(regions));
      }
      case CARBON -> {
        int worst = (int) most(filter, Node::carbonAtWorstGramsPerKwh);
        carbon = worst >= Node.CARBON_GRAMS_PER_KWH_MAX ? null : (Integer) worst;
        changed(
            filter,
            "limits.carbonGramsPerKwhMax",
            limits.carbonGramsPerKwhMax() + " g CO2/kWh",
            carbon == null ? "none, since grids are undeclared" : carbon + " g CO2/kWh");
      }
      case ROUND_TRIP -> {
        roundTrip = (int) most(filter, Node::roundTripMicros);
        changed(
            filter,
            "limits.roundTripMicrosMax",
            String.valueOf(limits.roundTripMicrosMax()),
            String.valueOf(roundTrip));
      }
      case MEMORY -> {
        memory = Math.min(memory, least(filter, Loosened::pages));
        changed(filter, "memoryMaxBytes", request.memoryMaxBytes() + " bytes", memory + " bytes");
      }
      case PRICE -> {
        price = Math.max(price, most(filter, node -> worst(request, node)) * replicas);
        changed(
            filter,
            "limits.priceMaxNanoOpen",
            Long.toString(limits.priceMaxNanoOpen()),
            Long.toString(price));
      }
      case REPUTATION -> {
        reputation = (int) Math.min(reputation, least(filter, Node::reputation));
        changed(
            filter,
            "limits.reputationMin",
            Integer.toString(limits.reputationMin()),
            Integer.toString(reputation));
      }
      case LATENCY_P99 -> {
        latency =
            (int)
                Math.min(
                    LATENCY_MILLIS_MAX,
                    most(filter, node -> Filters.QuickAtP99.millis(request, node)));
        changed(
            filter,
            "limits.latencyP99MillisMax",
            String.valueOf(limits.latencyP99MillisMax()),
            String.valueOf(latency));
      }
      case LICENCE -> {
        List<String> allowed = limits.licences() == null ? List.of() : limits.licences();
        var wider = new LinkedHashSet<>(allowed);
        for (String lacking : Rules.Licensed.lacking(request)) {
          wider.addAll(Licence.missing(lacking, wider));
        }
        licences = wider.size() > LICENCES_MAX ? null : List.copyOf(wider);
        changed(
            filter, "limits.licences", words(allowed), licences == null ? "any" : words(licences));
      }
      case SELECTOR -> drop(filter, ((Filters.Holds) filter).condition(), "selector");
      case REQUIRE -> {
        Condition condition = ((Filters.Holds) filter).condition();
        Term.Between bounds = bounded(condition);
        if (bounds != null) {
          dropped.add(condition);
          String wider = wider(bounds, filter);
          replaced.add(wider);
          changed(filter, "require", condition.words(), wider);
        } else {
          drop(filter, condition, "require");
        }
      }
      case NODE,
          GOVERNANCE,
          DATA_CLASS,
          DATA_REPUTATION,
          TERMS,
          ATTESTATION,
          OWNER,
          SPREAD,
          ACCEPTING,
          SLOT ->
          throw new IllegalStateException(filter.clause() + " does not give way");
    }
  }

  private void agree(int agreement, int needed) {
    var before = verification;
    boolean counted = before.method() == Policy.Method.QUORUM;
    verification =
        new Policy.Verification(
            agreement == 1 ? Policy.Method.TRUSTED : Policy.Method.QUORUM,
            new Policy.Parameters(
                agreement,
                agreement == 1 && !counted
                    ? 1
                    : Math.max(agreement, before.parameters().replicasMax())),
            null,
            null,
            agreement == 1 ? null : before.tolerance());
    String from = needed == 1 ? "1 owner" : needed + " owners";
    changes.add(
        new Change(
            Clause.OWNER,
            counted ? "policy.verification.parameters.agreement" : "policy.verification.method",
            counted ? from : "%s, which takes %s".formatted(word(before.method()), from),
            agreement == 1
                ? "1 owner, trusted"
                : agreement + (counted ? " owners" : " owners, quorum"),
            DROPPED));
  }

  private static String word(Policy.Method method) {
    return method.name().toLowerCase(Locale.ROOT);
  }

  private void drop(Filter filter, Condition condition, String field) {
    dropped.add(condition);
    changed(filter, field, condition.words(), "nothing");
  }

  private void changed(Filter filter, String field, String from, String to) {
    long basisPoints =
        nodes.stream()
            .mapToLong(node -> basisPoints(request, replicas, filter, node).orElse(0))
            .max()
            .orElse(0);
    String path = filter.clause() == Clause.MEMORY ? "workload." : "policy.";
    changes.add(new Change(filter.clause(), path + field, from, to, basisPoints));
  }

  Relaxation relaxation() {
    Policy policy = request.policy();
    return new Relaxation(
        changes,
        new Policy(
            policy.objective(),
            new Policy.Limits(
                price,
                policy.limits().deadlineMillis(),
                regions,
                carbon,
                reputation,
                roundTrip,
                policy.limits().dataClass(),
                latency,
                licences),
            verification,
            policy.capacity(),
            require(),
            policy.prefer(),
            selector(),
            policy.shift(),
            policy.spread()),
        memory);
  }

  private @Nullable String require() {
    String require = request.policy().require();
    if (require == null || dropped.stream().noneMatch(Condition.Required.class::isInstance)) {
      return require;
    }
    List<String> parts =
        new ArrayList<>(
            Conditions.of(request.policy()).all().stream()
                .filter(it -> it instanceof Condition.Required && !dropped.contains(it))
                .map(it -> ((Condition.Required) it).conjunct().asPart())
                .toList());
    parts.addAll(replaced);
    return parts.isEmpty() ? null : String.join(" && ", parts);
  }

  private @Nullable List<Policy.LabelRequirement> selector() {
    List<Policy.LabelRequirement> left =
        Conditions.of(request.policy()).all().stream()
            .filter(it -> it instanceof Condition.Selected && !dropped.contains(it))
            .map(it -> ((Condition.Selected) it).requirement())
            .toList();
    return left.isEmpty() ? null : left;
  }

  /** The one bound of a condition that has just that; else null: it can only be dropped. */
  private static Term.@Nullable Between bounded(Condition condition) {
    return condition.terms().size() == 1
            && condition.terms().getFirst() instanceof Term.Between bounds
            && (bounds.min() == 0) != (bounds.max() == Long.MAX_VALUE)
        ? bounds
        : null;
  }

  private static long bound(Term.Between bounds) {
    return bounds.min() == 0 ? bounds.max() : bounds.min();
  }

  private String wider(Term.Between bounds, Filter filter) {
    String field = "node." + bounds.quantity().field();
    return bounds.min() == 0
        ? field + " <= " + most(filter, bounds.quantity()::of)
        : field + " >= " + least(filter, bounds.quantity()::of);
  }

  private long most(Filter filter, ToLongFunction<Node> value) {
    return failing(filter).stream().mapToLong(value).max().orElse(0);
  }

  private long least(Filter filter, ToLongFunction<Node> value) {
    return failing(filter).stream().mapToLong(value).min().orElse(0);
  }

  /** Those for whose sake the clause gives way. */
  private Collection<Node> failing(Filter filter) {
    return nodes.stream()
        .filter(node -> !(filter.test(request, node) instanceof Filter.Verdict.Feasible))
        .toList();
  }

  private static long pages(Node node) {
    return node.memoryMaxBytesPerSlot() / Workload.Wasm.PAGE_BYTES * Workload.Wasm.PAGE_BYTES;
  }

  private static long worst(Request request, Node node) {
    return Price.ofReplica(request.fuelMax(), node.priceNanoOpenPerGigafuel());
  }

  private static long orZero(@Nullable Integer limit) {
    return limit == null ? 0 : limit;
  }

  /** How far {@code actual} is from {@code asked}, relative to that. */
  private static OptionalLong share(long actual, long asked) {
    double apart = Math.abs((double) actual - asked) / Math.max(1, asked);
    return OptionalLong.of((long) Math.min(1e15, Math.ceil(apart * 10_000)));
  }

  private static String words(List<String> regions) {
    return regions.stream().collect(Collectors.joining(", "));
  }
}
