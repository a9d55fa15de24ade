package xyz.openledger.pools.market;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.Price;

/**
 * A seller's offer of reserved capacity. Sellers hand in {@link #commitment()} first and this only
 * once all commitments are in, so that nobody can offer a little less than another.
 *
 * @param lotNanoOpen the least it takes for a lot
 * @param lots how many it has
 * @param nonce drawn by the seller, so that the commitment cannot be guessed
 */
public record SealedOffer(String seller, long lotNanoOpen, int lots, Digest nonce) {
  private static final int LOTS_MAX = 100_000;

  /** Checks the ranges. */
  public SealedOffer {
    Check.text("seller", seller, 64);
    Check.range("lotNanoOpen", lotNanoOpen, 0, Price.NANO_OPEN_PER_GIGAFUEL_MAX);
    Check.range("lots", lots, 1, LOTS_MAX);
  }

  /** What binds the seller to it without showing it. */
  public Digest commitment() {
    return Domain.of("sealed-offer")
        .text(seller)
        .int64(lotNanoOpen)
        .int32(lots)
        .digest(nonce)
        .digest();
  }
}
