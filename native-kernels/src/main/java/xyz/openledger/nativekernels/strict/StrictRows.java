package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/**
 * What goes row by row or value by value. A sum over a row is a fixed tree: eight lanes, value i in
 * lane i mod 8, each one chain; then {@code ((0+4)+(2+6)) + ((1+5)+(3+7))}.
 */
public interface StrictRows {
  /** A function of one value, by fixed steps; {@code docs/kernels.md} lists them. */
  enum Function {
    EXP,
    LOG,
    TANH,
    SIGMOID,
    SILU,
    SINE,
    COSINE
  }

  /** {@code y = function(x)} of {@code count} values; {@code y} may be {@code x}. */
  void apply(Function function, long count, MemorySegment x, MemorySegment y);

  /** {@code y = x + y}. */
  void add(long count, MemorySegment x, MemorySegment y);

  /** {@code y = fma(factor, x, y)}. */
  void addScaled(long count, float factor, MemorySegment x, MemorySegment y);

  /**
   * {@code y = (x · r) · weight}, with {@code r = 1 / sqrt(sum(x²) / columns + epsilon)}; {@code y}
   * may be {@code x}.
   */
  void rmsNorm(
      int rows,
      int columns,
      MemorySegment x,
      long strideX,
      MemorySegment weight,
      float epsilon,
      MemorySegment y,
      long strideY);

  /** {@code y = e · (1 / sum(e))}, {@code e = exp(x − max)}; {@code y} may be {@code x}. */
  void softmax(int rows, int columns, MemorySegment x, long strideX, MemorySegment y, long strideY);

  /** {@code y = silu(gate) · up}; {@code y} may be either. */
  void swiGlu(
      int rows,
      int columns,
      MemorySegment gate,
      long strideGate,
      MemorySegment up,
      long strideUp,
      MemorySegment y,
      long strideY);

  /**
   * Cosine and sine of {@code (float) position · frequency}: {@code [rows×pairs]} each, densely;
   * positions are int32.
   */
  void rotaryAngles(
      int rows,
      int pairs,
      MemorySegment positions,
      MemorySegment frequencies,
      MemorySegment cosines,
      MemorySegment sines);

  /**
   * Turns the first {@code 2 · pairs} values of each head in place: {@code (a, b)} to {@code
   * (fma(−b, sine, a · cosine), fma(a, sine, b · cosine))}; by the negative sine if {@code back},
   * which is also the gradient.
   */
  void rotate(
      int rows,
      int heads,
      int headSize,
      int pairs,
      RotaryLayout layout,
      boolean back,
      MemorySegment x,
      long strideX,
      MemorySegment cosines,
      MemorySegment sines);
}
