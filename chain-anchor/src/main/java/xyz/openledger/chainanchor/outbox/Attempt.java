package xyz.openledger.chainanchor.outbox;

/**
 * One signed transaction of a row; a later attempt of the same nonce replaces it.
 *
 * @param txHash {@code 0x} and 64 hex digits
 * @param rawHex the signed bytes, {@code 0x…}
 * @param maxFeeWeiPerGas the EIP-1559 cap
 * @param tipWeiPerGas the EIP-1559 priority fee
 */
public record Attempt(String txHash, String rawHex, long maxFeeWeiPerGas, long tipWeiPerGas) {
  /** The same for those who only want to know it again. */
  Attempt withoutBytes() {
    return new Attempt(txHash, "", maxFeeWeiPerGas, tipWeiPerGas);
  }
}
