package xyz.openledger.pools.market;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/**
 * A sealed reverse auction for reserved capacity, paid by Vickrey's rule: the cheapest lots win,
 * and a winner is paid what the lots it displaces would have cost. Where none is left to displace,
 * that is the buyer's ceiling. With one lot a seller this is the uniform price of the cheapest lot
 * that lost.
 *
 * <p>What a seller is paid does not depend on what it says, only whether it wins does: so it does
 * best to offer at its true cost, whatever others do. That holds for the price, for sellers that do
 * not collude, and while the number of lots is checked elsewhere.
 */
public final class ReverseAuction {
  private static final int LOTS_TOTAL_MAX = 1_000_000;

  private ReverseAuction() {}

  /**
   * What a seller won.
   *
   * @param paidNanoOpen for all of its lots together
   */
  public record Award(String seller, int lots, long paidNanoOpen) {}

  private record Lot(SealedOffer offer, int arrival) {}

  /** The offers that are what their sellers committed to; of a seller with two, none. */
  public static List<SealedOffer> opened(
      Map<String, Digest> commitments, List<SealedOffer> offers) {
    var times = new LinkedHashMap<String, Integer>();
    offers.forEach(offer -> times.merge(offer.seller(), 1, Integer::sum));
    return offers.stream()
        .filter(offer -> offer.commitment().equals(commitments.get(offer.seller())))
        .filter(offer -> times.getOrDefault(offer.seller(), 0) == 1)
        .toList();
  }

  /**
   * Awards up to {@code lots} lots; fewer if fewer are offered within the ceiling. Of equal prices
   * the earlier offer wins.
   *
   * @param ceilingNanoOpen the most the buyer pays for a lot
   * @param offers in the order in which their commitments came, one a seller
   */
  public static List<Award> award(int lots, long ceilingNanoOpen, List<SealedOffer> offers) {
    Check.range("lots", lots, 1, LOTS_TOTAL_MAX);
    List<Lot> sorted = sorted(ceilingNanoOpen, offers);
    int winning = Math.min(lots, sorted.size());
    var won = new LinkedHashMap<String, Integer>();
    sorted.subList(0, winning).forEach(lot -> won.merge(lot.offer.seller(), 1, Integer::sum));
    var losing = sorted.subList(winning, sorted.size());
    var awards = new ArrayList<Award>();
    won.forEach(
        (seller, count) ->
            awards.add(
                new Award(seller, count, displaced(seller, count, losing, ceilingNanoOpen))));
    return awards;
  }

  private static List<Lot> sorted(long ceiling, List<SealedOffer> offers) {
    var sellers = new HashSet<String>();
    var sorted = new ArrayList<Lot>();
    for (int i = 0; i < offers.size(); i++) {
      SealedOffer offer = offers.get(i);
      if (!sellers.add(offer.seller())) {
        throw Check.refusal("offers", offer.seller() + " has two offers");
      }
      if (offer.lotNanoOpen() <= ceiling) {
        Check.range("lots offered", sorted.size() + (long) offer.lots(), 0, LOTS_TOTAL_MAX);
        for (int lot = 0; lot < offer.lots(); lot++) {
          sorted.add(new Lot(offer, i));
        }
      }
    }
    sorted.sort(
        Comparator.comparingLong((Lot lot) -> lot.offer.lotNanoOpen())
            .thenComparingInt(Lot::arrival));
    return sorted;
  }

  private static long displaced(String seller, int count, List<Lot> losing, long ceiling) {
    long paid = 0;
    int left = count;
    for (Lot lot : losing) {
      if (left == 0) {
        break;
      }
      if (!lot.offer.seller().equals(seller)) {
        paid = Math.addExact(paid, lot.offer.lotNanoOpen());
        left--;
      }
    }
    return Math.addExact(paid, Math.multiplyExact(ceiling, left));
  }
}
