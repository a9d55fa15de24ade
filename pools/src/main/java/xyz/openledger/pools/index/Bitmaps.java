package xyz.openledger.pools.index;

import java.util.Arrays;
import xyz.openledger.nativekernels.MatchKernel;

/** The bitmaps of one question on its way to the kernel: a reusable pair of lists. */
final class Bitmaps {
  final int[] required = new int[MatchKernel.BITMAPS_MAX];
  final int[] excluded = new int[MatchKernel.BITMAPS_MAX];
  int requiredCount;
  int excludedCount;

  /** Begins with those of a program. */
  void begin(Program program) {
    int[] with = program.required();
    int[] without = program.excluded();
    System.arraycopy(with, 0, required, 0, with.length);
    System.arraycopy(without, 0, excluded, 0, without.length);
    requiredCount = with.length;
    excludedCount = without.length;
  }

  void require(int bitmap) {
    required[requiredCount++] = bitmap;
  }

  void exclude(int bitmap) {
    excluded[excludedCount++] = bitmap;
  }

  /** Goes back to what it was. */
  void shorten(int requiredTo, int excludedTo) {
    requiredCount = requiredTo;
    excludedCount = excludedTo;
  }

  Bitmaps copy() {
    var copy = new Bitmaps();
    copy.requiredCount = requiredCount;
    copy.excludedCount = excludedCount;
    System.arraycopy(required, 0, copy.required, 0, requiredCount);
    System.arraycopy(excluded, 0, copy.excluded, 0, excludedCount);
    return copy;
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOf(required, requiredCount))
        + " without "
        + Arrays.toString(Arrays.copyOf(excluded, excludedCount));
  }
}
