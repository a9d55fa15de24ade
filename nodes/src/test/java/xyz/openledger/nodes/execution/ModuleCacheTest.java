package xyz.openledger.nodes.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;

class ModuleCacheTest {
  private static Digest name(int number) {
    return new Digest(number, 0, 0, 0);
  }

  /** Held against a list in the order of use. */
  @Test
  void keepsWhatWasUsedLastWithinBothBounds() {
    var random = new SplittableRandom(11);
    var cache = new ModuleCache<Integer>(5, 1000);
    var used = new ArrayList<int[]>();

    for (int i = 0; i < 5_000; i++) {
      int number = random.nextInt(12);
      if (random.nextBoolean()) {
        boolean known = used.stream().anyMatch(entry -> entry[0] == number);
        assertThat(cache.get(name(number)).isPresent()).isEqualTo(known);
        used.stream()
            .filter(entry -> entry[0] == number)
            .findFirst()
            .ifPresent(
                entry -> {
                  used.remove(entry);
                  used.add(entry);
                });
      } else {
        int bytes = random.nextInt(600);
        cache.put(name(number), number, bytes);
        used.removeIf(entry -> entry[0] == number);
        used.add(new int[] {number, bytes});
        while (used.size() > 1
            && (used.size() > 5 || used.stream().mapToInt(entry -> entry[1]).sum() > 1000)) {
          used.removeFirst();
        }
      }
      assertThat(cache.size()).isEqualTo(used.size());
    }
  }

  @Test
  void tellsOfEachThatItKeepsNoLonger() {
    var forgotten = new ArrayList<Integer>();
    var cache = new ModuleCache<Integer>(2, 1000, forgotten::add);

    cache.put(name(1), 1, 10);
    cache.put(name(2), 2, 10);
    cache.put(name(1), 11, 10);
    cache.put(name(3), 3, 10);

    assertThat(forgotten).containsExactly(1, 2);
  }
}
