package xyz.openledger.verification.tee;

import java.util.Arrays;
import java.util.HexFormat;

/** A stretch of evidence, read by offset: little-endian, and never beyond its end. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Bytes(byte[] array, int from, int length) {
  static Bytes of(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  Bytes part(int offset, int size) throws Refusal {
    Refusal.unless(
        offset >= 0 && size >= 0 && offset <= length - size,
        "format",
        "it ends before byte %d".formatted((long) offset + size));
    return new Bytes(array, from + offset, size);
  }

  Bytes rest(int offset) throws Refusal {
    return part(offset, length - offset);
  }

  long number(int offset, int size) throws Refusal {
    Bytes part = part(offset, size);
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = (value << 8) | (part.array[part.from + i] & 0xFF);
    }
    return value;
  }

  /** A 32-bit length; refuses what no evidence has. */
  int count(int offset, int size) throws Refusal {
    long value = number(offset, size);
    Refusal.unless(value <= length, "format", "a length of " + value + " goes beyond the end");
    return (int) value;
  }

  byte[] copy() {
    return Arrays.copyOfRange(array, from, from + length);
  }

  byte[] reversed() {
    byte[] reversed = new byte[length];
    for (int i = 0; i < length; i++) {
      reversed[i] = array[from + length - 1 - i];
    }
    return reversed;
  }

  String hex() {
    return HexFormat.of().formatHex(array, from, from + length);
  }

  boolean isZero() {
    for (int i = from; i < from + length; i++) {
      if (array[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
