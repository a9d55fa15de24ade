package xyz.openledger.protocol.voucher;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import xyz.openledger.protocol.AbiWords;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.Keccak;

/**
 * Where vouchers count: on one chain, at one escrow. What was signed for another is signed by
 * nobody here.
 */
public record EscrowDomain(long chainId, Address escrow) {
  private static final byte[] TYPE =
      type("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
  private static final byte[] NAME = type("OpenLedger");
  private static final byte[] VERSION = type("1");
  private static final BigInteger WEI_PER_NANO_OPEN = BigInteger.valueOf(1_000_000_000);

  /** The EIP-712 hash of a struct under this domain. */
  byte[] hash(byte[] struct) {
    byte[] separator =
        Keccak.hash(
            AbiWords.of(5)
                .bytes(TYPE)
                .bytes(NAME)
                .bytes(VERSION)
                .uint(chainId)
                .address(escrow)
                .encode());
    return Keccak.hash(new byte[] {0x19, 0x01}, separator, Keccak.hash(struct));
  }

  static byte[] type(String text) {
    return Keccak.hash(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What the contract counts in. */
  static BigInteger wei(long nanoOpen) {
    return BigInteger.valueOf(nanoOpen).multiply(WEI_PER_NANO_OPEN);
  }
}
