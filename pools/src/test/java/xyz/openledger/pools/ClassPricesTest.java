package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.MarketTerms;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;

/** What nodes ask for one class of work and for another, and that no class moves another. */
class ClassPricesTest {
  private static final ResourceClass INFERENCE = ResourceClass.named("inference");
  private static final Matcher MATCHER = SpotMarket.matcher();

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 40);
  }

  @ParameterizedTest(name = "{0} by {1} is of class {2}")
  @CsvSource({
    "wasm, QUORUM, wasm",
    "matmul, FREIVALDS, matmul",
    "private-model, ZK, private-model",
    "inference, TRUSTED, inference",
    "finetune, QUORUM, finetune",
    "inference, TEE, tee",
    "wasm, TEE, tee",
    "of-another-release, TRUSTED, wasm",
  })
  void aTaskIsOfTheClassOfItsKindOrOfItsChip(String kind, Policy.Method method, String of) {
    assertThat(ResourceClass.of(kind, method)).isEqualTo(ResourceClass.named(of));
  }

  @Test
  void aNodeAsksWhatItNamesAndElseItsOnlyPrice() {
    Node bob = priced(World.node("bob").asking(900), Map.of("inference", "2500"));

    assertThat(INFERENCE.priceOf(bob)).isEqualTo(2_500);
    assertThat(INFERENCE.seen(bob).priceNanoOpenPerGigafuel()).isEqualTo(2_500);
    assertThat(ResourceClass.WASM.priceOf(bob)).isEqualTo(900);
    assertThat(ResourceClass.TEE.priceOf(bob)).isEqualTo(900);
    assertThat(ResourceClass.least(bob)).isEqualTo(900);
    assertThat(ResourceClass.least(priced(bob, Map.of("tee", "7")))).isEqualTo(7);
  }

  @Test
  void itsReservationPriceGoesWithItsPricesRoundedUp() {
    Node bob = priced(World.node("bob").asking(900), Map.of("inference", "2500"));

    assertThat(INFERENCE.reservationOf(bob, 360)).isEqualTo(1_000);
    assertThat(INFERENCE.reservationOf(bob, 361)).isEqualTo(1_003);
    assertThat(ResourceClass.WASM.reservationOf(bob, 361)).isEqualTo(361);
  }

  @Test
  void aPriceThatCannotBeReadCountsForNothing() {
    Node bob = priced(World.node("bob").asking(900), Map.of("inference", "a lot"));

    assertThat(INFERENCE.priceOf(bob)).isEqualTo(900);
    assertThatThrownBy(() -> ResourceClass.named("gold"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("must be one of wasm, matmul");
  }

  /** An index that is kept for a class answers what a list of the nodes at those prices answers. */
  @ParameterizedTest
  @MethodSource("seeds")
  void matchesByThePricesOfTheClassWhateverChanges(long seed) {
    var random = new SplittableRandom(seed);
    Roster roster = Roster.EMPTY;
    Map<NodeId, Node> known = new HashMap<>();
    for (int step = 0; step < 60; step++) {
      Node node = World.node(random, random.nextInt(20));
      if (random.nextInt(5) == 0) {
        roster = roster.without(node.id());
        known.remove(node.id());
      } else {
        Node put = random.nextBoolean() ? node : priced(node, drawn(random));
        roster = roster.with(put);
        known.put(put.id(), put);
      }
      Request request = inference(World.request(random));
      Roster listed = Roster.of(known.values().stream().map(INFERENCE::seen).toList());

      assertThat(MATCHER.place(request, roster.inClass(INFERENCE), 2).chosen())
          .as("step %d", step)
          .isEqualTo(MATCHER.place(request, listed, 2).chosen());
      assertThat(roster.nodes())
          .as("at their own prices")
          .containsExactlyInAnyOrderElementsOf(known.values());
    }
  }

  @Test
  void aTaskOfAClassThatAParkedLaneAsksForIsNotHeldToTheOwnPriceOfANode() {
    Node bob = priced(World.node("bob").asking(900), Map.of("inference", "100"));
    Request cheap = inference(SpotMarket.bid(1, 1, 200).request());

    assertThat(MATCHER.place(cheap, Roster.EMPTY.with(bob).inClass(INFERENCE), 1).chosen())
        .extracting(Node::priceNanoOpenPerGigafuel)
        .containsExactly(100L);
    assertThat(Matcher.terms(cheap)).isSubsetOf(Matcher.terms(SpotMarket.bid(1, 1, 200).request()));
    assertThat(Matcher.terms(cheap))
        .hasSizeLessThan(Matcher.terms(SpotMarket.bid(1, 1, 200).request()).size());
  }

  /** What another class has sold is gone, and moves neither price nor depth. */
  @ParameterizedTest
  @MethodSource("seeds")
  void slotsThatAnotherClassSoldMoveNoPriceAndAreNotSoldAgain(long seed) {
    var random = new SplittableRandom(seed);
    long last = Clearing.NO_PRICE;
    for (int round = 0; round < 25; round++) {
      var bids = SpotMarket.bids(random);
      var asks = SpotMarket.asks(random);
      var taken = new HashMap<NodeId, Integer>();
      asks.forEach(ask -> taken.put(ask.node().id(), random.nextInt(ask.slots() + 1)));

      var alone = SpotClearing.of(last, MarketTerms.SPOT, MATCHER, bids, asks);
      var beside = SpotClearing.of(last, MarketTerms.SPOT, MATCHER, bids, asks, taken);

      assertThat(beside.map(it -> List.of(it.priceNanoOpen(), it.bidUnits(), it.askUnits())))
          .isEqualTo(alone.map(it -> List.of(it.priceNanoOpen(), it.bidUnits(), it.askUnits())));
      var sold = new HashMap<NodeId, Integer>(taken);
      beside.ifPresent(
          it ->
              it.awards().stream()
                  .flatMap(award -> award.placement().chosen().stream())
                  .forEach(node -> sold.merge(node.id(), 1, Integer::sum)));
      for (SpotClearing.Ask ask : asks) {
        assertThat(sold.getOrDefault(ask.node().id(), 0)).isLessThanOrEqualTo(ask.slots());
      }
      last = alone.map(SpotClearing.Outcome::priceNanoOpen).orElse(last);
    }
  }

  private static Map<String, String> drawn(SplittableRandom random) {
    return Map.of(
        random.nextBoolean() ? "inference" : "tee", String.valueOf(random.nextLong(0, 3_000_000)));
  }

  private static Request inference(Request request) {
    return new Request(
        request.task(),
        request.attempt(),
        request.policy(),
        request.fuelMax(),
        request.memoryMaxBytes(),
        request.ownersExcluded(),
        request.nodesExcluded(),
        request.budgetNanoOpen(),
        request.scheduling(),
        new Work("inference", Map.of(), Governed.FREELY));
  }

  private static Node priced(Node node, Map<String, String> prices) {
    var labels = new HashMap<String, String>();
    prices.forEach((of, price) -> labels.put("openledger.price." + of, price));
    return World.labelled(node, labels);
  }
}
