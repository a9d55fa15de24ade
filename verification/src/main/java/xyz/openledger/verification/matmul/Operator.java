package xyz.openledger.verification.matmul;

/**
 * One step of a {@link Network}. A source is the place of an earlier operator; -1 is the task's
 * input. Every operator is exact: the same numbers on any machine.
 */
public sealed interface Operator {
  /** The source that means the task's input. */
  int INPUT = -1;

  /** The operator whose output this one takes; the first of them where it takes two. */
  int source();

  /**
   * Rows of int8 times a matrix of int8 weights, summed in int32. With at most {@link
   * Network#INNER_MAX} terms of at most 2^14 no sum leaves int32.
   *
   * @param columns of the matrix, and of the output
   * @param weights row by row; not copied, and not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // identified by its network's digest
  record Product(int source, int columns, byte[] weights) implements Operator {
    /** The terms of one sum. */
    public int inner() {
      return weights.length / columns;
    }
  }

  /**
   * Adds a number to each column of int32; a sum that leaves int32 wraps.
   *
   * @param values one a column; not copied, and not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // identified by its network's digest
  record Bias(int source, int[] values) implements Operator {}

  /**
   * int32 to int8: divides by 2^shift, a half rounded up, and cuts off at -128 and 127.
   *
   * @param shift 0 to 31
   */
  record Requantise(int source, int shift) implements Operator {
    /** One element. */
    public static byte of(int value, int shift) {
      long half = shift == 0 ? 0 : 1L << (shift - 1);
      return (byte) Math.clamp((value + half) >> shift, -128, 127);
    }
  }

  /** Puts 0 for whatever is below it. */
  record Relu(int source) implements Operator {}

  /** The sum of two int32 tensors of one shape; a sum that leaves int32 wraps. */
  record Sum(int source, int other) implements Operator {}

  /** The place of the largest element of each row, the first among equals: int32, one column. */
  record ArgMax(int source) implements Operator {}
}
