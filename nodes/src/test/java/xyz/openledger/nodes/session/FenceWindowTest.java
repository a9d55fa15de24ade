package xyz.openledger.nodes.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FenceWindowTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void takesWhatOvertookOneAnotherExactlyOnce(long seed) {
    var random = new Random(seed);
    var fences = new ArrayList<Long>();
    for (long fence = 101; fence <= 101 + FenceWindow.REMEMBERED / 2; fence++) {
      fences.add(fence);
      fences.add(fence);
    }
    Collections.shuffle(fences, random);
    var window = new FenceWindow(100);
    var before = new HashSet<Long>();

    for (long fence : fences) {
      assertThat(window.take(fence)).isEqualTo(before.add(fence));
    }
    assertThat(window.highest()).isEqualTo(Collections.max(fences));
  }

  @Test
  void refusesWhatItNoLongerRemembers() {
    var window = new FenceWindow(0);
    for (long fence = 1; fence <= 3L * FenceWindow.REMEMBERED; fence++) {
      assertThat(window.take(fence)).isTrue();
    }

    assertThat(window.floor()).isEqualTo(2L * FenceWindow.REMEMBERED);
    for (long fence = 1; fence <= 3L * FenceWindow.REMEMBERED; fence++) {
      assertThat(window.take(fence)).isFalse();
    }
  }

  @Test
  void theHighestOfAnEarlierLifeIsKnownBeforeAnythingWasSeen() {
    assertThat(new FenceWindow(7).highest()).isEqualTo(7);
  }
}
