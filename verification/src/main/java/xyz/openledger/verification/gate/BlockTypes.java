package xyz.openledger.verification.gate;

import java.util.List;
import xyz.openledger.verification.gate.GateRefusal.Reason;

/** The type of a block: nothing, one result, or an entry of the type section. */
final class BlockTypes {

  private static final Signature[] SINGLE = {
    Signature.of(":d"), Signature.of(":f"), Signature.of(":l"), Signature.of(":i")
  };

  private BlockTypes() {}

  static Signature read(ByteReader in, List<Signature> types) {
    int at = in.position();
    long code = in.s33();
    if (code == Opcodes.EMPTY_BLOCK - 0x80) {
      return Signature.NOTHING;
    }
    if (code < 0) {
      long single = code + 0x80 - ValueTypes.F64;
      if (single < 0 || single >= SINGLE.length) {
        throw new GateRefusal(
            Reason.UNSUPPORTED_FEATURE,
            at,
            "a block has a type that is not a number; build without SIMD and reference types");
      }
      return SINGLE[(int) single];
    }
    if (code >= types.size()) {
      throw new GateRefusal(
          Reason.UNKNOWN_INDEX,
          at,
          "the block type " + code + " is not one of " + types.size() + "; rebuild the module");
    }
    return types.get((int) code);
  }

  /** Copies a block type, in its shortest form. */
  static void copy(ByteReader in, ByteWriter out) {
    out.signed(in.s33());
  }
}
