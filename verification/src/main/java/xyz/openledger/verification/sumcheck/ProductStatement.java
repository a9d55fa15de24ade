package xyz.openledger.verification.sumcheck;

import java.nio.ByteBuffer;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.verification.freivalds.Freivalds;

/**
 * That C = A·B for matrices of int8, with C in int32. Sides that are no powers of two are taken as
 * if zeros filled them up.
 *
 * @param a rows × inner, row by row
 * @param b inner × columns, row by row
 * @param c rows × columns, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its digest
public record ProductStatement(int rows, int inner, int columns, byte[] a, byte[] b, int[] c) {
  /** Checks that the sizes fit. */
  public ProductStatement {
    if (a.length != rows * inner || b.length != inner * columns || c.length != rows * columns) {
      throw new IllegalArgumentException("the matrices do not fit their sizes");
    }
  }

  /** Rounds of the proof: the binary logarithm of {@code inner}, rounded up. */
  public int rounds() {
    return log2(inner);
  }

  static int log2(int size) {
    return 32 - Integer.numberOfLeadingZeros(size - 1);
  }

  /** What every challenge depends on: all three matrices, before any is drawn. */
  public Digest commitment() {
    var product = ByteBuffer.allocate(Math.multiplyExact(c.length, Integer.BYTES));
    product.asIntBuffer().put(c);
    return Domain.of("product-statement")
        .int32(rows)
        .int32(inner)
        .int32(columns)
        .digest(Digest.of(a))
        .digest(Digest.of(b))
        .digest(Digest.of(product.array()))
        .digest();
  }

  /** C as a polynomial, at a point. */
  long productAt(long[] row, long[] column) {
    return Weights.sum(Weights.at(row, rows), Freivalds.image(c, Weights.at(column, columns)));
  }

  /** A as a polynomial, at a point. */
  long leftAt(long[] row, long[] z) {
    return Weights.sum(Weights.at(row, rows), Freivalds.image(a, Weights.at(z, inner)));
  }

  /** B as a polynomial, at a point. */
  long rightAt(long[] z, long[] column) {
    return Weights.sum(Weights.at(z, inner), Freivalds.image(b, Weights.at(column, columns)));
  }

  /** A's columns folded at a row's point: one pass over A. */
  long[] leftFold(long[] row) {
    return Weights.fold(a, inner, Weights.at(row, rows));
  }

  /** B's rows folded at a column's point: one pass over B. */
  long[] rightFold(long[] column) {
    return Freivalds.image(b, Weights.at(column, columns));
  }
}
