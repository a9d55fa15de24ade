package xyz.openledger.protocol.voucher;

import xyz.openledger.protocol.AbiWords;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.DecimalText;

/**
 * What the owner of a deposit lets a key spend.
 *
 * @param account the tenant's account in the escrow
 * @param depositor the owner, who brought the money and signs this, or sends it
 * @param key the address of the session key; it serves once
 * @param capNanoOpen the most that its vouchers pay, over all pools
 * @param expiresAtSeconds from this second on, since 1970, no voucher of it counts
 */
public record SessionKey(
    Digest account,
    Address depositor,
    Address key,
    @DecimalText long capNanoOpen,
    long expiresAtSeconds) {
  /** The most OPEN there is, in nano-OPEN. */
  static final long NANO_OPEN_MAX = 1_000_000_000_000_000_000L;

  private static final long SECONDS_MAX = (1L << 48) - 1;
  private static final byte[] TYPE =
      EscrowDomain.type(
          "SessionKey(bytes32 account,address depositor,address key,uint96 cap,uint48 expiresAt)");

  /** Checks the ranges. */
  public SessionKey {
    Check.range("capNanoOpen", capNanoOpen, 1, NANO_OPEN_MAX);
    Check.range("expiresAtSeconds", expiresAtSeconds, 1, SECONDS_MAX);
  }

  /** What the depositor signs for somebody else to bring to the chain. */
  public byte[] hash(EscrowDomain domain) {
    return domain.hash(
        AbiWords.of(6)
            .bytes(TYPE)
            .digest(account)
            .address(depositor)
            .address(key)
            .uint(EscrowDomain.wei(capNanoOpen))
            .uint(expiresAtSeconds)
            .encode());
  }
}
