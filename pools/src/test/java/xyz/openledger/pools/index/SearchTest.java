package xyz.openledger.pools.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SearchTest {
  private static final int ROWS_MAX = 6_000;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void findsTheBestThatTryingEveryRowFinds(long seed) {
    var random = new SplittableRandom(seed);
    Table table = Drawn.table(random, random.nextInt(1, ROWS_MAX));
    var search = new Search(table, Drawn.kernel(seed));
    for (int i = 0; i < 10; i++) {
      Program program = Drawn.program(random, table);
      Ranking ranking = Drawn.ranking(random);
      var top = new Top(random.nextInt(1, 30));

      search.best(program, ranking, top);

      List<Integer> best = tryAll(table, program, ranking).stream().limit(top.rows.length).toList();
      assertThat(IntStream.of(top.rows()).boxed().toList()).isEqualTo(best);
      assertThat(top.scores())
          .isEqualTo(best.stream().mapToLong(row -> ranking.of(table, row)).toArray());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void findsTheSameForManyInOnePass(long seed) {
    var random = new SplittableRandom(seed);
    Table table = Drawn.table(random, random.nextInt(1, ROWS_MAX));
    var search = new Search(table, Drawn.kernel(seed));
    var programs = new ArrayList<Program>();
    var rankings = new ArrayList<Ranking>();
    var tops = new ArrayList<Top>();
    for (int i = 0; i < 16; i++) {
      programs.add(Drawn.program(random, table));
      rankings.add(Drawn.ranking(random));
      tops.add(new Top(10));
    }

    search.best(programs, rankings, tops);

    for (int i = 0; i < programs.size(); i++) {
      var alone = new Top(10);
      search.best(programs.get(i), rankings.get(i), alone);
      assertThat(tops.get(i).rows()).isEqualTo(alone.rows());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverAnswersARowThatDoesNotSatisfyWhenInAHurry(long seed) {
    var random = new SplittableRandom(seed);
    Table table = Drawn.table(random, random.nextInt(1, ROWS_MAX));
    var search = new Search(table, Drawn.kernel(seed));
    for (int i = 0; i < 20; i++) {
      Program program = Drawn.program(random, table);
      Ranking ranking = Drawn.ranking(random);
      boolean guided = random.nextBoolean();
      var top = new Top(10);

      search.bounded(program, ranking, top, 16, guided, random);

      List<Integer> feasible = tryAll(table, program, ranking);
      assertThat(feasible).containsAll(IntStream.of(top.rows()).boxed().toList());
      assertThat(top.rows()).doesNotHaveDuplicates();
      assertThat(top.size()).isEqualTo(Math.min(10, feasible.size()));
      assertThat(top.scores())
          .isEqualTo(Arrays.stream(top.rows()).mapToLong(row -> ranking.of(table, row)).toArray());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void countsARowForTheFirstTermThatItFails(long seed) {
    var random = new SplittableRandom(seed);
    Table table = Drawn.table(random, random.nextInt(1, ROWS_MAX));
    List<Program> terms =
        Stream.generate(() -> Drawn.program(random, table)).limit(random.nextInt(0, 5)).toList();

    int[] removed = new Search(table, Drawn.kernel(seed)).removed(terms);

    var expected = new int[terms.size()];
    for (int row = 0; row < ROWS_MAX; row++) {
      for (int term = 0; term < expected.length && table.isLive(row); term++) {
        if (!terms.get(term).test(row)) {
          expected[term]++;
          break;
        }
      }
    }
    assertThat(removed).isEqualTo(expected);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void answersAfterAnyChangesAsATableBuiltAnew(long seed) {
    var random = new SplittableRandom(seed);
    int rows = random.nextInt(1, 3_000);
    Table changed = Drawn.table(random, rows);
    for (int i = 0; i < 2_000; i++) {
      int row = random.nextInt(rows);
      int column = random.nextInt(changed.columns());
      switch (random.nextInt(8)) {
        case 0 -> changed.add(Drawn.codes(random));
        case 1 -> {
          if (changed.isLive(row)) {
            changed.remove(row);
          }
        }
        default -> {
          if (changed.isLive(row)) {
            changed.set(row, column, Drawn.code(random, column));
          }
        }
      }
    }
    var anew = new Table(Drawn.SCHEMA, 1 << 14);
    var rowOf = new ArrayList<Integer>();
    for (int row = 0; row < 1 << 14; row++) {
      if (changed.isLive(row)) {
        int at = row;
        anew.add(
            IntStream.range(0, changed.columns())
                .map(column -> changed.code(at, column))
                .toArray());
        rowOf.add(row);
      }
    }
    anew.reorganise();
    assertThat(anew.size()).isEqualTo(changed.size());
    var ofChanged = new Search(changed, Drawn.kernel(seed));
    var ofAnew = new Search(anew, Drawn.kernel(seed));
    for (int draw = 0; draw < 10; draw++) {
      long which = random.nextLong();
      Program program = Drawn.program(new SplittableRandom(which), changed);
      Program same = Drawn.program(new SplittableRandom(which), anew);

      List<Integer> rowsAnew = rows(ofAnew, same).stream().map(rowOf::get).toList();

      assertThat(rows(ofChanged, program))
          .isEqualTo(rowsAnew)
          .isEqualTo(rowOf.stream().filter(program::test).toList());
    }
  }

  private static List<Integer> rows(Search search, Program program) {
    var bits = new long[search.survivorWords()];
    int count = search.survivors(program, bits);
    List<Integer> rows =
        IntStream.range(0, bits.length * Long.SIZE)
            .filter(row -> (bits[row / Long.SIZE] >>> row & 1) != 0)
            .boxed()
            .toList();
    assertThat(rows).hasSize(count);
    return rows;
  }

  private static List<Integer> tryAll(Table table, Program program, Ranking ranking) {
    return IntStream.range(0, 1 << 14)
        .filter(program::test)
        .boxed()
        .sorted(Comparator.comparingLong((Integer row) -> -ranking.of(table, row)))
        .toList();
  }

  static Stream<Long> seeds() {
    return Drawn.seeds(30);
  }
}
