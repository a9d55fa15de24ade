package xyz.openledger.pools.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
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
import xyz.openledger.pools.requirement.Term;

class WaitingClassesTest {
  private record Waiting(int policyClass, List<Term> terms) {}

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void namesThePoliciesThatANodeSatisfiesOldestFirst(long seed) {
    var random = new SplittableRandom(seed);
    var index = new NodeIndex(1 << 10);
    List<Node> nodes =
        IntStream.range(0, 200).mapToObj(number -> Drawn.node(random, number)).toList();
    nodes.forEach(index::put);
    var policies = new WaitingPolicies<Long>(index, 1 << 12, Drawn.kernel(seed));
    Map<Long, Waiting> waiting = new TreeMap<>();
    List<List<Term>> usual = Stream.generate(() -> Drawn.terms(random, nodes)).limit(10).toList();
    for (long sequence = 0; sequence < 2_000; sequence++) {
      List<Term> terms =
          random.nextBoolean() ? usual.get(random.nextInt(10)) : Drawn.terms(random, nodes);
      waiting.put(sequence, new Waiting(policies.add(terms, sequence, sequence), terms));
      if (random.nextInt(3) > 0) {
        long gone = random.nextLong(sequence + 1);
        Waiting left = waiting.remove(gone);
        if (left != null) {
          assertThat(policies.remove(left.policyClass(), gone)).isTrue();
          assertThat(policies.remove(left.policyClass(), gone)).isFalse();
        }
      }
      if (sequence % 50 == 0) {
        Node node = Drawn.node(random, random.nextInt(300));
        int limit = random.nextInt(1, 40);
        assertThat(policies.satisfied(node, limit))
            .isEqualTo(
                waiting.entrySet().stream()
                    .filter(entry -> entry.getValue().terms().stream().allMatch(t -> t.test(node)))
                    .map(Map.Entry::getKey)
                    .limit(limit)
                    .toList());
      }
    }
    assertThat(policies.size()).isEqualTo(waiting.size());
    assertThat(policies.classes()).isLessThan(policies.size());
  }

  @Test
  void refusesMoreClassesThanItWasMadeFor() {
    var boundaries = new int[][] {{}, {}, {}, {1}, {1}, {1}, {1}};
    var classes = new WaitingClasses<String>(Drawn.SCHEMA, boundaries, 2, Drawn.kernel(1));
    classes.add(among(0), null, 1, "ada");
    classes.add(among(1), null, 2, "bob");
    classes.add(among(1), null, 3, "eve");

    assertThatThrownBy(() -> classes.add(among(2), null, 4, "mallory"))
        .hasMessageContaining("too many classes");
    assertThat(classes.satisfied(new int[] {1, 0, 0, 0, 0, 0, 0}, "", 9))
        .containsExactly("bob", "eve");
  }

  private static Demand among(int word) {
    return new Demand(List.of(new Demand.Among(0, Set.of(word))), new ArrayList<>(), false);
  }

  static Stream<Long> seeds() {
    return Drawn.seeds(12);
  }
}
