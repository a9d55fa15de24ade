package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Digest;

class HeldBlobsTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void missNoneOfThoseThatMostNodesHoldAndNameFewTooMany(long seed) {
    var random = new SplittableRandom(seed);
    Map<Long, Integer> nodes = new HashMap<>();
    for (int i = 0; i < HeldBlobs.BLOBS_MAX; i++) {
      nodes.put(blob(random.nextInt(1_000_000)).first(), 2 + random.nextInt(5));
    }
    var common = Map.copyOf(nodes);
    for (int i = 0; i < 20_000; i++) {
      nodes.putIfAbsent(blob(1_000_000 + i).first(), 1);
    }

    var held = HeldBlobs.of(nodes);

    for (int i = 0; i < 1_000_000; i += 1 + random.nextInt(200)) {
      if (common.containsKey(blob(i).first())) {
        assertThat(held.mayHold(blob(i))).isTrue();
      }
    }
    int wrong = 0;
    for (int i = 0; i < 10_000; i++) {
      wrong += held.mayHold(blob(5_000_000 + i)) ? 1 : 0;
    }
    assertThat(wrong).as("of ten thousand that nobody holds").isLessThan(600);
    assertThat(held.bits()).hasSize(256);
  }

  @Test
  void knowNothingOfAPoolThatSaysNothing() {
    assertThat(HeldBlobs.of(Map.of())).isEqualTo(HeldBlobs.UNKNOWN);
    assertThat(HeldBlobs.UNKNOWN.mayHold(blob(1))).isFalse();
  }

  private static Digest blob(int number) {
    return Digest.of(Integer.toString(number).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }
}
