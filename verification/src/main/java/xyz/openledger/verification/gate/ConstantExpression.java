package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.END;
import static xyz.openledger.verification.gate.Opcodes.F32_CONST;
import static xyz.openledger.verification.gate.Opcodes.F64_CONST;
import static xyz.openledger.verification.gate.Opcodes.I32_CONST;
import static xyz.openledger.verification.gate.Opcodes.I64_CONST;

import xyz.openledger.verification.gate.GateRefusal.Reason;

/**
 * The expressions that initialise globals and place segments: one constant and {@code end}. The
 * format also allows to read an imported global, but no global can be imported.
 */
final class ConstantExpression {

  private ConstantExpression() {}

  /** Reads the place of a segment, 0 to 2³²−1. */
  static long offset(ByteReader in) {
    return Integer.toUnsignedLong((int) read(in, ValueTypes.I32));
  }

  /** Reads an expression that must be of {@code type}: its integer, or the bits of its float. */
  static long read(ByteReader in, int type) {
    int offset = in.position();
    int opcode = in.u8();
    if (opcode != constantOf(type)) {
      throw new GateRefusal(
          Reason.TYPE_MISMATCH,
          offset,
          "a global or segment is not initialised by a constant of type "
              + ValueTypes.name(type)
              + "; link statically, without position-independent code");
    }
    long value = value(in, opcode);
    offset = in.position();
    if (in.u8() != END) {
      throw new GateRefusal(
          Reason.UNSUPPORTED_FEATURE,
          offset,
          "a global or segment is initialised by more than a constant; build without"
              + " -mextended-const");
    }
    return value;
  }

  /** Writes an expression. */
  static void write(ByteWriter out, int type, long value) {
    int opcode = constantOf(type);
    switch (opcode) {
      case I32_CONST, I64_CONST -> out.constant(opcode, value);
      case F32_CONST -> out.u8(opcode).bits(value, 4);
      default -> out.u8(opcode).bits(value, 8);
    }
    out.u8(END);
  }

  private static int constantOf(int type) {
    return switch (type) {
      case ValueTypes.I32 -> I32_CONST;
      case ValueTypes.I64 -> I64_CONST;
      case ValueTypes.F32 -> F32_CONST;
      default -> F64_CONST;
    };
  }

  /** Reads the immediate of a constant: an integer's value or a float's bits. */
  static long value(ByteReader in, int opcode) {
    return switch (opcode) {
      case I32_CONST -> in.s32();
      case I64_CONST -> in.s64();
      case F32_CONST -> in.bits(4);
      default -> in.bits(8);
    };
  }
}
