package xyz.openledger.protocol.voucher;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * A voucher and the signature on it.
 *
 * @param signature 65 bytes in hex
 */
public record SignedVoucher(Voucher voucher, String signature) {
  private static final int WORD = 32;

  /** Who signed it for this chain and escrow; empty if the signature is malformed, or of high s. */
  public Optional<Address> signer(EscrowDomain domain) {
    try {
      return Secp256k1Key.recover(voucher.hash(domain), HexFormat.of().parseHex(signature));
    } catch (IllegalArgumentException noHex) {
      return Optional.empty();
    }
  }

  /** The signature in the compact form of ERC-2098, as the contract takes it: r and vs. */
  public byte[] compact() {
    byte[] full = HexFormat.of().parseHex(signature);
    byte[] compact = Arrays.copyOf(full, 2 * WORD);
    if (full[2 * WORD] == 28) {
      compact[WORD] |= (byte) 0x80;
    }
    return compact;
  }
}
