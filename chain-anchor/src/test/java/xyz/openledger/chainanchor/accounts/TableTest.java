package xyz.openledger.chainanchor.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TableTest {
  /** A fork of a fork, changed at random, is a map; and what lies below it never notices. */
  @Test
  void forksAreMapsThatLeaveWhatLiesBelowAlone() {
    var random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      var base = new Table<Integer, Integer>();
      Map<Integer, Integer> expected = new HashMap<>();
      change(random, base, expected);
      Map<Integer, Integer> below = Map.copyOf(expected);
      var fork = base.fork();
      change(random, fork, expected);
      var second = fork.fork();
      change(random, second, expected);

      assertThat(second.toMap()).isEqualTo(expected);
      assertThat(second.size()).isEqualTo(expected.size());
      for (int key = 0; key < 20; key++) {
        assertThat(second.get(key)).isEqualTo(expected.get(key));
      }
      assertThat(base.toMap()).isEqualTo(below);
      assertThat(base.size()).isEqualTo(below.size());
    }
  }

  private static void change(
      SplittableRandom random, Table<Integer, Integer> table, Map<Integer, Integer> expected) {
    for (int i = random.nextInt(30); i > 0; i--) {
      int key = random.nextInt(20);
      if (random.nextBoolean()) {
        table.put(key, i);
        expected.put(key, i);
      } else {
        table.remove(key);
        expected.remove(key);
      }
    }
  }
}
