package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.market.Order.Until.CANCELLED;
import static xyz.openledger.pools.market.Order.Until.NEXT_CLEARING;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrderBookTest {
  private static final MarketTerms PRO_RATA =
      new MarketTerms(1_250, MarketTerms.Margin.PRO_RATA, 6, 0);

  private final OrderBook book = new OrderBook(PRO_RATA);
  private long id;

  @Test
  void clearsAtTheMiddleIfThereWasNoPriceYet() {
    bid(120, 5);
    ask(101, 5);

    assertThat(book.clear().priceNanoOpen()).isEqualTo(110);
  }

  @Test
  void hasNoPriceAsLongAsNothingTrades() {
    bid(100, 5);
    ask(101, 5);

    var clearing = book.clear();

    assertThat(clearing.priceNanoOpen()).isEqualTo(Clearing.NO_PRICE);
    assertThat(clearing.trades()).isEmpty();
  }

  @Test
  void movesThePriceByNoMoreThanTheStep() {
    startAt(1_000);
    bid(5_000, 5);
    ask(4_000, 5);

    assertThat(book.clear().priceNanoOpen()).isEqualTo(1_125);
    assertThat(book.clear().priceNanoOpen()).isEqualTo(1_265);
  }

  @Test
  void lowersThePriceWhileNobodyBuys() {
    startAt(1_000);
    ask(10, 5);

    assertThat(book.clear().priceNanoOpen()).isEqualTo(875);
  }

  @Test
  void sharesTheMarginInProportionToTheLastUnit() {
    startAt(100);
    bid(100, 10);
    ask(100, 7);
    ask(100, 7);
    ask(100, 7);

    // 3⅓ each: the unit that is left goes to the earliest of equal remainders.
    assertThat(book.clear().trades()).extracting(Trade::units).containsExactly(4L, 3L, 3L);
  }

  @Test
  void servesTheBetterPriceBeforeTheMargin() {
    startAt(100);
    bid(100, 10);
    ask(100, 9);
    ask(99, 9);

    assertThat(book.clear().trades()).containsExactly(new Trade(3, 5, 9), new Trade(3, 4, 1));
  }

  @Test
  void servesTheEarlierOrderIfTheTermsSaySo() {
    var byTime = new OrderBook(new MarketTerms(1_250, MarketTerms.Margin.TIME, 6, 0));
    byTime.place(new Order(1, Side.ASK, "ada", 100, 7, CANCELLED));
    byTime.place(new Order(2, Side.ASK, "bob", 100, 7, CANCELLED));
    byTime.place(new Order(3, Side.BID, "eve", 100, 8, CANCELLED));

    assertThat(byTime.clear().trades()).containsExactly(new Trade(3, 1, 7), new Trade(3, 2, 1));
  }

  @Test
  void keepsWhatWasNotFilledUnlessItWasForOneClearing() {
    book.place(new Order(1, Side.BID, "ada", 100, 7, NEXT_CLEARING));
    book.place(new Order(2, Side.ASK, "bob", 100, 5, CANCELLED));
    book.place(new Order(3, Side.ASK, "bob", 200, 5, CANCELLED));

    var clearing = book.clear();

    assertThat(clearing.released()).extracting(Clearing.Rest::units).containsExactly(2L);
    assertThat(book.size()).isEqualTo(1);
  }

  @Test
  void refusesWhatIsBeyondItsBoundsAndSaysWhy() {
    for (int i = 0; i < 6; i++) {
      ask(100, 1);
    }

    assertThat(book.place(order(Side.BID, 1, 1)).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.BOOK_FULL);
    assertThat(book.cancel(6)).isPresent();
    assertThat(book.cancel(6)).isEmpty();
    assertThat(book.place(new Order(1, Side.ASK, "ada", 1, 1, CANCELLED)).orElseThrow().reason())
        .isEqualTo(Refusal.Reason.ID_TAKEN);
    assertThat(
            book.place(new Order(9, Side.BID, "ada", 100_000_000_000_000L, 10_001, CANCELLED))
                .orElseThrow()
                .reason())
        .isEqualTo(Refusal.Reason.VALUE_TOO_LARGE);
    assertThat(book.place(new Order(9, Side.BID, "ada", 100_000_000_000_000L, 10_000, CANCELLED)))
        .isEmpty();
  }

  /** Leaves the book empty with that price; uses two ids. */
  private void startAt(long price) {
    bid(price, 1);
    ask(price, 1);
    assertThat(book.clear().priceNanoOpen()).isEqualTo(price);
  }

  private void bid(long limit, long units) {
    assertThat(book.place(order(Side.BID, limit, units))).isEmpty();
  }

  private void ask(long limit, long units) {
    assertThat(book.place(order(Side.ASK, limit, units))).isEmpty();
  }

  private Order order(Side side, long limit, long units) {
    return new Order(
        ++id, side, List.of("ada", "bob").get(side.ordinal()), limit, units, CANCELLED);
  }
}
