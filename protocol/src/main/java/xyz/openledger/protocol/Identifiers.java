package xyz.openledger.protocol;

import java.util.Arrays;

/** The common form of our identifiers: a kind, a dash, and 16 bytes in base32. */
final class Identifiers {
  private static final int BYTES = 16;

  private Identifiers() {}

  static void check(String kind, String text) {
    if (!text.startsWith(kind)
        || text.length() <= kind.length()
        || text.charAt(kind.length()) != '-'
        || !Base32.isEncoding(text, kind.length() + 1, BYTES)) {
      throw new ProblemException(
          Problem.INVALID_REQUEST,
          kind,
          "expected %s- and 26 letters of a-z2-7, got %s"
              .formatted(kind, text.substring(0, Math.min(80, text.length()))));
    }
  }

  static byte[] bytes(String kind, String text) {
    return Base32.decode(text, kind.length() + 1, BYTES);
  }

  static String of(String kind, Digest digest) {
    return kind + "-" + Base32.encode(Arrays.copyOf(digest.bytes(), BYTES));
  }

  /**
   * Reads a number without sign or leading zeros, up to {@code max}; -1 if {@code text} is not one.
   */
  static int number(String text, int max) {
    if (text.isEmpty() || text.length() > 9 || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number <= max ? number : -1;
  }
}
