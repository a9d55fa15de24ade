package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import xyz.openledger.nativekernels.Kernels;

/** Every kernel set that this machine can run, and how answers are compared. */
final class Variants {
  private static final List<StrictKernels> ALL = load();

  private Variants() {}

  static List<StrictKernels> all() {
    return ALL;
  }

  private static List<StrictKernels> load() {
    var found = new ArrayList<StrictKernels>();
    found.add(StrictKernels.java());
    if (StrictKernels.objection().isEmpty()) {
      for (NativeVariant variant : NativeVariant.values()) {
        try {
          found.add(NativeStrictKernels.of(Kernels.library(), variant));
        } catch (UnsatisfiedLinkError lacking) {
          // This machine has no such instructions.
        }
      }
    }
    return found;
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

  static float at(MemorySegment answer, long index) {
    return answer.getAtIndex(JAVA_FLOAT, index);
  }
}
