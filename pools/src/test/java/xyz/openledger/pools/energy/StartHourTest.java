package xyz.openledger.pools.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StartHourTest {
  private static final List<Integer> NIGHT = List.of(400, 300, 100, 100, 500, 50, 50);

  @Test
  void waitsForTheCleanestHoursWithinTheDeadline() {
    assertThat(StartHour.choose(NIGHT, 2, 6, 100, 0)).isEqualTo(2);
    assertThat(StartHour.choose(NIGHT, 2, 7, 100, 0)).isEqualTo(5);
  }

  @Test
  void startsAtOnceIfCarbonDoesNotCountOrThereIsNoTime() {
    assertThat(StartHour.choose(NIGHT, 2, 7, 0, 100)).isZero();
    assertThat(StartHour.choose(NIGHT, 2, 2, 100, 0)).isZero();
    assertThat(StartHour.choose(NIGHT, 2, 7, 0, 0)).isZero();
  }

  @Test
  void weighsCarbonAgainstTheWait() {
    assertThat(StartHour.choose(NIGHT, 2, 7, 50, 50)).isEqualTo(2);
  }

  @Test
  void refusesWorkThatDoesNotFit() {
    assertThatThrownBy(() -> StartHour.choose(NIGHT, 3, 2, 1, 1)).hasMessageContaining("must be 3");
    assertThatThrownBy(() -> StartHour.choose(NIGHT, 8, 9, 1, 1)).hasMessageContaining("foreseen");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void isNeverLateAndNeverDirtierThanNowAndTheBestByItsOwnMeasure(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      int hours = random.nextInt(1, 6);
      int deadline = random.nextInt(hours, 40);
      var grid = random.ints(random.nextInt(hours, 50), 0, 800).boxed().toList();
      int carbon = random.nextInt(101);
      int wait = random.nextInt(101);

      int start = StartHour.choose(grid, hours, deadline, carbon, wait);

      assertThat(start + hours).isLessThanOrEqualTo(Math.min(deadline, grid.size()));
      assertThat(grams(grid, start, hours)).isLessThanOrEqualTo(grams(grid, 0, hours));
      int last = Math.min(deadline, grid.size()) - hours;
      double best =
          IntStream.rangeClosed(0, last)
              .filter(other -> grams(grid, other, hours) <= grams(grid, 0, hours))
              .mapToDouble(other -> cost(grid, other, hours, last, carbon, wait))
              .min()
              .orElseThrow();
      assertThat(cost(grid, start, hours, last, carbon, wait)).isLessThanOrEqualTo(best + 1e-9);
    }
  }

  private static double cost(
      List<Integer> grid, int start, int hours, int last, int carbon, int wait) {
    double now = Math.max(1, grams(grid, 0, hours));
    return carbon * grams(grid, start, hours) / now + (double) wait * start / Math.max(1, last);
  }

  private static long grams(List<Integer> grid, int start, int hours) {
    return grid.subList(start, start + hours).stream().mapToLong(Integer::longValue).sum();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 100 : 3);
  }
}
