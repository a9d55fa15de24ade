package xyz.openledger.verification.gate;

import java.util.Arrays;
import xyz.openledger.verification.gate.GateRefusal.Reason;

/** The declaration of a function's locals: runs of one type each. */
final class Locals {

  private Locals() {}

  /**
   * Reads the declaration.
   *
   * @return the types of the parameters, then of the locals
   */
  static byte[] read(ByteReader in, byte[] parameters, int max) {
    byte[] types = parameters.clone();
    int groups = in.count("groups of locals", Integer.MAX_VALUE);
    for (int i = 0; i < groups; i++) {
      int offset = in.position();
      long count = in.u32();
      int type = SectionItems.valueType(in);
      if (types.length + count > max) {
        throw new GateRefusal(
            Reason.LIMIT_EXCEEDED,
            offset,
            "a function has "
                + (types.length + count)
                + " parameters and locals, the limit is "
                + max
                + "; split the function or build with optimisation");
      }
      int before = types.length;
      types = Arrays.copyOf(types, before + (int) count);
      Arrays.fill(types, before, types.length, (byte) type);
    }
    return types;
  }

  /** Writes the types from {@code first} on as a declaration, neighbours of one type as one run. */
  static void write(ByteWriter out, byte[] types, int first) {
    var groups = new ByteWriter(16);
    int count = 0;
    for (int start = first; start < types.length; ) {
      int end = start + 1;
      while (end < types.length && types[end] == types[start]) {
        end++;
      }
      groups.unsigned(end - start).u8(types[start]);
      start = end;
      count++;
    }
    out.unsigned(count).append(groups);
  }
}
