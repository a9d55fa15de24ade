package xyz.openledger.pools.requirement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whether some node could meet several conditions at once, of each of which the ways are known in
 * which it comes to hold. It never says no where a node could: what it does not understand counts
 * as met, and after {@value #STEPS_MAX} steps it has found no contradiction.
 */
public final class Satisfiability {
  private static final int STEPS_MAX = 20_000;

  private int steps;

  private Satisfiability() {}

  /**
   * A condition.
   *
   * @param subject whatever the caller knows it by
   * @param ways each a conjunction, one of which holds of a node that meets it; none: no node does
   */
  public record Condition<T>(T subject, List<List<Term>> ways) {}

  /**
   * Conditions that no node can meet together, of which none could be left out, as far as so many
   * ways tell; empty if no such are found.
   */
  public static <T> List<Condition<T>> contradiction(List<Condition<T>> conditions) {
    // One count for all: what is left of it after the search goes into telling less.
    var search = new Satisfiability();
    if (search.isSatisfiable(conditions)) {
      return List.of();
    }
    List<Condition<T>> core = new ArrayList<>(conditions);
    for (Condition<T> each : fewestWaysFirst(conditions).reversed()) {
      var without = new ArrayList<>(core);
      without.remove(each);
      if (!search.isSatisfiable(without)) {
        core = without;
      }
    }
    return List.copyOf(core);
  }

  private static <T> List<Condition<T>> fewestWaysFirst(List<Condition<T>> conditions) {
    Comparator<Condition<T>> byWays = Comparator.comparingInt(each -> each.ways().size());
    return conditions.stream().sorted(byWays).toList();
  }

  private <T> boolean isSatisfiable(List<Condition<T>> conditions) {
    // Those with the fewest ways tell the most for the least.
    return some(fewestWaysFirst(conditions), 0, new Known());
  }

  private <T> boolean some(List<Condition<T>> conditions, int at, Known known) {
    if (at == conditions.size()) {
      return true;
    }
    for (List<Term> way : conditions.get(at).ways()) {
      if (++steps > STEPS_MAX) {
        return true;
      }
      Known more = known.copy();
      if (more.learn(way) && some(conditions, at + 1, more)) {
        return true;
      }
    }
    return false;
  }
}
