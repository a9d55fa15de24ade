package xyz.openledger.pools.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.protocol.Digest;

/**
 * Draws orders from a seed and holds each clearing against the naive twin and against the rules.
 */
class OrderBookSimulationTest {
  private static final int ROUNDS = 150;
  private static final long PRICE_MAX = 60;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void clearsAsTheNaiveAuctionDoes(long seed) {
    var world = new World(seed);
    for (int round = 0; round < ROUNDS; round++) {
      world.trade();
      var before = world.resting();
      long reference = world.book.priceNanoOpen();
      // No limit is above PRICE_MAX, so only a first price could lie above it, and none does.
      var naive =
          new NaiveAuction(PRICE_MAX, world.terms.stepBasisPoints(), world.terms.margin())
              .clear(before, reference);

      var clearing = world.book.clear();

      assertThat(clearing.priceNanoOpen()).as("price of round %d", round).isEqualTo(naive.price());
      assertThat(clearing.units()).isEqualTo(naive.units());
      assertThat(filled(clearing)).isEqualTo(naive.filled());
      assertThat(TradeRules.broken(before, world.terms, reference, clearing)).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theSameOrdersGiveTheSameTradesToTheBit(long seed) {
    assertThat(replay(seed)).isEqualTo(replay(seed)).isNotEqualTo(replay(seed + 1_000));
  }

  @Test
  void theRulesNoticeEachPlantedFault() {
    assertThat(found(trade -> new Trade(trade.bid(), trade.ask(), trade.units() + 1)))
        .as("a unit too much")
        .contains("the trades are not the volume");
    assertThat(found(trade -> new Trade(trade.ask(), trade.bid(), trade.units())))
        .contains("wrong sides");
    assertThat(found(1, MarketTerms.Margin.PRO_RATA)).contains("pays above its limit");
    assertThat(found(-1, MarketTerms.Margin.PRO_RATA)).contains("gets below its reservation");
    // Served by time where the terms promise proportion, and the other way round.
    assertThat(swapped(MarketTerms.Margin.TIME, MarketTerms.Margin.PRO_RATA))
        .contains("not in proportion");
    assertThat(swapped(MarketTerms.Margin.PRO_RATA, MarketTerms.Margin.TIME))
        .contains("before the earlier");
  }

  /** Everything that is broken in a hundred clearings whose trades were tampered with. */
  private static String found(UnaryOperator<Trade> fault) {
    return broken(
        MarketTerms.Margin.PRO_RATA,
        MarketTerms.Margin.PRO_RATA,
        clearing ->
            new Clearing(
                clearing.round(),
                clearing.priceNanoOpen(),
                clearing.units(),
                clearing.trades().stream().map(fault).toList(),
                List.of()));
  }

  private static String found(long shift, MarketTerms.Margin margin) {
    return broken(
        margin,
        margin,
        clearing ->
            new Clearing(
                clearing.round(),
                clearing.priceNanoOpen() + shift,
                clearing.units(),
                clearing.trades(),
                List.of()));
  }

  private static String swapped(MarketTerms.Margin used, MarketTerms.Margin promised) {
    return broken(used, promised, clearing -> clearing);
  }

  private static String broken(
      MarketTerms.Margin used, MarketTerms.Margin promised, UnaryOperator<Clearing> fault) {
    var all = new ArrayList<String>();
    var world = new World(7, used);
    var terms = new MarketTerms(world.terms.stepBasisPoints(), promised, 1_000, 0);
    for (int round = 0; round < 100; round++) {
      world.trade();
      var before = world.resting();
      long reference = world.book.priceNanoOpen();
      all.addAll(TradeRules.broken(before, terms, reference, fault.apply(world.book.clear())));
    }
    return String.join("\n", all);
  }

  private static Digest replay(long seed) {
    var world = new World(seed);
    for (int round = 0; round < ROUNDS; round++) {
      world.trade();
      world.book.clear();
    }
    return world.book.history();
  }

  private static HashMap<Long, Long> filled(Clearing clearing) {
    var filled = new HashMap<Long, Long>();
    clearing.trades().forEach(trade -> filled.merge(trade.bid(), trade.units(), Long::sum));
    clearing.trades().forEach(trade -> filled.merge(trade.ask(), trade.units(), Long::sum));
    return filled;
  }

  /** A book that orders come to and leave. */
  private static final class World {
    private final SplittableRandom random;
    private final MarketTerms terms;
    private final OrderBook book;
    private long id;

    World(long seed) {
      this(seed, seed % 2 == 0 ? MarketTerms.Margin.TIME : MarketTerms.Margin.PRO_RATA);
    }

    World(long seed, MarketTerms.Margin margin) {
      random = new SplittableRandom(seed);
      terms = new MarketTerms(random.nextInt(1, 4_000), margin, 1_000, 0);
      book = new OrderBook(terms);
    }

    void trade() {
      for (int i = random.nextInt(0, 15); i > 0; i--) {
        boolean bid = random.nextBoolean();
        book.place(
            new Order(
                ++id,
                bid ? Side.BID : Side.ASK,
                "p" + random.nextInt(5),
                random.nextLong(bid ? 0 : 10, bid ? 50 : PRICE_MAX),
                random.nextLong(1, random.nextInt(4) == 0 ? 1_000 : 8),
                random.nextInt(3) == 0 ? Order.Until.CANCELLED : Order.Until.NEXT_CLEARING));
      }
      for (int i = random.nextInt(0, 4); i > 0 && id > 0; i--) {
        book.cancel(random.nextLong(1, id + 1));
      }
    }

    List<Clearing.Rest> resting() {
      var all = new ArrayList<Clearing.Rest>();
      book.forEach(all::add);
      all.sort(Comparator.comparingLong(rest -> rest.order().id()));
      return all;
    }
  }

  /** Twelve seeds, and two hundred if it is to be thorough. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 200 : 12);
  }
}
