package xyz.openledger.chainanchor.evm;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import xyz.openledger.protocol.keys.Keccak;

/**
 * The first four bytes of the Keccak-256 of a signature, by which a chain names a function or an
 * error.
 *
 * @param hex {@code 0x} and eight hex digits
 */
record Selector(String hex) {
  static final int BYTES = 4;

  /** Of a full signature, such as {@code claim(address,uint256,bytes32[])}. */
  static Selector of(String signature) {
    byte[] hash = Keccak.hash(signature.getBytes(StandardCharsets.US_ASCII));
    return new Selector("0x" + HexFormat.of().formatHex(hash, 0, BYTES));
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex, 2, hex.length());
  }

  /** Whether a node says that a contract refused with this error. */
  boolean isNamedIn(String message) {
    return message.contains("custom error " + hex);
  }
}
