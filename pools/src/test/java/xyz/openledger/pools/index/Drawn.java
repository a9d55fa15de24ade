package xyz.openledger.pools.index;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import xyz.openledger.nativekernels.Kernels;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Traits;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

/** Nodes, terms, rows and programs drawn from a seed, with few values, so that they often meet. */
final class Drawn {
  static final int WORDS = 3;
  static final int ORDERED = 4;
  static final int WORD = 5;
  static final Schema SCHEMA = schema();

  private static final PoolId POOL = PoolId.of("olga", "test");
  private static final List<String> REGIONS = List.of("eu", "us", "ap", "");
  private static final List<String> KEYS = List.of("tier", "rack", "gpu");
  private static final List<String> MODELS = List.of("a100", "h100", "l4");

  private Drawn() {}

  private static Schema schema() {
    var columns = new ArrayList<Schema.Column>();
    for (int i = 0; i < WORDS; i++) {
      columns.add(new Schema.Column.Words(WORD));
    }
    for (int i = 0; i < ORDERED; i++) {
      columns.add(new Schema.Column.Ordered());
    }
    return new Schema(columns);
  }

  static Stream<Long> seeds(int count) {
    var seed = Long.getLong("seed");
    return seed != null ? Stream.of(seed) : Stream.iterate(1L, next -> next + 1).limit(count);
  }

  /** C for even seeds, where there is a compiler, and the twin for odd ones. */
  static MatchKernel kernel(long seed) {
    return seed % 2 == 0 ? Kernels.match() : Kernels.matchInJava();
  }

  static int[] codes(SplittableRandom random) {
    var codes = new int[WORDS + ORDERED];
    for (int column = 0; column < codes.length; column++) {
      codes[column] = code(random, column);
    }
    return codes;
  }

  static int code(SplittableRandom random, int column) {
    return column < WORDS ? random.nextInt(WORD) : random.nextInt(column % 2 == 0 ? 40 : 65_536);
  }

  static Table table(SplittableRandom random, int rows) {
    var table = new Table(SCHEMA, 1 << 14);
    for (int row = 0; row < rows; row++) {
      table.add(codes(random));
    }
    for (int i = 0; i < rows / 10; i++) {
      int row = random.nextInt(rows);
      if (table.isLive(row)) {
        table.remove(row);
      }
    }
    return table;
  }

  /** Twice the same draw gives the same program of another table. */
  static Program program(SplittableRandom random, Table table) {
    Program.Builder program = Program.over(table);
    for (int column = 0; column < WORDS + ORDERED; column++) {
      if (random.nextInt(3) == 0) {
        int one = code(random, column);
        int other = code(random, column);
        if (column < WORDS) {
          program.equal(column, one);
        } else {
          program.between(column, Math.min(one, other), Math.max(one, other));
        }
      }
    }
    return program.build();
  }

  static Ranking ranking(SplittableRandom random) {
    int[] columns =
        IntStream.range(0, WORDS + ORDERED).filter(_ -> random.nextInt(3) == 0).toArray();
    int[] weights = Arrays.stream(columns).map(_ -> random.nextInt(-3, 9)).toArray();
    return Ranking.of(columns, weights);
  }

  static Node node(SplittableRandom random, int number) {
    int slots = random.nextInt(1, 9);
    return new Node(
        id(number),
        Address.of(Arrays.copyOf(digest("owner " + random.nextInt(12)), Address.BYTES)),
        POOL,
        REGIONS.get(random.nextInt(REGIONS.size())),
        random.nextInt(0, 900),
        random.nextLong(0, 3_000_000),
        random.nextLong(200_000_000, 2_000_000_000),
        random.nextInt(100, 50_000),
        (long) random.nextInt(16, 512) << 20,
        random.nextInt(0, slots + 1),
        slots,
        random.nextInt(0, 10_001),
        random.nextInt(0, 4),
        random.nextInt(8) > 0,
        traits(random));
  }

  static NodeId id(int number) {
    return NodeId.of(digest("node " + number));
  }

  private static byte[] digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).bytes();
  }

  private static Traits traits(SplittableRandom random) {
    Map<String, String> labels = new HashMap<>();
    for (String key : KEYS) {
      if (random.nextBoolean()) {
        labels.put(key, "v" + random.nextInt(4));
      }
    }
    return new Traits(
        labels,
        random.nextBoolean() ? "amd64" : "aarch64",
        "Linux 6." + random.nextInt(3),
        "bubblewrap",
        random.nextInt(1, 129),
        random.nextLong(1, 512) << 30,
        random.nextLong(1L << 40),
        random.nextInt(3) > 0 ? List.of() : MODELS.subList(0, random.nextInt(1, 4)),
        random.nextInt(0, 2_000));
  }

  /** Terms that mean something for these nodes: bounds are often a node's own figure. */
  static List<Term> terms(SplittableRandom random, List<Node> nodes) {
    return IntStream.range(0, random.nextInt(0, 5)).mapToObj(_ -> term(random, nodes)).toList();
  }

  private static Term term(SplittableRandom random, List<Node> nodes) {
    return switch (random.nextInt(5)) {
      case 0, 1 -> {
        Quantity quantity = Quantity.values()[random.nextInt(Quantity.values().length)];
        long one = quantity.of(nodes.get(random.nextInt(nodes.size())));
        long other = quantity.of(nodes.get(random.nextInt(nodes.size())));
        yield switch (random.nextInt(4)) {
          case 0 -> new Term.Between(quantity, 0, one);
          case 1 -> new Term.Between(quantity, one, Long.MAX_VALUE);
          case 2 -> new Term.Between(quantity, one, other);
          default -> new Term.Between(quantity, Math.min(one, other), Math.max(one, other));
        };
      }
      case 2 -> {
        Trait trait = Trait.values()[random.nextInt(Trait.values().length)];
        yield new Term.Among(trait, some(random, nodes, trait::of), random.nextBoolean());
      }
      case 3 -> {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        Set<String> values =
            some(random, nodes, node -> List.of(node.traits().labels().getOrDefault(key, "none")));
        yield new Term.Label(key, values, random.nextBoolean());
      }
      default -> new Term.Labelled(KEYS.get(random.nextInt(KEYS.size())), random.nextBoolean());
    };
  }

  private static Set<String> some(
      SplittableRandom random, List<Node> nodes, Function<Node, List<String>> words) {
    var some = new HashSet<String>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      some.addAll(words.apply(nodes.get(random.nextInt(nodes.size()))));
    }
    if (random.nextInt(5) == 0) {
      some.add("nowhere");
    }
    return some;
  }
}
