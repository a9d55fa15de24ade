package xyz.openledger.pools.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;

class NodeIndexTest {
  private static final int NUMBERS = 400;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void selectsTheNodesThatEveryTermLetsPass(long seed) {
    var random = new SplittableRandom(seed);
    // Every third index has room for few words, and must ask the nodes about the others.
    int wordsMax = seed % 3 == 0 ? 12 : Postings.WORDS_MAX;
    var index = new NodeIndex(1 << 10, Drawn.kernel(seed), wordsMax);
    Map<Integer, Node> known = new TreeMap<>();
    for (int step = 0; step < 3 * NUMBERS; step++) {
      change(random, index, known);
      if (step % 100 == 99 && !known.isEmpty()) {
        List<Node> nodes = new ArrayList<>(known.values());
        for (int i = 0; i < 10; i++) {
          List<Term> terms = Drawn.terms(random, nodes);
          assertThat(index.select(terms))
              .as("%s", terms)
              .containsExactlyInAnyOrderElementsOf(
                  nodes.stream()
                      .filter(node -> terms.stream().allMatch(term -> term.test(node)))
                      .toList());
          assertThat(index.removed(terms)).as("%s", terms).isEqualTo(firstFailures(nodes, terms));
        }
      }
    }
    assertThat(index.size()).isEqualTo(known.size());
  }

  private static void change(SplittableRandom random, NodeIndex index, Map<Integer, Node> known) {
    int number = random.nextInt(NUMBERS);
    Node old = known.get(number);
    if (random.nextInt(4) == 0) {
      index.remove(Drawn.id(number));
      known.remove(number);
    } else if (old != null && random.nextBoolean()) {
      Node other = old.withFreeSlots(random.nextInt(old.slots() + 1));
      index.put(other);
      known.put(number, other);
    } else {
      Node node = Drawn.node(random, number);
      index.put(node);
      known.put(number, node);
    }
  }

  private static int[] firstFailures(List<Node> nodes, List<Term> terms) {
    var failures = new int[terms.size()];
    for (Node node : nodes) {
      IntStream.range(0, failures.length)
          .filter(term -> !terms.get(term).test(node))
          .findFirst()
          .ifPresent(term -> failures[term]++);
    }
    return failures;
  }

  @Test
  void staysRightWhileAWordBecomesCommonAndRareAgain() {
    var random = new SplittableRandom(11);
    var index = new NodeIndex(1 << 12);
    List<Node> nodes =
        IntStream.range(0, 2 * Postings.DENSE_FROM)
            .mapToObj(number -> Drawn.node(random, number))
            .toList();
    nodes.forEach(index::put);
    var linux = new Term.Among(Trait.SANDBOX, Set.of("bubblewrap"), false);
    var none = new Term.Among(Trait.SANDBOX, Set.of("bubblewrap"), true);
    Program common = index.compile(List.of(linux));
    assertThat(index.select(List.of(linux))).hasSameSizeAs(nodes);
    assertThat(index.select(List.of(none))).isEmpty();

    List<Node> rare = nodes.subList(0, Postings.SPARSE_BELOW / 2);
    nodes.subList(rare.size(), nodes.size()).forEach(node -> index.remove(node.id()));

    assertThat(common.isCurrent()).isFalse();
    assertThat(index.select(List.of(linux))).containsExactlyInAnyOrderElementsOf(rare);
    assertThat(index.select(List.of(none))).isEmpty();
  }

  @Test
  void tellsFiguresApartThatShareACode() {
    var index = new NodeIndex(64);
    Node node = Drawn.node(new SplittableRandom(1), 1);
    long price = node.priceNanoOpenPerGigafuel();
    assertThat(Code.of(price)).isEqualTo(Code.of(price + 1));
    index.put(node);

    assertThat(index.select(List.of(new Term.Between(Quantity.PRICE, price + 1, Long.MAX_VALUE))))
        .isEmpty();
    assertThat(index.select(List.of(new Term.Between(Quantity.PRICE, price, Long.MAX_VALUE))))
        .containsExactly(node);
  }

  @Test
  void refusesMoreNodesThanItWasMadeFor() {
    var random = new SplittableRandom(2);
    var index = new NodeIndex(3);
    IntStream.range(0, 3).forEach(number -> index.put(Drawn.node(random, number)));

    assertThatThrownBy(() -> index.put(Drawn.node(random, 3))).hasMessageContaining("full");
    index.remove(Drawn.id(1));
    index.put(Drawn.node(random, 3));

    assertThat(index.size()).isEqualTo(3);
    assertThat(index.find(Drawn.id(3))).isPresent();
    assertThat(index.find(Drawn.id(1))).isEmpty();
  }

  @Test
  void refusesAProgramOfAnEarlierLayout() {
    var index = new NodeIndex(64);
    index.put(Drawn.node(new SplittableRandom(3), 1));
    Program program = index.compile(List.of());
    index.table().reorganise();

    assertThatThrownBy(
            () -> index.search().best(program, Ranking.of(new int[0], new int[0]), new Top(1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsAClassUpToDateWhileNodesChange(long seed) {
    var random = new SplittableRandom(seed);
    var index = new NodeIndex(1 << 10, Drawn.kernel(seed), Postings.WORDS_MAX);
    Map<Integer, Node> known = new TreeMap<>();
    for (int i = 0; i < NUMBERS; i++) {
      change(random, index, known);
    }
    var ranking =
        Ranking.of(
            new int[] {NodeIndex.column(Quantity.REPUTATION), NodeIndex.column(Quantity.PRICE)},
            new int[] {random.nextInt(5), -random.nextInt(3)});
    var selections = new Selections(index, 4);
    List<Term> terms = Drawn.terms(random, new ArrayList<>(known.values()));
    Selection selection = selections.of(terms, ranking, 5);
    for (int i = 0; i < 200; i++) {
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        change(random, index, known);
      }
      if (random.nextInt(50) == 0) {
        index.table().reorganise();
      }
      var expected = new Top(5);
      var rows = new HashSet<Integer>();
      for (Node node : known.values()) {
        if (terms.stream().allMatch(term -> term.test(node))) {
          int row = index.row(node.id()).orElseThrow();
          rows.add(row);
          expected.offer(ranking.of(index.table(), row), row);
        }
      }
      assertThat(selection.top().rows()).isEqualTo(expected.rows());
      assertThat(selection.count()).isEqualTo(rows.size());
      var visited = new HashSet<Integer>();
      selection.forEach(visited::add);
      assertThat(visited).isEqualTo(rows);
    }
    assertThat(selection.readings()).as("times that all was read").isLessThan(20);
    assertThat(selections.of(List.copyOf(terms), ranking, 5)).isSameAs(selection);
  }

  @Test
  void forgetsTheClassThatWasNotAskedForLongest() {
    var selections = new Selections(new NodeIndex(64), 2);
    var ranking = Ranking.of(new int[0], new int[0]);
    Selection first = selections.of(List.of(), ranking, 1);
    Selection second = selections.of(List.of(), ranking, 2);
    assertThat(selections.of(List.of(), ranking, 1)).isSameAs(first);
    selections.of(List.of(), ranking, 3);

    assertThat(selections.size()).isEqualTo(2);
    assertThat(selections.of(List.of(), ranking, 1)).isSameAs(first);
    assertThat(selections.of(List.of(), ranking, 2)).isNotSameAs(second);
  }

  static Stream<Long> seeds() {
    return Drawn.seeds(12);
  }
}
