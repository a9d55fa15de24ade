package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.queue.Scene.node;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.NodeId;

class LatencyRecordTest {
  private static final WorkloadClass LARGE = WorkloadClass.of(1L << 40, 1L << 30);
  private static final WorkloadClass SMALL = WorkloadClass.of(1L << 20, 1L << 20);

  private final LatencyRecord record = new LatencyRecord();
  private final NodeId ada = node("ada", 1, 1).id();

  @Test
  void tellsNothingBeforeTwentyResults() {
    for (int i = 1; i < LatencyRecord.RESULTS_MIN; i++) {
      record.brought(ada, SMALL, 5, i);
    }
    assertThat(record.of(ada).figures()).isEmpty();

    record.brought(ada, SMALL, 7, 20);
    assertThat(record.of(ada).p99Millis(SMALL)).isEqualTo(7);
    assertThat(record.of(ada).p99Millis(LARGE)).isNull();
  }

  @Test
  void isAtMostAnEighthAboveTheTruePercentileAndNeverBelowIt() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      var node = node("n" + round, 1, 1).id();
      int count = random.nextInt(20, 1_000);
      double scale = Math.exp(random.nextDouble() * 14);
      long[] took = new long[count];
      for (int i = 0; i < count; i++) {
        took[i] = (long) (-Math.log(1 - random.nextDouble()) * scale);
        record.brought(node, SMALL, took[i], i);
      }
      Arrays.sort(took);
      long exact = took[Math.ceilDiv(count * 99, 100) - 1];
      Integer told = record.of(node).p99Millis(SMALL);

      assertThat(told).as("seed %d, round %d", seed, round).isNotNull();
      assertThat((long) told)
          .as("seed %d, round %d", seed, round)
          .isBetween(exact, exact + exact / 8);
    }
  }

  @Test
  void whatGotBetterIsToldAfterAThousandResults() {
    for (int i = 0; i < 500; i++) {
      record.brought(ada, SMALL, 4_000, i);
    }
    for (int i = 0; i < 40_000; i++) {
      record.brought(ada, SMALL, 4, i);
    }
    assertThat(record.of(ada).p99Millis(SMALL)).isEqualTo(4);
  }

  @Test
  void lettingTheOlderCountForHalfMakesNoPercentileShorter() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 100; round++) {
      var node = node("h" + round, 1, 1).id();
      // Tails of single results, no two of which take alike.
      int slow = random.nextInt(0, 40);
      for (int i = 0; i < 1_000; i++) {
        record.brought(node, SMALL, i < slow ? 1_000L + 130L * i : random.nextInt(8), i);
      }
      Integer before = record.of(node).p99Millis(SMALL);
      record.brought(node, SMALL, 0, 1_000);

      assertThat(record.of(node).p99Millis(SMALL))
          .as("seed %d, round %d, %d slow", seed, round, slow)
          .isEqualTo(before);
    }
  }

  @Test
  void slowOnesOfLongAgoFadeHoweverDifferentTheyWere() {
    for (int i = 0; i < 40; i++) {
      record.brought(ada, SMALL, 1_000L << (i / 2), i);
    }
    for (int i = 0; i < 10_000; i++) {
      record.brought(ada, SMALL, 4, i);
    }
    assertThat(record.of(ada).p99Millis(SMALL)).isEqualTo(4);
  }

  @Test
  void theNinthSizeOfWorkIsHeldToTheLimitAsTheOthersAre() {
    for (int size = 0; size < 9; size++) {
      bring(WorkloadClass.of(1L << (4 * size), 1L << 20), 9_000, size);
    }

    assertThat(record.of(ada).figures()).hasSize(9);
    assertThat(record.of(ada).p99Millis(WorkloadClass.of(1, 1L << 20))).isGreaterThan(8_999);
  }

  @Test
  void ofTooManySizesTheSlowestAreTold() {
    for (int size = 0; size < 2 * LatencyRecord.CLASSES_MAX; size++) {
      bring(new WorkloadClass(size % 16, size / 16), size % 2 == 0 ? 5 : 900, size);
    }

    assertThat(record.of(ada).figures())
        .hasSize(LatencyRecord.CLASSES_MAX)
        .allMatch(figure -> figure.p99Millis() >= 900);
  }

  private void bring(WorkloadClass workload, long tookMillis, long nowMillis) {
    for (int i = 0; i < LatencyRecord.RESULTS_MIN; i++) {
      record.brought(ada, workload, tookMillis, nowMillis);
    }
  }

  @Test
  void isForgottenAfterAnHourSoThatWhoWasSlowIsTriedAgain() {
    for (int i = 0; i < 20; i++) {
      record.brought(ada, SMALL, 9_000, 0);
      record.brought(ada, LARGE, 9_000, 1_000);
    }
    assertThat(record.forget(LatencyRecord.FORGOTTEN_MILLIS)).isEmpty();

    assertThat(record.forget(LatencyRecord.FORGOTTEN_MILLIS + 1)).containsExactly(ada);
    assertThat(record.of(ada).p99Millis(SMALL)).isNull();
    assertThat(record.of(ada).p99Millis(LARGE)).isNotNull();
  }

  @Test
  void forgetsWhoBroughtNothingForLongestWhenThereAreTooMany() {
    for (int i = 0; i < 16_390; i++) {
      record.brought(node("n" + i, 1, 1).id(), SMALL, 1, i);
    }
    assertThat(record.forget(16_390)).hasSize(6).contains(node("n0", 1, 1).id());
    assertThat(record.forget(16_390)).isEmpty();
  }
}
