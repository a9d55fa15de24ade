package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.BLOCK;

import org.jspecify.annotations.Nullable;

/**
 * What each plain operator takes and leaves: loads and stores (whose operands are an address and a
 * value) and everything that computes. Control, calls, variables and constants are not here; {@link
 * BodyChecker} knows them.
 */
final class Operators {

  private static final @Nullable Signature[] SIGNATURES = new @Nullable Signature[0x100];
  private static final Signature[] TRUNCATIONS = {
    Signature.of("f:i"), Signature.of("f:i"), Signature.of("d:i"), Signature.of("d:i"),
    Signature.of("f:l"), Signature.of("f:l"), Signature.of("d:l"), Signature.of("d:l")
  };

  /** For opcodes 0x28 to 0x3E: log₂ of the width of the access in bytes, the largest alignment. */
  private static final String ACCESS_WIDTHS = "23230011001122" + "232301012";

  static {
    put(0x28, 0x28, "i:i");
    put(0x29, 0x29, "i:l");
    put(0x2A, 0x2A, "i:f");
    put(0x2B, 0x2B, "i:d");
    put(0x2C, 0x2F, "i:i");
    put(0x30, 0x35, "i:l");
    put(0x36, 0x36, "ii:");
    put(0x37, 0x37, "il:");
    put(0x38, 0x38, "if:");
    put(0x39, 0x39, "id:");
    put(0x3A, 0x3B, "ii:");
    put(0x3C, 0x3E, "il:");
    put(0x3F, 0x3F, ":i");
    put(0x40, 0x40, "i:i");
    put(0x45, 0x45, "i:i");
    put(0x46, 0x4F, "ii:i");
    put(0x50, 0x50, "l:i");
    put(0x51, 0x5A, "ll:i");
    put(0x5B, 0x60, "ff:i");
    put(0x61, 0x66, "dd:i");
    put(0x67, 0x69, "i:i");
    put(0x6A, 0x78, "ii:i");
    put(0x79, 0x7B, "l:l");
    put(0x7C, 0x8A, "ll:l");
    put(0x8B, 0x91, "f:f");
    put(0x92, 0x98, "ff:f");
    put(0x99, 0x9F, "d:d");
    put(0xA0, 0xA6, "dd:d");
    put(0xA7, 0xA7, "l:i");
    put(0xA8, 0xA9, "f:i");
    put(0xAA, 0xAB, "d:i");
    put(0xAC, 0xAD, "i:l");
    put(0xAE, 0xAF, "f:l");
    put(0xB0, 0xB1, "d:l");
    put(0xB2, 0xB3, "i:f");
    put(0xB4, 0xB5, "l:f");
    put(0xB6, 0xB6, "d:f");
    put(0xB7, 0xB8, "i:d");
    put(0xB9, 0xBA, "l:d");
    put(0xBB, 0xBB, "f:d");
    put(0xBC, 0xBC, "f:i");
    put(0xBD, 0xBD, "d:l");
    put(0xBE, 0xBE, "i:f");
    put(0xBF, 0xBF, "l:d");
    put(0xC0, 0xC1, "i:i");
    put(0xC2, 0xC4, "l:l");
  }

  private Operators() {}

  private static void put(int first, int last, String signature) {
    for (int opcode = first; opcode <= last; opcode++) {
      SIGNATURES[opcode] = Signature.of(signature);
    }
  }

  /** The operator's signature, or null if {@code opcode} is not a plain operator. */
  static @Nullable Signature signatureOf(int opcode) {
    if (opcode >= 0xFC00) {
      return opcode <= Opcodes.I64_TRUNC_SAT_F64_U ? TRUNCATIONS[opcode & 0xFF] : null;
    }
    return SIGNATURES[opcode];
  }

  /** Log₂ of the width of a load or store in bytes. */
  static int widthLog2(int opcode) {
    return ACCESS_WIDTHS.charAt(opcode - Opcodes.I32_LOAD) - '0';
  }

  /**
   * Which feature an unknown opcode belongs to, with the way to build without it. {@code opcode} is
   * none of those the gate knows.
   */
  static String featureOf(int opcode) {
    return switch (opcode) {
      case 0x06, 0x07, 0x08, 0x09, 0x0A, 0x18, 0x19, 0x1F ->
          "uses exceptions; build without them (clang: -fno-exceptions)";
      case 0x12, 0x13 -> "uses tail calls; build without -mtail-call";
      case 0x14, 0x15, 0x1C, 0x25, 0x26, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6 ->
          "uses reference types; build without -mreference-types";
      case 0xFB -> "uses garbage-collected types; build for the WebAssembly MVP";
      case 0xFD -> "uses SIMD; build without -msimd128";
      case 0xFE -> "uses threads (atomics); build without -pthread and -matomics";
      default ->
          opcode >= 0xFC0C && opcode <= 0xFC11
              ? "changes a table at run time; build without -mreference-types"
              : "has the unknown opcode 0x"
                  + Integer.toHexString(opcode)
                  + "; build for the WebAssembly MVP";
    };
  }

  /** Whether an opcode begins a block, for the matching of {@code end}. */
  static boolean opensBlock(int opcode) {
    return opcode >= BLOCK && opcode <= Opcodes.IF;
  }
}
