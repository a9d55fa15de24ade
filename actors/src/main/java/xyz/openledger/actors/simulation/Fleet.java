package xyz.openledger.actors.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.Traits;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.verification.Reputation;

/** Machines in the mix of the openb trace, spread over regions, of owners with several each. */
final class Fleet {
  static final PoolId POOL = PoolId.of("simulation", "pool");
  static final List<String> REGIONS = List.of("eu-north", "eu-west", "us-east", "ap-south");

  /** Of the whole year's grid, in g CO2e per kWh, about; drawn around it. */
  private static final int[] CARBON = {40, 250, 380, 620};

  /**
   * The first so many machines neither lie nor leave, and each is all that its owner has: so where
   * one node lies, two owners are left that can outvote it.
   */
  static final int STEADY = 2 * REGIONS.size();

  private static final List<String> TIERS = List.of("gold", "silver", "bronze");
  private static final long DAY_MILLIS = 86_400_000;

  /**
   * A kind of machine: how many of openb's, its slots, its speed as a multiple, MiB, watts, price.
   */
  private enum Kind {
    G2(549, 8, 2.0, 512, 150, 900),
    T4(387, 2, 1.0, 384, 70, 450),
    CPU(310, 4, 0.3, 96, 25, 300),
    P100(131, 2, 1.2, 512, 250, 1_000),
    G3(39, 8, 3.0, 1_024, 300, 1_600),
    V100_16(28, 4, 2.2, 768, 250, 1_300),
    V100_32(21, 8, 2.2, 1_024, 250, 1_400);

    final int share;
    final int slots;
    final double speed;
    final int mebibytes;
    final int watts;
    final int price;

    Kind(int share, int slots, double speed, int mebibytes, int watts, int price) {
      this.share = share;
      this.slots = slots;
      this.speed = speed;
      this.mebibytes = mebibytes;
      this.watts = watts;
      this.price = price;
    }
  }

  private static final int[] SHARES =
      Arrays.stream(Kind.values()).mapToInt(kind -> kind.share).toArray();

  private Fleet() {}

  /**
   * Machines.
   *
   * @param traits dice of what they say of themselves
   */
  static List<Machine> draw(Dice dice, Dice traits, int count) {
    var machines = new ArrayList<Machine>();
    int others = Math.max(4, count / 3);
    for (int i = 0; i < count; i++) {
      // Two owners in each region that can take whatever comes, so that no job is without hope.
      Kind kind = i < STEADY ? Kind.G3 : Kind.values()[dice.weighted(SHARES)];
      int region = i < STEADY ? i % REGIONS.size() : dice.below(REGIONS.size());
      Machine machine =
          machine(dice, i, kind, region, i < STEADY ? i : STEADY + dice.below(others));
      machines.add(machine.saying(traits(traits, kind, i < STEADY), terms(traits, i < STEADY)));
    }
    return machines;
  }

  /** The steady ones are whatever a policy may ask; of the others, many lack something. */
  private static Traits traits(Dice dice, Kind kind, boolean steady) {
    Map<String, String> labels = new TreeMap<>();
    String tier = TIERS.get(dice.below(TIERS.size()));
    labels.put("tier", steady ? TIERS.getFirst() : tier);
    boolean undertakes = dice.chance(0.3);
    if (steady || undertakes) {
      labels.put(DataRule.HOLDS_LABEL, "restricted");
    }
    boolean arm = dice.chance(0.15);
    boolean linux = dice.chance(0.85);
    boolean isolated = dice.chance(0.75);
    return new Traits(
        labels,
        arm && !steady ? "aarch64" : "amd64",
        linux || steady ? "Linux 6.1" : "FreeBSD 14.3",
        isolated || steady ? "bubblewrap" : "process",
        (steady ? 2 : 1) * kind.slots * 2,
        ((long) kind.slots * kind.mebibytes) << 20,
        0,
        List.of(),
        kind.watts * kind.slots);
  }

  /** One contributor in five has no time for work of low priority. */
  private static OwnTerms terms(Dice dice, boolean steady) {
    return dice.chance(0.2) && !steady ? new OwnTerms("job.priority >= 4", "") : OwnTerms.NONE;
  }

  private static Machine machine(Dice dice, int number, Kind kind, int region, int owner) {
    double speed = kind.speed * dice.between(0.8, 1.2);
    var node =
        new Node(
            NodeId.of(bytes("node " + number)),
            Address.of(Arrays.copyOf(bytes("owner " + owner), Address.BYTES)),
            POOL,
            REGIONS.get(region),
            (int) (CARBON[region] * dice.between(0.8, 1.2)),
            (long) (kind.price * 1_000 * dice.between(0.6, 1.6)),
            (long) (Scenario.REFERENCE_FUEL_PER_SECOND * speed),
            1_000 + dice.below(80_000) / (number < STEADY ? 2 : 1),
            (long) kind.mebibytes << 20,
            kind.slots,
            kind.slots,
            Reputation.NEUTRAL,
            0,
            true,
            Traits.UNKNOWN);
    boolean stable = number < STEADY || dice.chance(0.7);
    return new Machine(
        node,
        kind.watts,
        number >= STEADY && dice.chance(0.06) ? 0.3 : 0,
        stable ? 0 : (long) (DAY_MILLIS * dice.between(0.3, 3)),
        dice.chance(0.15) ? dice.between(0.3, 0.8) : 1,
        number >= STEADY && dice.chance(0.1));
  }

  /** Of the whole year's grid of a region. */
  static int carbon(int region) {
    return CARBON[region];
  }

  static byte[] bytes(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).bytes();
  }
}
