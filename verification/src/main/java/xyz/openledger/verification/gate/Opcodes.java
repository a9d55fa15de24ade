package xyz.openledger.verification.gate;

/** The opcodes that the gate names. Those with prefix 0xFC carry it in the second byte. */
final class Opcodes {

  static final int UNREACHABLE = 0x00;
  static final int NOP = 0x01;
  static final int BLOCK = 0x02;
  static final int LOOP = 0x03;
  static final int IF = 0x04;
  static final int ELSE = 0x05;
  static final int END = 0x0B;
  static final int BR = 0x0C;
  static final int BR_IF = 0x0D;
  static final int BR_TABLE = 0x0E;
  static final int RETURN = 0x0F;
  static final int CALL = 0x10;
  static final int CALL_INDIRECT = 0x11;
  static final int DROP = 0x1A;
  static final int SELECT = 0x1B;
  static final int LOCAL_GET = 0x20;
  static final int LOCAL_SET = 0x21;
  static final int LOCAL_TEE = 0x22;
  static final int GLOBAL_GET = 0x23;
  static final int GLOBAL_SET = 0x24;
  static final int I32_LOAD = 0x28;
  static final int F32_LOAD = 0x2A;
  static final int F64_LOAD = 0x2B;
  static final int I64_LOAD32_U = 0x35;
  static final int I32_STORE = 0x36;
  static final int F32_STORE = 0x38;
  static final int F64_STORE = 0x39;
  static final int I64_STORE32 = 0x3E;
  static final int MEMORY_SIZE = 0x3F;
  static final int MEMORY_GROW = 0x40;
  static final int I32_CONST = 0x41;
  static final int I64_CONST = 0x42;
  static final int F32_CONST = 0x43;
  static final int F64_CONST = 0x44;
  static final int I32_EQZ = 0x45;
  static final int I32_NE = 0x47;
  static final int I32_LT_S = 0x48;
  static final int I32_GT_S = 0x4A;
  static final int I32_GT_U = 0x4B;
  static final int I64_LT_S = 0x53;
  static final int F32_EQ = 0x5B;
  static final int F64_EQ = 0x61;
  static final int I32_ADD = 0x6A;
  static final int I32_SUB = 0x6B;
  static final int I32_DIV_S = 0x6D;
  static final int I32_REM_U = 0x70;
  static final int I32_AND = 0x71;
  static final int I32_OR = 0x72;
  static final int I32_SHR_U = 0x76;
  static final int I64_ADD = 0x7C;
  static final int I64_SUB = 0x7D;
  static final int I64_MUL = 0x7E;
  static final int I64_DIV_S = 0x7F;
  static final int I64_REM_U = 0x82;
  static final int I64_AND = 0x83;
  static final int I64_OR = 0x84;
  static final int I64_SHR_U = 0x88;
  static final int F32_SQRT = 0x91;
  static final int F32_ADD = 0x92;
  static final int F32_DIV = 0x95;
  static final int F32_COPYSIGN = 0x98;
  static final int F64_SQRT = 0x9F;
  static final int F64_ADD = 0xA0;
  static final int F64_DIV = 0xA3;
  static final int F64_COPYSIGN = 0xA6;
  static final int I64_EXTEND_I32_U = 0xAD;
  static final int F32_CONVERT_I32_S = 0xB2;
  static final int F32_CONVERT_I64_S = 0xB4;
  static final int F32_CONVERT_I64_U = 0xB5;
  static final int F64_CONVERT_I32_S = 0xB7;
  static final int F64_CONVERT_I64_S = 0xB9;
  static final int F64_CONVERT_I64_U = 0xBA;
  static final int I32_REINTERPRET_F32 = 0xBC;
  static final int I64_REINTERPRET_F64 = 0xBD;
  static final int F32_REINTERPRET_I32 = 0xBE;
  static final int F64_REINTERPRET_I64 = 0xBF;

  static final int PREFIX = 0xFC;
  static final int I64_TRUNC_SAT_F64_U = 0xFC07;
  static final int MEMORY_INIT = 0xFC08;
  static final int DATA_DROP = 0xFC09;
  static final int MEMORY_COPY = 0xFC0A;
  static final int MEMORY_FILL = 0xFC0B;

  /** A block type without parameters and results. */
  static final int EMPTY_BLOCK = 0x40;

  private Opcodes() {}

  /** Reads an opcode; those with the prefix come as {@code 0xFC00 + number}. */
  static int read(ByteReader in) {
    int first = in.u8();
    if (first != PREFIX) {
      return first;
    }
    // Every known number is one byte; a larger one becomes one that is known to be unknown.
    return 0xFC00 + (int) Math.min(in.u32(), 0xFF);
  }

  static void write(ByteWriter out, int opcode) {
    if (opcode >= 0xFC00) {
      out.op(PREFIX, opcode - 0xFC00);
    } else {
      out.u8(opcode);
    }
  }

  static boolean isLoad(int opcode) {
    return opcode >= I32_LOAD && opcode <= I64_LOAD32_U;
  }

  static boolean isStore(int opcode) {
    return opcode >= I32_STORE && opcode <= I64_STORE32;
  }
}
