package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.expression.Conjunct;
import xyz.openledger.pools.expression.Requirement;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Satisfiability;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;
import xyz.openledger.protocol.Policy;

/**
 * Finds what no node could ever meet, however many join: conditions that exclude one another, none
 * of which could be left out. What it names is a contradiction for certain; of what is interpreted
 * it understands only a part, and does not find every one.
 */
final class Contradictions {
  private Contradictions() {}

  /** A condition in words, and where it stands; none for a limit, whose name says so. */
  private record Said(String words, String place) {
    @Override
    public String toString() {
      return place.isEmpty() ? words : words + " at " + place;
    }
  }

  /** The first contradiction, as a sentence. */
  static Optional<String> in(Policy policy, Conditions conditions) {
    var all = new ArrayList<Satisfiability.Condition<Said>>(limits(policy.limits()));
    for (Condition condition : conditions.all()) {
      String words = "%s `%s`".formatted(condition.clause().label(), condition.words());
      all.add(
          condition instanceof Condition.Required(Conjunct conjunct)
              ? new Satisfiability.Condition<>(new Said(words, conjunct.place()), conjunct.cases())
              : new Satisfiability.Condition<>(new Said(words, ""), List.of(condition.terms())));
    }
    return among(all);
  }

  /** The first contradiction of a requirement with itself, as a sentence. */
  static Optional<String> in(String field, Requirement requirement) {
    return among(
        requirement.conjuncts().stream()
            .map(
                conjunct ->
                    new Satisfiability.Condition<>(
                        new Said("%s `%s`".formatted(field, conjunct.source()), conjunct.place()),
                        conjunct.cases()))
            .toList());
  }

  private static Optional<String> among(List<Satisfiability.Condition<Said>> conditions) {
    List<String> core =
        Satisfiability.contradiction(conditions).stream()
            .map(each -> each.subject().toString())
            .toList();
    return switch (core.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("no node can ever meet " + core.getFirst());
      case 2 ->
          Optional.of(
              "%s and %s contradict one another: no node can meet both"
                  .formatted(core.get(0), core.get(1)));
      default ->
          Optional.of(
              "%s and %s contradict one another: no node can meet them all"
                  .formatted(
                      core.stream().limit(core.size() - 1).collect(Collectors.joining(", ")),
                      core.getLast()));
    };
  }

  private static List<Satisfiability.Condition<Said>> limits(Policy.Limits limits) {
    var said = new ArrayList<Satisfiability.Condition<Said>>();
    if (!limits.regions().isEmpty()) {
      said.add(
          limit(
              "regions",
              String.join(", ", limits.regions()),
              new Term.Among(Trait.REGION, Set.copyOf(limits.regions()), false)));
    }
    atMost("carbonGramsPerKwhMax", limits.carbonGramsPerKwhMax(), Quantity.CARBON, said);
    atMost("roundTripMicrosMax", limits.roundTripMicrosMax(), Quantity.ROUND_TRIP, said);
    int reputation = limits.reputationMin();
    if (reputation > 0) {
      said.add(
          limit(
              "reputationMin",
              reputation,
              new Term.Between(Quantity.REPUTATION, reputation, Long.MAX_VALUE)));
    }
    return said;
  }

  private static void atMost(
      String name,
      @Nullable Integer max,
      Quantity quantity,
      List<Satisfiability.Condition<Said>> into) {
    if (max != null) {
      into.add(limit(name, max, new Term.Between(quantity, 0, max)));
    }
  }

  private static Satisfiability.Condition<Said> limit(String name, Object value, Term term) {
    return new Satisfiability.Condition<>(
        new Said("limits." + name + " " + value, ""), List.of(List.of(term)));
  }
}
