package xyz.openledger.protocol.voucher;

import java.util.HexFormat;
import xyz.openledger.protocol.AbiWords;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * A session key's promise to a pool: so much since the beginning. The next voucher replaces it with
 * a larger sum, so that the last one is all a pool has to keep.
 *
 * @param key the address of the session key
 * @param pool whose work is paid
 * @param cumulativeNanoOpen all that was ever promised to this pool
 */
public record Voucher(Address key, PoolId pool, @DecimalText long cumulativeNanoOpen) {
  private static final byte[] TYPE =
      EscrowDomain.type("Voucher(address key,bytes16 pool,uint256 cumulative)");

  /** Checks the range. */
  public Voucher {
    Check.range("cumulativeNanoOpen", cumulativeNanoOpen, 1, SessionKey.NANO_OPEN_MAX);
  }

  /** What the key signs. */
  public byte[] hash(EscrowDomain domain) {
    return domain.hash(
        AbiWords.of(4)
            .bytes(TYPE)
            .address(key)
            .bytes(pool.bytes())
            .uint(EscrowDomain.wei(cumulativeNanoOpen))
            .encode());
  }

  /** The voucher signed. */
  public SignedVoucher sign(Secp256k1Key secret, EscrowDomain domain) {
    return new SignedVoucher(this, HexFormat.of().formatHex(secret.sign(hash(domain))));
  }
}
