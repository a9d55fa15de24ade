package xyz.openledger.pools.market;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/**
 * The market of a pool: a book for each resource class, budgets that no bid can pass, and what the
 * sellers have earned. A bid holds its limit for all its units; each clearing pays at the clearing
 * price and gives back the difference at once.
 *
 * <pre>
 *   budget ──hold──▶ bid ──clear──▶ paid to sellers
 *      ▲                  └───────▶ not needed ──┐
 *      └─────────────── cancel, release ◀────────┘
 * </pre>
 *
 * <p>A single writer's; not thread-safe.
 */
public final class Market {
  private static final int CLASSES_MAX = 1_000;
  private static final int PARTIES_MAX = 1_000_000;

  private final MarketTerms terms;
  private final Map<ResourceClass, OrderBook> books = new TreeMap<>();
  private final Map<String, Budget> budgets = new HashMap<>();
  private final Map<String, Long> earnedNanoOpen = new HashMap<>();

  /** An empty one. */
  public Market(MarketTerms terms) {
    this.terms = terms;
  }

  /** Gives a party so much more to spend. */
  public Optional<Refusal> fund(String party, long nanoOpen) {
    Budget budget = budgets.get(party);
    if (budget == null && budgets.size() >= PARTIES_MAX) {
      return refused(Refusal.Reason.MARKET_FULL, "%d budgets are known".formatted(PARTIES_MAX));
    }
    budgets.put(party, budget == null ? Budget.of(nanoOpen) : budget.raised(nanoOpen));
    return Optional.empty();
  }

  /**
   * Takes an order for the next clearing of {@code of}, or says why not; a refusal holds nothing.
   */
  public Optional<Refusal> place(ResourceClass of, Order order) {
    OrderBook book = books.get(of);
    if (book == null) {
      if (books.size() >= CLASSES_MAX) {
        return refused(Refusal.Reason.MARKET_FULL, "%d classes are known".formatted(CLASSES_MAX));
      }
      book = new OrderBook(terms);
      books.put(of, book);
    }
    return order.side() == Side.ASK ? book.place(order) : bid(book, order);
  }

  private Optional<Refusal> bid(OrderBook book, Order order) {
    Budget budget = budgets.get(order.party());
    if (budget == null) {
      return refused(Refusal.Reason.NO_BUDGET, order.party() + " has no budget");
    }
    long available = budget.availableNanoOpen();
    if (order.limitNanoOpen() > 0 && order.units() > available / order.limitNanoOpen()) {
      return refused(
          Refusal.Reason.BUDGET_EXCEEDED,
          "%d units at %d nano-OPEN; %d are available"
              .formatted(order.units(), order.limitNanoOpen(), available));
    }
    Optional<Refusal> refusal = book.place(order);
    if (refusal.isEmpty()) {
      budgets.put(order.party(), budget.hold(worth(order, order.units())));
    }
    return refusal;
  }

  /** Takes an order out and gives its hold back; false if it is gone. */
  public boolean cancel(ResourceClass of, long id) {
    OrderBook book = books.get(of);
    Optional<Clearing.Rest> rest = book == null ? Optional.empty() : book.cancel(id);
    rest.ifPresent(this::free);
    return rest.isPresent();
  }

  /** Clears one class: buyers pay, sellers earn, what is not needed is given back. */
  public Clearing clear(ResourceClass of) {
    OrderBook book = books.computeIfAbsent(of, _ -> new OrderBook(terms));
    Clearing clearing = book.clear((order, units) -> settle(book.priceNanoOpen(), order, units));
    clearing.released().forEach(this::free);
    return clearing;
  }

  private void settle(long price, Order order, long units) {
    long cost = units * price;
    if (order.side() == Side.BID) {
      budgets.computeIfPresent(order.party(), (_, budget) -> budget.pay(worth(order, units), cost));
    } else {
      earnedNanoOpen.merge(order.party(), cost, Math::addExact);
    }
  }

  private void free(Clearing.Rest rest) {
    if (rest.order().side() == Side.BID) {
      budgets.computeIfPresent(
          rest.order().party(), (_, budget) -> budget.release(worth(rest.order(), rest.units())));
    }
  }

  private static long worth(Order order, long units) {
    return order.limitNanoOpen() * units;
  }

  /** The price of on-demand capacity; absent until there was a clearing price. */
  public OptionalLong onDemandPriceNanoOpen(ResourceClass of) {
    OrderBook book = books.get(of);
    return book == null
        ? OptionalLong.empty()
        : PostedPrice.of(book.priceNanoOpen(), terms.premiumBasisPoints());
  }

  /** What a party may spend, has held and spent; nothing for one that was never funded. */
  public Budget budget(String party) {
    return budgets.getOrDefault(party, Budget.of(0));
  }

  /** What a party has earned. */
  public long earnedNanoOpen(String party) {
    return earnedNanoOpen.getOrDefault(party, 0L);
  }

  /** Adds everything up again; what does not fit is told, one sentence each. */
  public List<String> audit() {
    var holds = new HashMap<String, Long>();
    for (OrderBook book : books.values()) {
      book.forEach(
          rest -> {
            if (rest.order().side() == Side.BID) {
              holds.merge(rest.order().party(), worth(rest.order(), rest.units()), Math::addExact);
            }
          });
    }
    var findings = new ArrayList<String>();
    long spent = 0;
    for (var entry : new TreeMap<>(budgets).entrySet()) {
      long held = holds.getOrDefault(entry.getKey(), 0L);
      spent += entry.getValue().spentNanoOpen();
      if (entry.getValue().heldNanoOpen() != held) {
        findings.add(
            "%s has %d nano-OPEN held, its bids need %d"
                .formatted(entry.getKey(), entry.getValue().heldNanoOpen(), held));
      }
    }
    long earned = earnedNanoOpen.values().stream().mapToLong(Long::longValue).sum();
    if (spent != earned) {
      findings.add("buyers paid %d nano-OPEN, sellers got %d".formatted(spent, earned));
    }
    return findings;
  }

  /** Names all trades of all classes so far. */
  public Digest history() {
    var all = Domain.of("market");
    books.forEach((name, book) -> all.text(name.name()).digest(book.history()));
    return all.digest();
  }

  private static Optional<Refusal> refused(Refusal.Reason reason, String detail) {
    return Optional.of(new Refusal(reason, detail));
  }
}
