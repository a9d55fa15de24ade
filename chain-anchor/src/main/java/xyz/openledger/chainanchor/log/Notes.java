package xyz.openledger.chainanchor.log;

import java.util.Base64;

/** Small things that notes and keys share. */
final class Notes {
  private Notes() {}

  /** Decodes standard base64 in its one canonical form: what re-encodes to the same text. */
  static byte[] base64(String text, String what) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(what + " is not base64", malformed);
    }
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException(what + " is not in canonical base64");
    }
    return bytes;
  }
}
