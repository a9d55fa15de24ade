package xyz.openledger.verification.gate;

/**
 * The four value types, as the bytes of the binary format, and what the gate knows about a value on
 * the operand stack beyond its type.
 */
final class ValueTypes {

  static final int I32 = 0x7F;
  static final int I64 = 0x7E;
  static final int F32 = 0x7D;
  static final int F64 = 0x7C;

  /** Any type: what an operand has after an unconditional branch. */
  static final int ANY = 0;

  /**
   * Added to a float type when the value's bits are known to be the same on every machine: it was
   * loaded, or made from an integer, or is a constant, so no arithmetic chose the bits of its NaN.
   */
  static final int EXACT_BITS = 0x100;

  private ValueTypes() {}

  static boolean isValueType(int code) {
    return code >= F64 && code <= I32;
  }

  static int withoutBits(int type) {
    return type & 0xFF;
  }

  static String name(int type) {
    return switch (withoutBits(type)) {
      case I32 -> "i32";
      case I64 -> "i64";
      case F32 -> "f32";
      case F64 -> "f64";
      default -> "any";
    };
  }

  /** Reads the letters {@code i l f d} as types. */
  static byte[] parse(String letters) {
    byte[] types = new byte[letters.length()];
    for (int i = 0; i < types.length; i++) {
      types[i] =
          (byte)
              switch (letters.charAt(i)) {
                case 'i' -> I32;
                case 'l' -> I64;
                case 'f' -> F32;
                case 'd' -> F64;
                default -> throw new IllegalArgumentException(letters);
              };
    }
    return types;
  }
}
