package xyz.openledger.pools.requirement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.requirement.Satisfiability.Condition;

/** What the search for contradictions costs, counted by the ways that it looks at. */
class SatisfiabilityTest {
  private static final int WAYS_MAX = 20_000;

  private int looks;

  /** Watts cannot be even and odd, and finding that out takes a million ways. */
  private List<Condition<String>> hostile() {
    var all = new ArrayList<Condition<String>>();
    all.add(among("cores", Quantity.CORES, 17, i -> i));
    all.add(among("slots", Quantity.SLOTS, 18, i -> i + 1));
    all.add(among("even", Quantity.WATTS, 60, i -> 2 * i));
    all.add(among("odd", Quantity.WATTS, 60, i -> 2 * i + 1));
    IntStream.range(0, 28)
        .forEach(i -> all.add(of("some " + i, between(Quantity.SLOTS, 1, 1_024))));
    return all;
  }

  @Test
  void aHostilePolicyIsGivenUpOnAfterTheWaysThatTheSearchMayTry() {
    assertThat(Satisfiability.contradiction(hostile())).isEmpty();
    // It was worth giving up on, and not given up on before.
    assertThat(looks).isBetween(WAYS_MAX, WAYS_MAX + 100);
  }

  @Test
  void whatIsFoundAmongTooManyWaysIsStillToldAloneAndWithinThem() {
    List<Condition<String>> all = hostile();
    all.add(3, of("few", between(Quantity.REPUTATION, 0, 3)));
    all.add(of("many", between(Quantity.REPUTATION, 5, 10)));

    assertThat(Satisfiability.contradiction(all))
        .extracting(Condition::subject)
        .containsExactly("few", "many");
    assertThat(looks).isLessThan(WAYS_MAX + 100);
  }

  @Test
  void whereShrinkingTakesTooManyWaysTheContradictionStaysWhole() {
    // Found in 3,688 ways, and as many for each of those that could be left out.
    List<Condition<String>> all = hostile().subList(2, 32);

    List<String> told = Satisfiability.contradiction(all).stream().map(Condition::subject).toList();

    assertThat(told).contains("even", "odd").hasSizeBetween(3, 29);
    // Telling conditions apart looks at some ways again.
    assertThat(looks).isLessThan(WAYS_MAX + 2_000);
  }

  private Condition<String> among(String name, Quantity of, int count, IntUnaryOperator value) {
    return of(
        name,
        IntStream.range(0, count)
            .map(value)
            .mapToObj(each -> between(of, each, each))
            .toArray(Term[]::new));
  }

  /** A condition that one of the terms is enough for; counts how often one is looked at. */
  private Condition<String> of(String name, Term... ways) {
    return new Condition<>(
        name,
        new AbstractList<>() {
          @Override
          public List<Term> get(int at) {
            looks++;
            return List.of(ways[at]);
          }

          @Override
          public int size() {
            return ways.length;
          }
        });
  }

  private static Term between(Quantity of, long min, long max) {
    return new Term.Between(of, min, max);
  }
}
