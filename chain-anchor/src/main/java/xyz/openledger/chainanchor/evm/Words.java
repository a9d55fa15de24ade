package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.keys.Keccak;

/** Reads and writes the chain's hex: quantities, and the 32-byte words of what contracts answer. */
final class Words {
  /** 10^-9 OPEN in the token's smallest unit. */
  static final BigInteger WEI_PER_NANO_OPEN = BigInteger.valueOf(1_000_000_000);

  private static final int WORD = 64;
  private static final int NODE_BYTES = 16;

  private Words() {}

  /** The first topic of an event's logs. */
  static String topic(String signature) {
    return "0x"
        + HexFormat.of().formatHex(Keccak.hash(signature.getBytes(StandardCharsets.US_ASCII)));
  }

  static String quantity(long value) {
    return "0x" + Long.toHexString(value);
  }

  static long number(JsonNode quantity) {
    return quantity.isNull() || quantity.isMissingNode()
        ? -1
        : new BigInteger(quantity.asText().substring(2), 16).longValueExact();
  }

  static BigInteger wei(long nanoOpen) {
    return BigInteger.valueOf(nanoOpen).multiply(WEI_PER_NANO_OPEN);
  }

  static long nanoOpen(BigInteger wei) {
    return wei.divide(WEI_PER_NANO_OPEN).longValueExact();
  }

  static BigInteger uint(String data, int word) {
    return new BigInteger(at(data, word), 16);
  }

  static Digest digest(String data, int word) {
    return Digest.wrap(HexFormat.of().parseHex(at(data, word)));
  }

  static Address address(String data, int word) {
    return new Address("0x" + at(data, word).substring(WORD - 2 * Address.BYTES));
  }

  static NodeId node(String data, int word) {
    return NodeId.wrap(HexFormat.of().parseHex(at(data, word).substring(0, 2 * NODE_BYTES)));
  }

  private static String at(String data, int word) {
    int from = 2 + word * WORD;
    if (data.length() < from + WORD) {
      throw new IllegalArgumentException(
          "the contract answered " + data.length() / WORD + " words; is it ours?");
    }
    return data.substring(from, from + WORD);
  }
}
