package xyz.openledger.actors.pool;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Membership;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.queue.LatencyRecord;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.verification.NodeRecord;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Reputation;

/**
 * The nodes of one pool as they stand now: what they offer, whether they are there, how many of
 * their slots are free, what they have shown, and how dirty their grid is.
 */
final class Members {
  private final PoolId pool;
  private final Shown shown;
  private final CleanHours cleanHours;
  private final Leases leases;
  private final PoolMarket market;
  private final Clock clock;
  private final Map<NodeId, Reputation> reputations = new HashMap<>();

  /** Of nodes that name a zone, whose intensity changes by the hour. */
  private final Map<NodeId, NodeOffer> offers = new HashMap<>();

  private final LatencyRecord latencies = new LatencyRecord();
  private Membership members = Membership.OPEN;

  /**
   * @param leases which take slots
   * @param market which keeps slots for those who bought them ahead
   */
  Members(
      PoolId pool,
      EpochSecret secret,
      CleanHours cleanHours,
      Leases leases,
      PoolMarket market,
      Clock clock) {
    this.pool = pool;
    this.shown = new Shown(secret);
    this.cleanHours = cleanHours;
    this.leases = leases;
    this.market = market;
    this.clock = clock;
  }

  /** The nodes that may work. */
  Roster roster() {
    return members.admitted();
  }

  /** How many do not meet what the pool asks. */
  int outside() {
    return members.outside();
  }

  boolean has(NodeId node) {
    return members.find(node).isPresent();
  }

  /** From now on those work here whom these terms admit, and they are liked as these terms say. */
  void under(PoolTerms terms) {
    members = members.under(terms.admit(), terms.prefer());
  }

  /** A node offers this; it is away until it says otherwise if {@code accepting} is false. */
  void list(NodeOffer offer, boolean accepting) {
    if (Zones.of(offer.traits().labels()).isEmpty()) {
      offers.remove(offer.node());
    } else {
      offers.put(offer.node(), offer);
    }
    members = members.with(node(offer, accepting));
  }

  void away(NodeId id) {
    members.find(id).ifPresent(node -> members = members.with(accepting(node, false)));
  }

  void left(NodeId id) {
    offers.remove(id);
    members = members.without(id);
  }

  /** A node brought a result. */
  void brought(NodeId id, WorkloadClass workload, long tookMillis) {
    latencies.brought(id, workload, tookMillis, clock.millis());
  }

  /** How long results took is forgotten after a while, so that who was slow is tried again. */
  void forget() {
    latencies.forget(clock.millis()).forEach(this::refresh);
  }

  /** Its free slots, its reputation or how long its results take may have changed. */
  void refresh(NodeId id) {
    members.find(id).ifPresent(node -> members = members.with(accepting(node, node.accepting())));
  }

  /** What receipts say of nodes, by kind of work. */
  void records(Map<NodeId, NodeRecord> known) {
    shown.records(known);
    known.forEach((node, record) -> reputations.put(node, shown.reputation(node, clock.millis())));
    known.keySet().forEach(this::refresh);
  }

  void staked(NodeId node, long nanoOpen) {
    shown.staked(node, nanoOpen);
  }

  /** What the rules of verification are to know of the node that gets that lease. */
  Replica.Standing standing(Request request, Grant grant) {
    return shown.standing(request, grant);
  }

  /** What nodes have shown in work of a kind, of those of which anything is known. */
  List<PoolProspects.Known> known(long fuelMax, long memoryMaxBytes, ResourceClass of) {
    return roster().inClass(of).nodes().stream()
        .filter(node -> shown.knows(node.id()))
        .limit(PoolProspects.KNOWN_MAX)
        .map(node -> shown.known(node, fuelMax, memoryMaxBytes))
        .toList();
  }

  /** With each day what nodes have shown counts for less. */
  void age() {
    if (shown.anotherDay(clock.millis())) {
      reputations.replaceAll((node, _) -> shown.reputation(node, clock.millis()));
      List.copyOf(reputations.keySet()).forEach(this::refresh);
    }
  }

  /** Looks up again, once a minute, how dirty the grids of all nodes are. */
  void regrid() {
    if (!cleanHours.turned(clock.millis())) {
      return;
    }
    for (NodeOffer offer : offers.values()) {
      int grams = cleanHours.gramsPerKwh(offer, clock.millis());
      members
          .find(offer.node())
          .filter(node -> node.carbonGramsPerKwh() != grams)
          .ifPresent(node -> members = members.with(node.onGrid(grams)));
    }
  }

  Reputation reputation(NodeId node) {
    return reputations.getOrDefault(node, Reputation.NEW);
  }

  private Node node(NodeOffer offer, boolean accepting) {
    Reputation reputation = reputation(offer.node());
    return new Node(
            offer.node(),
            offer.owner(),
            pool,
            offer.region(),
            cleanHours.gramsPerKwh(offer, clock.millis()),
            offer.priceNanoOpenPerGigafuel(),
            Math.max(1, offer.fuelPerCpuSecond()),
            offer.roundTripMicros(),
            offer.memoryMaxBytesPerSlot(),
            free(offer.node(), offer.slots()),
            offer.slots(),
            reputation.score(),
            reputation.accepted(),
            accepting,
            offer.traits(),
            offer.asks())
        .measured(latencies.of(offer.node()));
  }

  /** The node as it stands now: its leases and its reputation may have changed. */
  private Node accepting(Node node, boolean accepting) {
    Reputation reputation = reputation(node.id());
    return node.standing(
            free(node.id(), node.slots()), reputation.score(), reputation.accepted(), accepting)
        .measured(latencies.of(node.id()));
  }

  private int free(NodeId node, int slots) {
    return Math.max(0, slots - leases.on(node) - market.ahead().withheld(node));
  }
}
