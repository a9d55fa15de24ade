package xyz.openledger.nativekernels.strict;

import java.util.List;
import java.util.Optional;

/**
 * Every strict kernel. Buffers are off-heap, little-endian, at least as long as sizes and strides
 * say; an offset is a slice; strides are counted in elements. What is written may not overlap with
 * what is read, unless a method says so. Kernels keep nothing and use no threads: any thread may
 * call them.
 *
 * <p>A NaN is a NaN: which one is told only by {@link StrictTokens#digest}, which writes all alike.
 */
public interface StrictKernels
    extends StrictProducts,
        StrictRows,
        StrictAttention,
        StrictGradients,
        StrictTraining,
        StrictTokens {

  /** What serves: {@code java}, or {@code native} and the instruction set. */
  String name();

  /** The fastest of this machine, chosen once. {@code -Dopenledger.kernels=java} keeps to Java. */
  static StrictKernels best() {
    return StrictChoice.BEST;
  }

  /** The reference in Java, which is always there and gives the same bits. */
  static StrictKernels java() {
    return StrictChoice.JAVA;
  }

  /** All that this machine can run: Java, and each variant in C. */
  static List<StrictKernels> all() {
    return StrictChoice.ALL;
  }

  /** Why Java serves instead of C; empty if it does not. */
  static Optional<String> objection() {
    return Optional.ofNullable(StrictChoice.OBJECTION);
  }
}
