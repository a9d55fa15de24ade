package xyz.openledger.pools;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.governance.ClassRule;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;
import xyz.openledger.protocol.Policy;

/** What a filter asks, as terms that the index understands. */
final class FilterTerms {
  private static final BigInteger GIGAFUEL = BigInteger.valueOf(1_000_000_000);

  private FilterTerms() {}

  /** All of it, for nodes that pass the filters before it; empty if it must ask each node. */
  static Optional<List<Term>> of(Filter filter, Request request) {
    Policy.Limits limits = request.policy().limits();
    return switch (filter) {
      case Filters.Residency _ ->
          Optional.of(
              limits.regions().isEmpty()
                  ? List.of()
                  : List.of(new Term.Among(Trait.REGION, Set.copyOf(limits.regions()), false)));
      case Filters.CarbonCeiling _ -> atMost(Quantity.CARBON, limits.carbonGramsPerKwhMax());
      case Filters.Memory _ -> atLeast(Quantity.MEMORY_PER_SLOT, request.memoryMaxBytes());
      case Filters.QuickEnough _ -> atMost(Quantity.ROUND_TRIP, limits.roundTripMicrosMax());
      // Excluded nodes and owners are left out by who asks: see IndexedCandidates.
      case Filters.OtherNode _ ->
          request.nodesExcluded().isEmpty() ? Optional.of(List.of()) : Optional.empty();
      case Filters.OtherOwner _ ->
          request.ownersExcluded().isEmpty() ? Optional.of(List.of()) : Optional.empty();
      case Rules.Obeyed _ -> Optional.of(obeyed(request.work().governed()));
      case DataFilters.Shown _ -> Optional.of(DataFilters.terms(request.work().governed().data()));
      case DataFilters.Trusted _ ->
          atLeast(Quantity.REPUTATION, DataFilters.reputationMin(request.work().governed().data()));
      case Filters.WorstCasePrice _ -> atMost(Quantity.PRICE, priceMax(request));
      case Filters.Standing _ -> atLeast(Quantity.REPUTATION, limits.reputationMin());
      // No node has at least 1 and at most 0.
      case Rules.Licensed _ ->
          Optional.of(
              Rules.Licensed.lacking(request).isEmpty()
                  ? List.of()
                  : List.of(new Term.Between(Quantity.SLOTS, 1, 0)));
      // By class of work, so no one column has it: asked of each node, where it is asked at all.
      case Filters.QuickAtP99 _ when limits.latencyP99MillisMax() == null -> Optional.of(List.of());
      // Of those that accept work at all, what is offered is what is free.
      case Filters.FreeSlot _ -> atLeast(Quantity.FREE_SLOTS, 1);
      case Filters.Holds(Condition condition) when condition.lowered() ->
          Optional.of(condition.terms());
      default -> Optional.empty();
    };
  }

  /** Whether a node that fails the filter may pass it later; of filters that have terms. */
  static boolean moving(Filter filter) {
    return switch (filter) {
      case Filters.Standing _, DataFilters.Trusted _, Filters.Accepting _, Filters.FreeSlot _ ->
          true;
      case Filters.Holds(Condition condition) -> condition.moving();
      default -> false;
    };
  }

  private static List<Term> obeyed(Governed governed) {
    var terms = new ArrayList<Term>();
    if (!governed.regionsForbidden().isEmpty()) {
      var regions = new HashSet<>(governed.regionsForbidden());
      regions.add("");
      terms.add(new Term.Among(Trait.REGION, Set.copyOf(regions), true));
    }
    for (String isolated : governed.isolated()) {
      terms.add(new Term.Label(ClassRule.TAKES_LABEL + isolated, Set.of("true"), false));
    }
    return List.copyOf(terms);
  }

  /** The highest price at which all the fuel costs no more than the budget. */
  static long priceMax(Request request) {
    return BigInteger.valueOf(request.budgetNanoOpen())
        .multiply(GIGAFUEL)
        .divide(BigInteger.valueOf(request.fuelMax()))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  private static Optional<List<Term>> atMost(Quantity quantity, @Nullable Number max) {
    return Optional.of(
        max == null ? List.of() : List.of(new Term.Between(quantity, 0, max.longValue())));
  }

  private static Optional<List<Term>> atLeast(Quantity quantity, long min) {
    return Optional.of(
        min <= 0 ? List.of() : List.of(new Term.Between(quantity, min, Long.MAX_VALUE)));
  }
}
