package xyz.openledger.actors.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Traits;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.session.Selling;

/** Several classes of work that are sold from the same slots. */
class ClassMarketsTest {
  private static final PoolId POOL = PoolId.of("classes", "pool");
  private static final TenantId ADA = new TenantId("ada");
  private static final long GIGAFUEL = 1_000_000_000;
  private static final PoolTerms TERMS = new PoolTerms(500, 0, 100);
  private static final Matcher MATCHER =
      new Matcher(TERMS, EpochSecret.of(new byte[EpochSecret.BYTES]));

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsBidInOneClassMovesNoPriceInAnotherAndNoSlotIsSoldTwice(long seed) {
    var random = new SplittableRandom(seed);
    var together = new PoolMarket(POOL);
    var apart = new PoolMarket(POOL);
    Roster roster = Roster.EMPTY;
    Map<NodeId, Integer> forSale = new HashMap<>();
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      NodeOffer offer = offer(random, i);
      forSale.put(offer.node(), offer.market().spotSlots());
      roster = roster.with(node(offer));
      together.offers(offer);
      apart.offers(offer);
    }
    PoolState both = PoolState.EMPTY;
    PoolState alone = PoolState.EMPTY;
    for (int round = 1; round <= 12; round++) {
      var inference = bids(random, "inference", 1_000 * round);
      var wasm = bids(random, "wasm", 1_000 * round + 500);
      var all = new LinkedHashMap<SpotClearing.Bid, List<Integer>>(inference);
      all.putAll(wasm);

      List<PoolMarket.Spot> mixed = together.clear(all, roster, MATCHER, 1_000, round);
      List<PoolMarket.Spot> single = apart.clear(wasm, roster, MATCHER, 1_000, round);

      Map<NodeId, Integer> sold = new HashMap<>();
      for (PoolMarket.Spot spot : mixed) {
        both = both.apply(spot.event());
        spot.event().awards().forEach(award -> sold.merge(award.node(), 1, Integer::sum));
      }
      for (PoolMarket.Spot spot : single) {
        alone = alone.apply(spot.event());
      }
      together.changed(both);
      apart.changed(alone);
      sold.forEach((node, slots) -> assertThat(slots).isLessThanOrEqualTo(forSale.get(node)));
      assertThat(price(both)).as("round %d", round).isEqualTo(price(alone));
    }
  }

  private static long price(PoolState state) {
    return state.market().priceNanoOpen(ResourceClass.WASM);
  }

  private static Map<SpotClearing.Bid, List<Integer>> bids(
      SplittableRandom random, String kind, int from) {
    var bids = new LinkedHashMap<SpotClearing.Bid, List<Integer>>();
    for (int i = random.nextInt(6); i > 0; i--) {
      var policy =
          new Policy(
              null,
              new Policy.Limits(1_000_000, 600_000, List.of(), null, 0),
              new Policy.Verification(Policy.Method.TRUSTED, new Policy.Parameters(1, 1)),
              Policy.Capacity.SPOT);
      var request =
          new Request(
              new TaskId(JobId.of(ADA, "job " + (from + i)), 0),
              0,
              policy,
              GIGAFUEL,
              65_536,
              Set.of(),
              Set.of(),
              random.nextLong(50, 3_000),
              Scheduling.of(ADA),
              new Work(kind, Map.of(), Governed.FREELY));
      bids.put(SpotClearing.Bid.of(request, 1), List.of(0));
    }
    return bids;
  }

  private static NodeOffer offer(SplittableRandom random, int number) {
    int slots = random.nextInt(1, 4);
    long price = random.nextLong(100, 2_000);
    Map<String, String> labels =
        random.nextBoolean()
            ? Map.of("openledger.price.inference", String.valueOf(random.nextLong(100, 4_000)))
            : Map.of();
    return new NodeOffer(
        NodeId.of(bytes("node " + number)),
        "node " + number,
        Address.of(Arrays.copyOf(bytes("owner " + number), Address.BYTES)),
        price,
        slots,
        1 << 20,
        "eu",
        300,
        50,
        1_000_000_000,
        1_000,
        "bubblewrap",
        new Traits(labels, "", "", "", 0, 0, 0, List.of(), 0),
        null,
        new Selling(random.nextLong(0, price + 1), random.nextInt(1, slots + 1), 0, 0));
  }

  private static Node node(NodeOffer offer) {
    return new Node(
        offer.node(),
        offer.owner(),
        POOL,
        offer.region(),
        offer.carbonGramsPerKwh(),
        offer.priceNanoOpenPerGigafuel(),
        offer.fuelPerCpuSecond(),
        offer.roundTripMicros(),
        offer.memoryMaxBytesPerSlot(),
        offer.slots(),
        offer.slots(),
        5_000,
        0,
        true,
        offer.traits());
  }

  private static byte[] bytes(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).bytes();
  }
}
