package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every kernel set that this machine can run, and how answers are compared. */
final class Variants {
  private Variants() {}

  static List<StrictKernels> all() {
    return StrictKernels.all();
  }

  /** The bits, every NaN written alike; -0 and +0 differ. */
  static int[] bits(List<MemorySegment> answers) {
    var all = new ArrayList<int[]>();
    for (MemorySegment answer : answers) {
      var bits = new int[(int) (answer.byteSize() / 4)];
      for (int i = 0; i < bits.length; i++) {
        int raw = answer.get(JAVA_INT_UNALIGNED, i * 4L);
        bits[i] = Float.floatToIntBits(Float.intBitsToFloat(raw));
      }
      all.add(bits);
    }
    return all.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
