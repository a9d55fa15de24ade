package xyz.openledger.pools.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;

/** What bitmaps tell without a line: nothing wrong, and of most rows something. */
class SureSearchTest {
  private static final int NODES = 400;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyRowIsToldAsItIsOrNotAtAll(long seed) {
    var random = new SplittableRandom(seed);
    var index = new NodeIndex(1 << 10, Drawn.kernel(seed), Postings.WORDS_MAX);
    List<Node> nodes = draw(random, index);
    for (int i = 0; i < 20; i++) {
      Program program = index.compile(Drawn.terms(random, nodes));
      int words = index.search().survivorWords();
      int first = random.nextInt(words);
      var among = random.longs(words - first).toArray();
      BitSet before = BitSet.valueOf(among);
      var passing = new long[among.length];

      int count = index.search().surely(program, first, among.length, among, passing);

      BitSet left = BitSet.valueOf(among);
      BitSet passed = BitSet.valueOf(passing);
      assertThat(passed.cardinality()).isEqualTo(count);
      for (int bit = 0; bit < among.length * Long.SIZE; bit++) {
        boolean satisfies = program.test(first * Long.SIZE + bit);
        assertThat(left.get(bit) && !before.get(bit)).as("appears from nowhere").isFalse();
        assertThat(passed.get(bit)).isEqualTo(left.get(bit) && satisfies);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void onlyRowsNearAnEndOfARangeAreNotTold(long seed) {
    var random = new SplittableRandom(seed);
    var index = new NodeIndex(1 << 10, Drawn.kernel(seed), Postings.WORDS_MAX);
    List<Node> nodes = draw(random, index);
    long price = nodes.get(random.nextInt(NODES)).priceNanoOpenPerGigafuel();
    Program cheap = index.compile(List.of(new Term.Between(Quantity.PRICE, 0, price)));
    RangeColumn range = index.table().range(NodeIndex.column(Quantity.PRICE));
    int bucket = range.bucket(Code.of(price));
    var among = allOnes(index.search().survivorWords());

    index.search().surely(cheap, 0, among.length, among, new long[among.length]);

    BitSet left = BitSet.valueOf(among);
    for (int row = 0; row < NODES; row++) {
      int code = index.table().code(row, NodeIndex.column(Quantity.PRICE));
      assertThat(left.get(row) || range.bucket(code) == bucket).isTrue();
    }
  }

  @Test
  void whatIsNoRangeIsToldOfEveryRow() {
    var random = new SplittableRandom(5);
    var index = new NodeIndex(1 << 10);
    draw(random, index);
    Program all = index.compile(List.of());
    var among = allOnes(index.search().survivorWords());

    int count = index.search().surely(all, 0, among.length, among, new long[among.length]);

    assertThat(count).isEqualTo(NODES);
    assertThat(among).containsOnly(-1L);
  }

  private static long[] allOnes(int words) {
    var ones = new long[words];
    Arrays.fill(ones, -1);
    return ones;
  }

  private static List<Node> draw(SplittableRandom random, NodeIndex index) {
    var nodes = new ArrayList<Node>();
    for (int number = 0; number < NODES; number++) {
      nodes.add(Drawn.node(random, number));
      index.put(nodes.getLast());
    }
    index.table().reorganise();
    return nodes;
  }

  static Stream<Long> seeds() {
    return Drawn.seeds(12);
  }
}
