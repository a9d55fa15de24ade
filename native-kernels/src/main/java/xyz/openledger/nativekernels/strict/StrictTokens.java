package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** Choosing a token, and naming a result. */
public interface StrictTokens {
  /** What is answered where no logit is a number above −∞. */
  int NO_TOKEN = -1;

  /**
   * A token drawn from logits. Temperature 0 takes the highest, the first of equals. Otherwise: of
   * the {@code topK} highest (0: all), the fewest highest whose probabilities reach {@code topP}
   * (1: all), one is drawn by the number that {@code seed} and {@code counter} name.
   */
  int sample(
      int count,
      MemorySegment logits,
      float temperature,
      int topK,
      float topP,
      long seed,
      long counter);

  /**
   * SHA-256 over {@code "f32"}, a zero byte, the number of dimensions and each (int32,
   * little-endian), and the values, each NaN as 0x7fc00000; −0 stays.
   */
  byte[] digest(MemorySegment values, int... shape);
}
