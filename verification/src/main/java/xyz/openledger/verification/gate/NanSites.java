package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;

/**
 * Where the bits of a NaN can be seen. Arithmetic may leave any NaN, and machines differ in which;
 * but while it stays on the operand stack, in a local or in a global, nothing a program does tells
 * one from another. Only a store, a reinterpretation as an integer and the sign operand of {@code
 * copysign} show its bits, so only there it is made canonical.
 *
 * <p>A value that was loaded, reinterpreted from an integer, converted from one or given as a
 * number, and goes straight there, has bits that no arithmetic chose. It passes as it is: a plain
 * copy keeps a NaN's payload and costs nothing.
 */
final class NanSites {

  static final int CANONICAL_F32 = 0x7FC0_0000;
  static final long CANONICAL_F64 = 0x7FF8_0000_0000_0000L;

  private NanSites() {}

  /** Whether an operator shows the bits of its last operand. */
  static boolean showsBits(int opcode) {
    return switch (opcode) {
      case F32_STORE, F64_STORE, I32_REINTERPRET_F32, I64_REINTERPRET_F64 -> true;
      default -> false;
    };
  }

  /** Whether an operator's result is a float with the same bits on every machine. */
  static boolean leavesExactBits(int opcode) {
    return switch (opcode) {
      case F32_LOAD, F64_LOAD, F32_REINTERPRET_I32, F64_REINTERPRET_I64 -> true;
      default ->
          (opcode >= F32_CONVERT_I32_S && opcode <= F32_CONVERT_I64_U)
              || (opcode >= F64_CONVERT_I32_S && opcode <= F64_CONVERT_I64_U);
    };
  }
}
