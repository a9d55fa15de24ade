package xyz.openledger.pools.market;

import java.util.Optional;
import java.util.OptionalLong;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Price;

/**
 * What a node has to sell of one resource class until the next clearing.
 *
 * @param seller who earns
 * @param postedNanoOpen a unit, what it asks for capacity at once
 * @param reservationNanoOpen a unit, the least it takes: below that its machine stays off
 * @param spotUnits for the auction
 * @param reservedLots for reverse auctions, in lots of {@code lotUnits}
 */
public record CapacityOffer(
    String seller,
    ResourceClass resourceClass,
    long postedNanoOpen,
    long reservationNanoOpen,
    long spotUnits,
    int reservedLots,
    long lotUnits) {

  /** Checks the ranges; nobody posts less than the least it takes. */
  public CapacityOffer {
    Check.text("seller", seller, 64);
    Check.range("postedNanoOpen", postedNanoOpen, 0, Price.NANO_OPEN_PER_GIGAFUEL_MAX);
    Check.range("reservationNanoOpen", reservationNanoOpen, 0, postedNanoOpen);
    Check.range("spotUnits", spotUnits, 0, Order.UNITS_MAX);
    Check.range("reservedLots", reservedLots, 0, 100_000);
    Check.range("lotUnits", lotUnits, 1, Order.UNITS_MAX);
  }

  /** The ask for the auction, at the reservation price; nothing without spot capacity. */
  public Optional<Order> spot(long orderId) {
    return spotUnits == 0
        ? Optional.empty()
        : Optional.of(
            new Order(
                orderId,
                Side.ASK,
                seller,
                reservationNanoOpen,
                spotUnits,
                Order.Until.NEXT_CLEARING));
  }

  /** The sealed offer of its reserved lots, at the reservation price; nothing without any. */
  public Optional<SealedOffer> reserved(Digest nonce) {
    return reservedLots == 0
        ? Optional.empty()
        : Optional.of(
            new SealedOffer(
                seller, Math.multiplyExact(reservationNanoOpen, lotUnits), reservedLots, nonce));
  }

  /**
   * What it sells at once for: the market's on-demand price if it takes that, its own posted price
   * as long as the market has none; nothing if the market's is below its reservation.
   */
  public OptionalLong onDemandNanoOpen(OptionalLong market) {
    if (market.isEmpty()) {
      return OptionalLong.of(postedNanoOpen);
    }
    return market.getAsLong() >= reservationNanoOpen ? market : OptionalLong.empty();
  }
}
