package xyz.openledger.protocol;

/** RFC 4648 base32 in lower case and without padding: the letters of our identifiers. */
final class Base32 {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int BITS = 5;

  private Base32() {}

  static String encode(byte[] bytes) {
    var text = new StringBuilder((bytes.length * Byte.SIZE + BITS - 1) / BITS);
    int buffer = 0;
    int bits = 0;
    for (byte value : bytes) {
      buffer = (buffer << Byte.SIZE) | (value & 0xff);
      bits += Byte.SIZE;
      while (bits >= BITS) {
        bits -= BITS;
        text.append(ALPHABET.charAt((buffer >>> bits) & 31));
      }
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((buffer << (BITS - bits)) & 31));
    }
    return text.toString();
  }

  /**
   * Whether {@code text} from {@code from} on is what {@link #encode} gives for {@code length}
   * bytes.
   */
  static boolean isEncoding(String text, int from, int length) {
    int characters = (length * Byte.SIZE + BITS - 1) / BITS;
    if (text.length() - from != characters) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (ALPHABET.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    int spare = characters * BITS - length * Byte.SIZE;
    return (ALPHABET.indexOf(text.charAt(text.length() - 1)) & ((1 << spare) - 1)) == 0;
  }

  /**
   * The bytes that {@code text} from {@code from} on stands for; checked by {@link #isEncoding}
   * before.
   */
  static byte[] decode(String text, int from, int length) {
    byte[] bytes = new byte[length];
    int buffer = 0;
    int bits = 0;
    int at = 0;
    for (int i = from; i < text.length() && at < length; i++) {
      buffer = (buffer << BITS) | ALPHABET.indexOf(text.charAt(i));
      bits += BITS;
      if (bits >= Byte.SIZE) {
        bits -= Byte.SIZE;
        bytes[at++] = (byte) (buffer >>> bits);
      }
    }
    return bytes;
  }
}
