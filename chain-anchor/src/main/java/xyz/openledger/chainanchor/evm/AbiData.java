package xyz.openledger.chainanchor.evm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/**
 * Encoded arguments, with those of variable length: their word says how far behind {@code base}
 * they are. What somebody else encoded may say anything, so each step is checked.
 */
record AbiData(byte[] data, int base) {
  private static final int WORD_BYTES = 32;
  private static final int NODE_BYTES = 16;

  /** Reads one element that stands at a word. */
  @FunctionalInterface
  interface Element<T> {
    T read(AbiData elements, int word);
  }

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

  /** A number of at most 64 bits, unsigned, that fits a long. */
  long number(int word) {
    return uint(word).longValueExact();
  }

  boolean bool(int word) {
    return uint(word).signum() != 0;
  }

  Digest digest(int word) {
    return Digest.wrap(slice(base + (long) word * WORD_BYTES, WORD_BYTES));
  }

  byte[] bytes16(int word) {
    return slice(base + (long) word * WORD_BYTES, NODE_BYTES);
  }

  Selector selector(int word) {
    byte[] bytes = slice(base + (long) word * WORD_BYTES, Selector.BYTES);
    return new Selector("0x" + HexFormat.of().formatHex(bytes));
  }

  /** The text at a word. */
  String text(int word) {
    return new String(bytes(word), StandardCharsets.UTF_8);
  }

  /** An array of a fixed length that stands here. */
  List<BigInteger> words(int word, int count) {
    var values = new ArrayList<BigInteger>(count);
    for (int i = 0; i < count; i++) {
      values.add(uint(word + i));
    }
    return List.copyOf(values);
  }

  /**
   * The array of variable length at a word.
   *
   * @param width how many words each element takes
   */
  <T> List<T> list(int word, int width, Element<T> element) {
    AbiData array = at(word);
    int count = array.size(0);
    if ((long) count * width * WORD_BYTES > data.length) {
      throw new IllegalArgumentException("a contract's data says an array of " + count);
    }
    AbiData elements = array.elements();
    var values = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      values.add(element.read(elements, i * width));
    }
    return List.copyOf(values);
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
