package xyz.openledger.models.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Digest;

class PagePoolTest {
  @Test
  void sharesWhatIsNamedAndKeepsItUntilTheRoomIsNeeded() {
    var pool = new PagePool(2);
    int page = pool.take();
    pool.name(page, name(1));
    pool.release(page);

    assertThat(pool.share(List.of(name(1), name(2)))).containsExactly(page);
    pool.release(page);
    int other = pool.take();
    int third = pool.take();

    assertThat(List.of(other, third)).contains(page);
    assertThat(pool.share(List.of(name(1)))).isEmpty();
  }

  @Test
  void noticesAPageThatIsLetGoTwice() {
    var pool = new PagePool(1);
    int page = pool.take();
    pool.release(page);

    assertThatThrownBy(() -> pool.release(page)).hasMessageContaining("let go twice");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void losesNoPageAndGivesNoneToTwo(long seed) {
    var random = new SplittableRandom(seed);
    var pool = new PagePool(20);
    var holders = new ArrayList<List<Integer>>();
    for (int i = 0; i < 5_000; i++) {
      if (random.nextBoolean() && pool.available() > 4) {
        var wanted = List.of(name(random.nextInt(6)), name(random.nextInt(6)));
        var pages = new ArrayList<>(pool.share(wanted));
        var taken = pool.take();
        for (var other : holders) {
          assertThat(other).doesNotContain(taken);
        }
        if (random.nextBoolean()) {
          pool.name(taken, name(random.nextInt(6)));
        }
        pages.add(taken);
        holders.add(pages);
      } else if (!holders.isEmpty()) {
        holders.remove(random.nextInt(holders.size())).forEach(pool::release);
      }
      var held = new HashSet<Integer>();
      holders.forEach(held::addAll);
      assertThat(pool.available()).isEqualTo(20 - held.size());
    }
  }

  private static Digest name(int number) {
    return Digest.of(new byte[] {(byte) number});
  }
}
