package xyz.openledger.pools.market;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Price;

/**
 * One clearing of a spot market: tasks that bid for leases, nodes that ask for them, one price for
 * all. The unit is a lease, the price is that of a gigafuel burned under it.
 *
 * <pre>
 *   bids, asks ─▶ those that somebody could serve ─▶ book ─▶ price ─▶ matcher, best bid first ─▶ leases
 * </pre>
 *
 * <p>The book knows prices alone; which node suits which task the matcher knows. So what nobody
 * could serve, or nobody could use, does not move the price; and a bid that the price lets in but
 * for which no suitable slot is left waits for the next clearing.
 *
 * <p>Pure: the same bids and asks in the same order have the same price and the same leases.
 */
public final class SpotClearing {
  /** Bids in one clearing; those behind wait for the next. */
  public static final int BIDS_MAX = 500;

  private SpotClearing() {}

  /**
   * A task that waits for leases.
   *
   * @param count how many, of distinct owners
   * @param limitNanoOpen the most it pays for a gigafuel
   */
  public record Bid(Request request, int count, long limitNanoOpen) {
    /** Bids all that the task's budget can pay for. */
    public static Bid of(Request request, int count) {
      return new Bid(request, count, limit(request.budgetNanoOpen(), request.fuelMax()));
    }

    /** Checks the ranges. */
    public Bid {
      Check.range("count", count, 1, 100);
      Check.range("limitNanoOpen", limitNanoOpen, 0, Price.NANO_OPEN_PER_GIGAFUEL_MAX);
    }
  }

  /**
   * A node with slots for the spot.
   *
   * @param reservationNanoOpen the least it takes for a gigafuel
   * @param slots how many it sells now
   */
  public record Ask(Node node, long reservationNanoOpen, int slots) {
    /** Checks the ranges. */
    public Ask {
      Check.range("reservationNanoOpen", reservationNanoOpen, 0, Price.NANO_OPEN_PER_GIGAFUEL_MAX);
      Check.range("slots", slots, 1, node.slots());
    }

    /** The node as a buyer sees it at that price. */
    private Node at(long priceNanoOpen) {
      return node.asking(priceNanoOpen).withFreeSlots(slots);
    }
  }

  /** Leases for one bid, on nodes that ask the clearing price. */
  public record Award(Bid bid, Placement placement) {}

  /**
   * What came of it.
   *
   * @param priceNanoOpen of a gigafuel, the same for all
   * @param bidUnits leases that were bid for, by bids that somebody could serve
   * @param askUnits leases that were for sale, of asks that somebody could use
   */
  public record Outcome(long priceNanoOpen, long bidUnits, long askUnits, List<Award> awards) {
    /** Keeps its own copy. */
    public Outcome {
      awards = List.copyOf(awards);
    }

    /** Leases that were sold. */
    public int units() {
      return awards.stream().mapToInt(award -> award.placement().chosen().size()).sum();
    }
  }

  /** The highest price of a gigafuel at which so much fuel costs no more than the budget. */
  public static long limit(long budgetNanoOpen, long fuelMax) {
    return BigInteger.valueOf(budgetNanoOpen)
        .multiply(BigInteger.valueOf(Price.GIGAFUEL))
        .divide(BigInteger.valueOf(fuelMax))
        .min(BigInteger.valueOf(Price.NANO_OPEN_PER_GIGAFUEL_MAX))
        .longValueExact();
  }

  /**
   * Clears.
   *
   * @param lastNanoOpen the last clearing price, or {@link Clearing#NO_PRICE}
   * @param bids in the order in which they came
   * @return nothing if there is nobody to trade with and no price yet
   */
  public static Optional<Outcome> of(
      long lastNanoOpen, MarketTerms terms, Matcher matcher, List<Bid> bids, List<Ask> asks) {
    return of(lastNanoOpen, terms, matcher, bids, asks, Map.of());
  }

  /**
   * The same where machines sell the same slots in several classes.
   *
   * @param taken slots that another class has sold already: they count where the price is found, so
   *     that no class moves the price of another, and cannot be had
   */
  public static Optional<Outcome> of(
      long lastNanoOpen,
      MarketTerms terms,
      Matcher matcher,
      List<Bid> bids,
      List<Ask> asks,
      Map<NodeId, Integer> taken) {
    var usable = new HashSet<NodeId>();
    var serious = new ArrayList<Bid>();
    var orders = new ArrayList<Order>();
    long bidUnits = 0;
    for (Bid bid : bids.subList(0, Math.min(BIDS_MAX, bids.size()))) {
      int owners = owners(bid, asks, usable);
      if (owners > 0) {
        int units = Math.min(owners, bid.count());
        bidUnits += units;
        orders.add(order(serious.size(), Side.BID, bid.limitNanoOpen(), units));
        serious.add(bid);
      }
    }
    List<Ask> useful = asks.stream().filter(ask -> usable.contains(ask.node().id())).toList();
    long askUnits = 0;
    for (int i = 0; i < useful.size(); i++) {
      askUnits += useful.get(i).slots();
      orders.add(
          order(
              serious.size() + i,
              Side.ASK,
              useful.get(i).reservationNanoOpen(),
              useful.get(i).slots()));
    }
    if (serious.isEmpty()) {
      return Optional.empty();
    }
    OrderBook book = book(lastNanoOpen, terms, useful);
    orders.forEach(order -> place(book, order));
    Clearing clearing = book.clear();
    if (clearing.priceNanoOpen() == Clearing.NO_PRICE) {
      return Optional.empty();
    }
    List<Award> awards = awards(clearing, matcher, serious, useful, taken);
    return Optional.of(new Outcome(clearing.priceNanoOpen(), bidUnits, askUnits, awards));
  }

  /** How many distinct owners sell what the bid could use; notes their nodes. */
  private static int owners(Bid bid, List<Ask> asks, Set<NodeId> usable) {
    Set<Address> owners = new HashSet<>();
    for (Ask ask : asks) {
      Node node = ask.node().asking(0).withFreeSlots(ask.slots());
      if (Matcher.objection(bid.request(), node).isEmpty()) {
        owners.add(node.owner());
        usable.add(node.id());
      }
    }
    return owners.size();
  }

  /**
   * The first clearing opens at the cheapest posted price and may move by all of it: bids are often
   * far above what anybody would ask.
   */
  private static OrderBook book(long lastNanoOpen, MarketTerms terms, List<Ask> asks) {
    if (lastNanoOpen != Clearing.NO_PRICE) {
      return new OrderBook(terms, lastNanoOpen);
    }
    var opening =
        new MarketTerms(
            MarketTerms.WHOLE_BASIS_POINTS,
            terms.margin(),
            terms.ordersMax(),
            terms.premiumBasisPoints());
    return new OrderBook(
        opening,
        asks.stream()
            .mapToLong(ask -> ask.node().priceNanoOpenPerGigafuel())
            .min()
            .orElse(Clearing.NO_PRICE));
  }

  /**
   * The highest price at which the next clearing may end, whatever is bid.
   *
   * @param lastNanoOpen the last clearing price, or {@link Clearing#NO_PRICE}
   * @param cheapestNanoOpen the lowest posted price of those who sell
   */
  public static long highest(long lastNanoOpen, MarketTerms terms, long cheapestNanoOpen) {
    return Math.min(
        Price.NANO_OPEN_PER_GIGAFUEL_MAX,
        lastNanoOpen == Clearing.NO_PRICE
            ? 2 * cheapestNanoOpen
            : lastNanoOpen + ClearingPrice.step(lastNanoOpen, terms));
  }

  private static Order order(int id, Side side, long limit, int units) {
    return new Order(id, side, "-", limit, units, Order.Until.NEXT_CLEARING);
  }

  private static void place(OrderBook book, Order order) {
    book.place(order)
        .ifPresent(
            refusal -> {
              throw new IllegalStateException("the book is sized for this: " + refusal);
            });
  }

  /** Best bids first; each on the sellers that the book chose, else on any that takes the price. */
  private static List<Award> awards(
      Clearing clearing,
      Matcher matcher,
      List<Bid> bids,
      List<Ask> asks,
      Map<NodeId, Integer> taken) {
    long price = clearing.priceNanoOpen();
    Map<Long, Long> sold = new HashMap<>();
    clearing.trades().forEach(trade -> sold.merge(trade.ask(), trade.units(), Long::sum));
    var first = new ArrayList<Node>();
    var rest = new ArrayList<Node>();
    for (int i = 0; i < asks.size(); i++) {
      Ask ask = asks.get(i);
      if (ask.reservationNanoOpen() <= price) {
        int chosen = sold.getOrDefault((long) bids.size() + i, 0L).intValue();
        int left = Math.max(0, ask.slots() - taken.getOrDefault(ask.node().id(), 0));
        first.add(ask.at(price).withFreeSlots(Math.min(chosen, left)));
        rest.add(ask.at(price).withFreeSlots(left));
      }
    }
    var round = new Round(matcher, Roster.of(first), Roster.of(rest));
    bids.stream()
        .filter(bid -> bid.limitNanoOpen() >= price)
        .sorted(Comparator.comparingLong(Bid::limitNanoOpen).reversed())
        .forEach(round::serve);
    return round.awards;
  }

  /** The slots that are left while bids are served. */
  private static final class Round {
    private final Matcher matcher;
    private final List<Award> awards = new ArrayList<>();
    private Roster first;
    private Roster all;

    Round(Matcher matcher, Roster first, Roster all) {
      this.matcher = matcher;
      this.first = first;
      this.all = all;
    }

    void serve(Bid bid) {
      Request request = bid.request();
      int missing = bid.count();
      for (int pass = 0; pass < 2 && missing > 0; pass++) {
        Placement placement = matcher.place(request, pass == 0 ? first : all, missing);
        if (!placement.chosen().isEmpty()) {
          awards.add(new Award(bid, placement));
          for (Node node : placement.chosen()) {
            first = less(first, node);
            all = less(all, node);
            request = request.after(node);
          }
          missing -= placement.chosen().size();
        }
      }
    }

    private static Roster less(Roster roster, Node taken) {
      Node node = roster.find(taken.id()).orElse(taken);
      return roster.with(node.withFreeSlots(Math.max(0, node.freeSlots() - 1)));
    }
  }
}
