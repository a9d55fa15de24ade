package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import xyz.openledger.protocol.keys.Keccak;

/** Reads and writes the chain's hex and its units. */
final class Words {
  /** 10^-9 OPEN in the token's smallest unit. */
  static final BigInteger WEI_PER_NANO_OPEN = BigInteger.valueOf(1_000_000_000);

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
}
