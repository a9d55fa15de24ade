package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The one loop of all products: blocks of columns, within them blocks of depth that resume. */
final class JavaMultiply {
  static final int WIDTH = 256;
  static final int DEPTH = 256;

  /** Values {@code from} and on of the left matrix's row i. */
  interface Left {
    void read(long i, long from, int count, float[] to);
  }

  /**
   * A block of the right matrix: {@code to[p · width + j]} is its value at (from + p, first + j).
   */
  interface Right {
    void read(int from, int depth, int first, int width, float[] to);
  }

  private JavaMultiply() {}

  static void run(
      int rows,
      int columns,
      int depth,
      Left left,
      Right right,
      MemorySegment y,
      long strideY,
      boolean accumulate) {
    var a = new float[DEPTH];
    var b = new float[DEPTH * Math.min(WIDTH, columns)];
    var c = new float[Math.min(WIDTH, columns)];
    for (int first = 0; first < columns; first += WIDTH) {
      int width = Math.min(WIDTH, columns - first);
      for (int from = 0; from < Math.max(depth, 1); from += DEPTH) {
        int deep = Math.min(DEPTH, depth - from);
        right.read(from, deep, first, width, b);
        for (int i = 0; i < rows; i++) {
          left.read(i, from, deep, a);
          if (from == 0 && !accumulate) {
            Arrays.fill(c, 0);
          } else {
            Memory.read(y, i * strideY + first, c, width);
          }
          extend(a, b, c, deep, width);
          Memory.write(y, i * strideY + first, c, width);
        }
      }
    }
  }

  /** Four links of each chain at a time: the sums are loaded and stored a quarter as often. */
  private static void extend(float[] a, float[] b, float[] c, int depth, int width) {
    int p = 0;
    for (; p + 4 <= depth; p += 4) {
      float a0 = a[p];
      float a1 = a[p + 1];
      float a2 = a[p + 2];
      float a3 = a[p + 3];
      int at = p * width;
      for (int j = 0; j < width; j++) {
        float sum = Math.fma(a0, b[at + j], c[j]);
        sum = Math.fma(a1, b[at + width + j], sum);
        sum = Math.fma(a2, b[at + 2 * width + j], sum);
        c[j] = Math.fma(a3, b[at + 3 * width + j], sum);
      }
    }
    for (; p < depth; p++) {
      float factor = a[p];
      for (int j = 0; j < width; j++) {
        c[j] = Math.fma(factor, b[p * width + j], c[j]);
      }
    }
  }
}
