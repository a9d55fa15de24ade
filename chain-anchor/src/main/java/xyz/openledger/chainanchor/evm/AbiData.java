package xyz.openledger.chainanchor.evm;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import xyz.openledger.protocol.Address;

/**
 * Encoded arguments, with those of variable length: their word says how far behind {@code base}
 * they are. What somebody else encoded may say anything, so each step is checked.
 */
record AbiData(byte[] data, int base) {
  private static final int WORD_BYTES = 32;

  static AbiData of(String hex) {
    return new AbiData(HexFormat.of().parseHex(hex, 2, hex.length()), 0);
  }

  BigInteger uint(int word) {
    return new BigInteger(1, slice(base + (long) word * WORD_BYTES, WORD_BYTES));
  }

  Address address(int word) {
    byte[] bytes = slice(base + (long) word * WORD_BYTES, WORD_BYTES);
    return new Address(
        "0x" + HexFormat.of().formatHex(bytes, WORD_BYTES - Address.BYTES, WORD_BYTES));
  }

  /** A small number, such as a length or a time. */
  int size(int word) {
    BigInteger value = uint(word);
    if (value.bitLength() > 31) {
      throw new IllegalArgumentException("a contract's data says a length of " + value);
    }
    return value.intValue();
  }

  /** The array at a word: its first word is its length, and its elements are behind that. */
  AbiData at(int word) {
    return new AbiData(data, Math.addExact(base, size(word)));
  }

  /** The elements of the array that begins here. */
  AbiData elements() {
    return new AbiData(data, Math.addExact(base, WORD_BYTES));
  }

  /** The bytes at a word. */
  byte[] bytes(int word) {
    AbiData found = at(word);
    return slice((long) found.base + WORD_BYTES, found.size(0));
  }

  private byte[] slice(long from, int length) {
    if (from < 0 || from + length > data.length) {
      throw new IllegalArgumentException(
          "a contract's data ends at byte %d, before %d".formatted(data.length, from + length));
    }
    return Arrays.copyOfRange(data, (int) from, (int) from + length);
  }
}
