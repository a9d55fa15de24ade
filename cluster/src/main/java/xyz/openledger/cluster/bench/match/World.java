package xyz.openledger.cluster.bench.match;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import xyz.openledger.pools.index.Program;
import xyz.openledger.pools.index.Ranking;
import xyz.openledger.pools.index.Schema;
import xyz.openledger.pools.index.Table;

/**
 * Nodes of 30 attributes and policies over them, drawn from a seed: twelve attributes of eight
 * words, of which few are common, and eighteen numbers below a thousand. A policy asks for three
 * words and four ranges and weighs four other numbers; some four nodes in a thousand satisfy it. A
 * thirty-first number counts free slots.
 *
 * @param rows each node as an object, for the baseline
 * @param table the same nodes in the same order
 */
record World(List<Row> rows, Table table, List<Policy> policies) {
  static final int WORD_COLUMNS = 12;
  static final int WORDS = 8;
  static final int NUMBER_COLUMNS = 18;
  static final int NUMBERS = 1_000;
  static final int ATTRIBUTES = WORD_COLUMNS + NUMBER_COLUMNS;
  static final int SLOTS_COLUMN = ATTRIBUTES;
  static final int SLOTS = 8;

  private static final int RANGE = 600;
  private static final int LOW_BELOW = 300;
  private static final int WEIGHT_MAX = 9;

  /** A node as an object. */
  record Row(short[] values) {}

  /** An attribute within bounds; a word is within itself. */
  record Ask(int column, int low, int high) {}

  /** What a policy asks, in order, and what it weighs. */
  record Policy(List<Ask> asks, int[] weighed, int[] weights) {
    Program.Builder over(Table table) {
      var program = Program.over(table);
      for (Ask ask : asks) {
        if (ask.column() < WORD_COLUMNS) {
          program.equal(ask.column(), ask.low());
        } else {
          program.between(ask.column(), ask.low(), ask.high());
        }
      }
      return program;
    }

    Ranking ranking() {
      return Ranking.of(weighed, weights);
    }
  }

  static Schema schema() {
    var columns = new ArrayList<Schema.Column>();
    columns.addAll(Collections.nCopies(WORD_COLUMNS, new Schema.Column.Words(WORDS)));
    columns.addAll(Collections.nCopies(NUMBER_COLUMNS + 1, new Schema.Column.Ordered()));
    return new Schema(columns);
  }

  static World draw(long seed, int nodes, int policies) {
    var random = new Random(seed);
    var rows = new ArrayList<Row>(nodes);
    var table = new Table(schema(), nodes);
    for (int i = 0; i < nodes; i++) {
      int[] codes = node(random);
      var values = new short[ATTRIBUTES];
      for (int column = 0; column < ATTRIBUTES; column++) {
        values[column] = (short) codes[column];
      }
      rows.add(new Row(values));
      table.add(codes);
    }
    table.reorganise();
    List<Policy> drawn = IntStream.range(0, policies).mapToObj(_ -> policy(random)).toList();
    return new World(rows, table, drawn);
  }

  /** The codes of a node, its slots last. */
  static int[] node(Random random) {
    var codes = new int[ATTRIBUTES + 1];
    for (int column = 0; column < ATTRIBUTES; column++) {
      codes[column] = value(random, column);
    }
    codes[SLOTS_COLUMN] = SLOTS;
    return codes;
  }

  static int value(Random random, int column) {
    return column < WORD_COLUMNS
        ? Math.min(WORDS - 1, (int) (-Math.log(1 - random.nextDouble()) * 2))
        : random.nextInt(NUMBERS);
  }

  static Policy policy(Random random) {
    var asks = new ArrayList<Ask>();
    for (int column : shuffled(random, 0, WORD_COLUMNS).subList(0, 3)) {
      int word = random.nextInt(2);
      asks.add(new Ask(column, word, word));
    }
    List<Integer> numbers = shuffled(random, WORD_COLUMNS, ATTRIBUTES);
    for (int column : numbers.subList(0, 4)) {
      int low = random.nextInt(LOW_BELOW);
      asks.add(new Ask(column, low, low + RANGE));
    }
    return new Policy(
        List.copyOf(asks),
        numbers.subList(4, 8).stream().mapToInt(Integer::intValue).toArray(),
        IntStream.range(0, 4).map(_ -> 1 + random.nextInt(WEIGHT_MAX)).toArray());
  }

  private static List<Integer> shuffled(Random random, int from, int to) {
    List<Integer> columns = IntStream.range(from, to).boxed().collect(Collectors.toList());
    Collections.shuffle(columns, random);
    return columns;
  }
}
