package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.pools.expression.Requirement;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;
import xyz.openledger.protocol.Policy;

/** Finds what no node could ever meet, however many join: a limit alone, or two that exclude. */
final class Contradictions {
  private static final long REPUTATION_MAX = 10_000;

  private Contradictions() {}

  private record Said(String words, Term term) {}

  /** The first contradiction, as a sentence. */
  static Optional<String> in(Policy policy, Conditions conditions) {
    return among(said(policy, conditions));
  }

  /** The first contradiction of a requirement with itself, as a sentence. */
  static Optional<String> in(String field, Requirement requirement) {
    return among(
        requirement.conjuncts().stream()
            .flatMap(
                conjunct ->
                    conjunct.terms().stream()
                        .map(term -> new Said(field + " `" + conjunct.source() + "`", term)))
            .toList());
  }

  private static Optional<String> among(List<Said> said) {
    for (int i = 0; i < said.size(); i++) {
      Said one = said.get(i);
      if (impossible(one.term())) {
        return Optional.of("no node can ever meet " + one.words());
      }
      for (Said other : said.subList(0, i)) {
        if (exclude(other.term(), one.term())) {
          return Optional.of(
              "%s and %s contradict one another: no node can meet both"
                  .formatted(other.words(), one.words()));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Said> said(Policy policy, Conditions conditions) {
    var said = new ArrayList<Said>();
    Policy.Limits limits = policy.limits();
    if (!limits.regions().isEmpty()) {
      said.add(
          new Said(
              "limits.regions " + String.join(", ", limits.regions()),
              new Term.Among(Trait.REGION, Set.copyOf(limits.regions()), false)));
    }
    Integer carbon = limits.carbonGramsPerKwhMax();
    if (carbon != null) {
      said.add(
          new Said(
              "limits.carbonGramsPerKwhMax " + carbon,
              new Term.Between(Quantity.CARBON, 0, carbon)));
    }
    Integer roundTrip = limits.roundTripMicrosMax();
    if (roundTrip != null) {
      said.add(
          new Said(
              "limits.roundTripMicrosMax " + roundTrip,
              new Term.Between(Quantity.ROUND_TRIP, 0, roundTrip)));
    }
    if (limits.reputationMin() > 0) {
      said.add(
          new Said(
              "limits.reputationMin " + limits.reputationMin(),
              new Term.Between(Quantity.REPUTATION, limits.reputationMin(), REPUTATION_MAX)));
    }
    for (Condition condition : conditions.all()) {
      String words = "%s `%s`".formatted(condition.clause().label(), condition.words());
      condition.terms().forEach(term -> said.add(new Said(words, term)));
    }
    return said;
  }

  private static boolean impossible(Term term) {
    return switch (term) {
      case Term.Between(var quantity, var min, var max) ->
          min > max
              || (quantity == Quantity.REPUTATION && min > REPUTATION_MAX)
              // A grid that declares 0 g has not declared: it counts as the worst there is.
              || (quantity == Quantity.CARBON && max == 0);
      case Term.Among(_, var values, var negated) -> !negated && values.isEmpty();
      case Term.Label(_, var values, var negated) -> !negated && values.isEmpty();
      case Term.Labelled _ -> false;
    };
  }

  private static boolean exclude(Term left, Term right) {
    return switch (left) {
      case Term.Between(var quantity, var min, var max) ->
          right instanceof Term.Between(var other, var otherMin, var otherMax)
              && quantity == other
              && Math.max(min, otherMin) > Math.min(max, otherMax);
      case Term.Among(var trait, var values, var negated) ->
          right instanceof Term.Among(var other, var otherValues, var otherNegated)
              && trait == other
              && exclude(values, negated, otherValues, otherNegated, trait != Trait.ACCELERATORS);
      case Term.Label(var key, var values, var negated) ->
          switch (right) {
            case Term.Label(var other, var otherValues, var otherNegated) ->
                key.equals(other) && exclude(values, negated, otherValues, otherNegated, true);
            case Term.Labelled(var other, var absent) -> key.equals(other) && absent && !negated;
            default -> false;
          };
      case Term.Labelled(var key, var absent) ->
          switch (right) {
            case Term.Label(var other, _, var negated) -> key.equals(other) && absent && !negated;
            case Term.Labelled(var other, var otherAbsent) ->
                key.equals(other) && absent != otherAbsent;
            default -> false;
          };
    };
  }

  /**
   * Whether no value is among both.
   *
   * @param single whether a node has exactly one
   */
  private static boolean exclude(
      Set<String> left, boolean leftNot, Set<String> right, boolean rightNot, boolean single) {
    if (leftNot == rightNot) {
      return single && !leftNot && Collections.disjoint(left, right);
    }
    return leftNot ? left.containsAll(right) : right.containsAll(left);
  }
}
