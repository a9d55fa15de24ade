package xyz.openledger.actors.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.market.ReservedPrice;
import xyz.openledger.pools.market.ReverseAuction;
import xyz.openledger.pools.market.SealedOffer;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Opens the standing offers of slots to be bought ahead, and finds who wins. Pure. */
final class Ordering {
  /** All OPEN there is, in nano-OPEN. */
  private static final long SUPPLY_NANO_OPEN = 1_000_000_000_000_000_000L;

  private Ordering() {}

  /**
   * A node that sells slots ahead.
   *
   * @param slots how many it could keep from now on
   */
  record Seller(Node node, int slots, long slotHourNanoOpen) {}

  /**
   * The most that an order may cost.
   *
   * @throws ProblemException if that is more than all there is
   */
  static long ceiling(SlotsAhead.Order reserve) {
    long lot = ReservedPrice.ofLot(reserve.slotHourMaxNanoOpen(), reserve.periodMillis());
    if (lot > SUPPLY_NANO_OPEN / reserve.slots()) {
      throw new ProblemException(
          Problem.INVALID_REQUEST,
          "slotHourMaxNanoOpen",
          "%d slots at up to %d nano-OPEN each are more than all the OPEN there is"
              .formatted(reserve.slots(), lot));
    }
    return lot * reserve.slots();
  }

  /**
   * The bookings that an order comes to.
   *
   * @param holds how many holds of money this pool has asked for so far
   * @throws ProblemException if not all of the slots can be had within the limit
   */
  static List<Booking> award(SlotsAhead.Order reserve, List<Seller> sellers, long holds) {
    long lotMax = ceiling(reserve) / reserve.slots();
    var offers = new ArrayList<SealedOffer>();
    Map<String, Seller> bySeller = new HashMap<>();
    int offered = 0;
    for (Seller seller : sellers) {
      long lot = ReservedPrice.ofLot(seller.slotHourNanoOpen(), reserve.periodMillis());
      if (seller.slots() > 0) {
        String name = seller.node().id().value();
        bySeller.put(name, seller);
        offers.add(new SealedOffer(name, lot, seller.slots(), nonce(reserve, seller.node().id())));
        offered += lot <= lotMax ? seller.slots() : 0;
      }
    }
    if (offered < reserve.slots()) {
      throw new ProblemException(
          Problem.UNSATISFIABLE_POLICY,
          "slots",
          "%d slots are offered within the limit, %d are asked for"
              .formatted(offered, reserve.slots()));
    }
    var bookings = new ArrayList<Booking>();
    for (ReverseAuction.Award award : ReverseAuction.award(reserve.slots(), lotMax, offers)) {
      Seller seller = bySeller.get(award.seller());
      if (seller != null) {
        bookings.add(
            new Booking(
                JobId.of(reserve.tenant(), reserve.id() + "/" + award.seller()),
                reserve.id(),
                holds + 1 + bookings.size(),
                reserve.tenant(),
                seller.node().id(),
                seller.node().owner(),
                award.lots(),
                award.paidNanoOpen(),
                reserve.periodMillis()));
      }
    }
    return bookings;
  }

  /** The pool keeps the offers to itself, so that nobody has to be kept from guessing them. */
  private static Digest nonce(SlotsAhead.Order reserve, NodeId node) {
    return Domain.of("standing-offer").text(reserve.id().value()).text(node.value()).digest();
  }
}
