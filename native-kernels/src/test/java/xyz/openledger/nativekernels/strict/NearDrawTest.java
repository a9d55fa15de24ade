package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearDrawTest {
  private static final int TOKENS = 40;
  private static final double OFF = 0.01;
  private static final StrictKernels KERNELS = StrictKernels.best();

  private record Asked(
      float[] logits, float temperature, int topK, float topP, long seed, long counter) {
    private static Asked drawn(SplittableRandom random) {
      float[] logits = new float[TOKENS];
      for (int i = 0; i < TOKENS; i++) {
        logits[i] = (float) random.nextGaussian(0, 2);
      }
      // Some tie nearly, so that they change places where logits are off.
      logits[7] = logits[31] + 0.001f;
      return new Asked(
          logits,
          random.nextInt(4) == 0 ? 0 : (float) random.nextDouble(0.05, 2),
          random.nextInt(3) == 0 ? random.nextInt(1, 9) : 0,
          random.nextInt(3) == 0 ? (float) random.nextDouble(0.1, 1) : 1,
          random.nextLong(),
          random.nextInt(1_000));
    }

    private int sample(float[] from) {
      try (Arena arena = Arena.ofConfined()) {
        return KERNELS.sample(
            TOKENS,
            arena.allocateFrom(ValueLayout.JAVA_FLOAT, from),
            temperature,
            topK,
            topP,
            seed,
            counter);
      }
    }

    private NearDraw near(double off) {
      return new NearDraw(logits, temperature, topK, topP, seed, counter, off);
    }
  }

  private static float[] off(float[] logits, SplittableRandom random) {
    float[] other = logits.clone();
    for (int i = 0; i < other.length; i++) {
      // At the bounds as often as between them: these move a draw the furthest.
      double by = random.nextBoolean() ? random.nextDouble(-1, 1) : random.nextInt(2) * 2 - 1;
      other[i] += (float) (by * OFF * 0.999);
    }
    return other;
  }

  @Test
  void allowsWhateverIsDrawnFromLogitsThatAreALittleOff() {
    var random = new SplittableRandom(41);
    int otherwise = 0;
    for (int play = 0; play < 30_000; play++) {
      Asked asked = Asked.drawn(random);
      int drawn = asked.sample(off(asked.logits(), random));
      otherwise += drawn == asked.sample(asked.logits()) ? 0 : 1;
      assertThat(asked.near(OFF).mayBe(drawn)).as("play %d", play).isTrue();
    }
    assertThat(otherwise).isGreaterThan(50);
  }

  @Test
  void allowsHardlyAnyOtherToken() {
    var random = new SplittableRandom(42);
    int others = 0;
    int plays = 2_000;
    for (int play = 0; play < plays; play++) {
      Asked asked = Asked.drawn(random);
      int drawn = asked.sample(asked.logits());
      others +=
          (int)
              IntStream.range(0, TOKENS)
                  .filter(token -> token != drawn && asked.near(OFF).mayBe(token))
                  .count();
    }
    // Of 39 others each time.
    assertThat(others).isBetween(1, plays / 2);
  }

  @Test
  void neverAllowsATokenThatCannotBeDrawn() {
    float[] logits = {1, 2, Float.NEGATIVE_INFINITY, Float.NaN};
    for (float temperature : new float[] {0, 1}) {
      var near = new NearDraw(logits, temperature, 3, 0.9f, 5, 6, OFF);
      assertThat(near.mayBe(2)).isFalse();
      assertThat(near.mayBe(3)).isFalse();
    }
  }
}
