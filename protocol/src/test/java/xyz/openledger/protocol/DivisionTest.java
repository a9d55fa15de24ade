package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.golden.Drawn;
import xyz.openledger.protocol.json.Json;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class DivisionTest {
  private static final BigInteger WHOLE = BigInteger.valueOf(FeeSplit.WHOLE);

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom(13).longs(200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void allPartsTogetherAreWhatWasHeldAndNoneIsOffByAUnit(long seed) {
    var random = new SplittableRandom(seed);
    var split =
        new FeeSplit(
            random.nextInt(2_500),
            random.nextInt(2_500),
            random.nextInt(2_500),
            random.nextInt(2_500));
    List<Long> prices =
        Stream.generate(() -> random.nextLong(1L << random.nextInt(1, 57)))
            .limit(random.nextInt(20))
            .toList();
    long charged = prices.stream().reduce(0L, Math::addExact);
    long held = charged + random.nextLong(1_000_000);

    Division division = Division.of(split, held, prices, null);

    long parts =
        division.nodesNanoOpen()
            + division.platformNanoOpen()
            + division.modelNanoOpen()
            + division.stakersNanoOpen()
            + division.dataNanoOpen();
    assertThat(parts + division.carriedNanoOpen()).isEqualTo(charged);
    assertThat(charged + division.refundedNanoOpen()).isEqualTo(held);
    assertThat(division.carriedNanoOpen()).isBetween(0L, prices.size() + 4L);
    isDue(charged, split.platformBasisPoints(), division.platformNanoOpen());
    isDue(charged, split.modelBasisPoints(), division.modelNanoOpen());
    isDue(charged, split.stakersBasisPoints(), division.stakersNanoOpen());
    isDue(charged, split.dataBasisPoints(), division.dataNanoOpen());
  }

  @Test
  void pricesThatAreMoreThanALongHoldsAreAFault() {
    var drawn = new Drawn(new SplittableRandom(7));
    Receipt receipt = drawn.receipt();
    while (Division.prices(receipt.tasks()).size() < 2) {
      receipt = drawn.receipt();
    }
    ObjectNode dear = Json.tree(Json.write(receipt)).deepCopy();
    for (JsonNode replicas : dear.findValues("replicas")) {
      replicas.forEach(
          replica -> ((ObjectNode) replica).put("paidNanoOpen", Long.toString(Long.MAX_VALUE)));
    }

    assertThat(Division.faults(Json.read(Json.write(dear), Receipt.class)))
        .containsExactly("its amounts are more than there can be");
  }

  /** Older ones need not say it. */
  @ParameterizedTest
  @CsvSource({"3, true, does not say who gets", "3, false, ''", "2, true, ''", "1, true, ''"})
  void aReceiptOfAPaidJobSaysWhoGetsWhat(int version, boolean isMissing, String expected) {
    var drawn = new Drawn(new SplittableRandom(7));
    Receipt receipt = drawn.receipt();
    while (charged(receipt) == 0) {
      receipt = drawn.receipt();
    }
    ObjectNode document = Json.tree(Json.write(receipt)).deepCopy();
    document.put("version", version);
    document.put("chargedNanoOpen", Long.toString(charged(receipt)));
    var division =
        Division.of(FeeSplit.NONE, charged(receipt), Division.prices(receipt.tasks()), null);
    document.set("division", Json.tree(Json.write(division)));
    if (isMissing) {
      document.remove("division");
    }

    List<String> faults = Division.faults(Json.read(Json.write(document), Receipt.class));

    assertThat(String.join("; ", faults)).contains(expected);
    assertThat(faults).hasSize(expected.isEmpty() ? 0 : 1);
  }

  private static long charged(Receipt receipt) {
    return Division.prices(receipt.tasks()).stream().mapToLong(Long::longValue).sum();
  }

  private static void isDue(long charged, int basisPoints, long part) {
    assertThat(BigInteger.valueOf(part))
        .isEqualTo(
            BigInteger.valueOf(charged).multiply(BigInteger.valueOf(basisPoints)).divide(WHOLE));
  }
}
