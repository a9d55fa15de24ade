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
   * Conditions that no node can meet together, of which none could be left out; empty if no such
   * are found.
   */
  public static <T> List<Condition<T>> contradiction(List<Condition<T>> conditions) {
    if (isSatisfiable(conditions)) {
      return List.of();
    }
    List<Condition<T>> core = new ArrayList<>(conditions);
    for (Condition<T> each : conditions) {
      var without = new ArrayList<>(core);
      without.remove(each);
      if (!isSatisfiable(without)) {
        core = without;
      }
    }
    return List.copyOf(core);
  }

  private static <T> boolean isSatisfiable(List<Condition<T>> conditions) {
    // Those with the fewest ways first: they tell the most for the least.
    List<List<List<Term>>> ways =
        conditions.stream()
            .map(Condition::ways)
            .sorted(Comparator.comparingInt(List::size))
            .toList();
    return new Satisfiability().some(ways, 0, new Known());
  }

  private boolean some(List<List<List<Term>>> conditions, int at, Known known) {
    if (at == conditions.size() || ++steps > STEPS_MAX) {
      return true;
    }
    for (List<Term> way : conditions.get(at)) {
      Known more = known.copy();
      if (more.learn(way) && some(conditions, at + 1, more)) {
        return true;
      }
    }
    return false;
  }
}
