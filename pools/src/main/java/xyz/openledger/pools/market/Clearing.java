package xyz.openledger.pools.market;

import java.nio.ByteBuffer;
import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/**
 * What one clearing of a class came to.
 *
 * @param round 1 for the first
 * @param priceNanoOpen a unit, the same for all; -1 as long as nothing was ever traded
 * @param units traded in all
 * @param trades by price, then time
 * @param released orders that were for this clearing alone, with what was left of them
 */
public record Clearing(
    long round, long priceNanoOpen, long units, List<Trade> trades, List<Rest> released) {
  /** No price yet. */
  public static final long NO_PRICE = -1;

  /** An order that left the book, with the units that were not filled. */
  public record Rest(Order order, long units) {}

  /** Keeps its own copies. */
  public Clearing {
    trades = List.copyOf(trades);
    released = List.copyOf(released);
  }

  /** What the buyers pay, which is what the sellers get. */
  public long turnoverNanoOpen() {
    return units == 0 ? 0 : Math.multiplyExact(units, priceNanoOpen);
  }

  /** Names everything that happened up to and with this clearing. */
  public Digest digest(Digest before) {
    var bytes = ByteBuffer.allocate(Long.BYTES * 3 * (trades.size() + 1));
    bytes.putLong(round).putLong(priceNanoOpen).putLong(units);
    for (Trade trade : trades) {
      bytes.putLong(trade.bid()).putLong(trade.ask()).putLong(trade.units());
    }
    return Domain.of("clearing").digest(before).bytes(bytes.array()).digest();
  }
}
