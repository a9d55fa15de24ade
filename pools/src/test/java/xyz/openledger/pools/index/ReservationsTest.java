package xyz.openledger.pools.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;

class ReservationsTest {
  private static final List<Term> FREE =
      List.of(new Term.Between(Quantity.FREE_SLOTS, 1, Long.MAX_VALUE));

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverGivesMoreSlotsThanANodeHas(long seed) {
    var random = new SplittableRandom(seed);
    var index = new NodeIndex(128, Drawn.kernel(seed), Postings.WORDS_MAX);
    int nodes = random.nextInt(1, 60);
    IntStream.range(0, nodes).forEach(number -> index.put(Drawn.node(random, number)));
    var free = new int[128];
    IntStream.range(0, nodes).forEach(row -> free[row] = index.node(row).offeredSlots());
    int offered = IntStream.of(free).sum();
    Reservations reservations = index.reservations();
    var ranking = Ranking.of(new int[] {NodeIndex.column(Quantity.REPUTATION)}, new int[] {1});
    var seen = new ArrayList<Reservations.Candidate>();
    var taken = new ArrayList<Integer>();
    var top = new Top(3);
    for (int step = 0; step < 1_500; step++) {
      switch (random.nextInt(4)) {
        case 0 -> seen.add(reservations.seen(random.nextInt(nodes)));
        case 1 -> {
          if (!seen.isEmpty()) {
            var candidate = seen.remove(random.nextInt(seen.size()));
            boolean fresh = index.table().epoch(candidate.row()) == candidate.epoch();
            boolean got = reservations.take(candidate);
            assertThat(got).isEqualTo(fresh && free[candidate.row()] > 0);
            if (got) {
              free[candidate.row()]--;
              taken.add(candidate.row());
            }
          }
        }
        case 2 -> {
          index.search().best(index.compile(FREE), ranking, top);
          var row = reservations.takeBest(top);
          assertThat(row.isPresent()).isEqualTo(IntStream.of(free).anyMatch(slots -> slots > 0));
          row.ifPresent(
              got -> {
                free[got]--;
                taken.add(got);
              });
        }
        default -> {
          if (!taken.isEmpty()) {
            int row = taken.remove(random.nextInt(taken.size()));
            reservations.giveBack(row);
            free[row]++;
          }
        }
      }
      assertThat(IntStream.of(free)).allMatch(slots -> slots >= 0);
    }
    IntStream.range(0, nodes)
        .forEach(row -> assertThat(index.node(row).offeredSlots()).isEqualTo(free[row]));
    assertThat(IntStream.of(free).sum() + taken.size()).isEqualTo(offered);
  }

  @Test
  void refusesWhatWasSeenBeforeTheNodeChanged() {
    var index = new NodeIndex(64);
    Node node = Drawn.node(new SplittableRandom(4), 1).standing(0, 0, 0, true).withFreeSlots(1);
    index.put(node);
    Reservations reservations = index.reservations();
    Reservations.Candidate stale = reservations.seen(0);
    index.put(node.standing(1, 7, 0, true));

    assertThat(reservations.take(stale)).isFalse();
    assertThat(reservations.take(reservations.seen(0))).isTrue();
    assertThat(reservations.take(reservations.seen(0))).isFalse();
  }

  @Test
  void takesNothingBackThatWasNotGiven() {
    var index = new NodeIndex(64);
    Node node = Drawn.node(new SplittableRandom(4), 1);
    index.put(node.standing(node.slots(), 0, 0, true));

    assertThatThrownBy(() -> index.reservations().giveBack(0)).hasMessageContaining("no slot");
  }

  static Stream<Long> seeds() {
    return Drawn.seeds(20);
  }
}
