package xyz.openledger.actors.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.pool.Booking;
import xyz.openledger.actors.pool.SlotsAhead;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.ReservedPrice;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * Slots that tenants buy ahead in reverse auctions, and the hurried jobs that run on them. The
 * auction, what is kept and what is earned are those of a pool; the simulation plays the tenants,
 * who order anew whenever a time is over, and moves the money.
 */
final class Reserving {
  /** How often what is over is looked for. */
  static final long LOOK_MILLIS = 10_000;

  private static final long PERIOD_MILLIS = 2 * 3_600_000L;
  private static final int ORDERED = 3;
  private static final int SOLD_AHEAD = 2;
  private static final int SLOTS_MIN = 4;

  /** The most that a tenant pays for the hour of a slot, in 10^-9 OPEN. */
  private static final long SLOT_HOUR_MAX = 400_000_000;

  private final World world;
  private final SlotsAhead slots = new SlotsAhead(Fleet.POOL);
  private final AheadInvariants invariants;
  private final Matcher matcher;
  private final Map<TaskId, PoolQueue.Entry> asked = new LinkedHashMap<>();
  private final Map<TaskId, Invariants.Waits> waiting = new LinkedHashMap<>();
  private int orders;

  Reserving(World world, String where) {
    this.world = world;
    this.invariants = new AheadInvariants(where);
    this.matcher =
        new Matcher(
            Production.POOL, EpochSecret.of(Fleet.bytes("ahead of " + world.scenario.seed())));
  }

  /** Machines with many slots sell some of them by the hour, for about what they burn then. */
  void open() {
    for (Machine machine : world.scenario.machines()) {
      Node node = machine.node();
      if (node.slots() >= SLOTS_MIN) {
        long gigafuelPerHour = node.fuelPerCpuSecond() * 3_600 / 1_000_000_000;
        slots.sells(
            node.id(), SOLD_AHEAD, node.priceNanoOpenPerGigafuel() * Math.max(1, gigafuelPerHour));
      }
    }
    order();
    world.agenda.every(PERIOD_MILLIS, this::order);
    world.agenda.every(LOOK_MILLIS, this::look);
  }

  private void order() {
    look();
    var tenants = new TreeSet<TenantId>();
    world.scenario.arrivals().forEach(arrival -> tenants.add(arrival.tenant()));
    tenants.forEach(this::order);
  }

  private void order(TenantId tenant) {
    var order =
        new SlotsAhead.Order(
            JobId.of(tenant, "ahead " + orders++), tenant, ORDERED, PERIOD_MILLIS, SLOT_HOUR_MAX);
    Roster nodes = world.floor.roster();
    Map<Node, Integer> forSale = slots.forSale(nodes);
    List<Booking> won;
    try {
      won = world.rules.awarded(slots.award(order, nodes));
    } catch (ProblemException tooFew) {
      return;
    }
    long now = world.nowMillis();
    invariants.awarded(
        order,
        forSale,
        node -> ReservedPrice.ofLot(slots.slotHourNanoOpen(node), PERIOD_MILLIS),
        won,
        now);
    won.forEach(it -> world.books.hold(tenant, it.id(), it.priceNanoOpen()));
    slots.begin(won, now);
    invariants.began(won, now);
    for (Booking booking : won) {
      world.outcomes.booked(booking);
      world.floor.refresh(booking.node(), now);
    }
  }

  /** Pays for what is over. */
  private void look() {
    long now = world.nowMillis();
    for (SlotsAhead.Over over : slots.over(world.floor.roster(), now)) {
      Booking booking = over.booking();
      long earned = world.rules.earned(booking, over.earnedNanoOpen());
      invariants.over(booking, earned, now);
      world.books.pay(booking.id(), booking.owner(), earned);
      world.books.release(booking.tenant(), booking.id());
      world.floor.refresh(booking.node(), now);
    }
  }

  /** A task wants a slot that its tenant has bought. */
  void ask(PoolQueue.Entry entry) {
    TaskId task = entry.request().task();
    asked.put(task, entry);
    long since = waiting.containsKey(task) ? waiting.get(task).sinceMillis() : world.nowMillis();
    waiting.put(task, new Invariants.Waits(entry.request(), since));
  }

  void cancel(TaskId task) {
    asked.remove(task);
    waiting.remove(task);
  }

  /** Who waits for slots bought ahead, and since when. */
  Map<TaskId, Invariants.Waits> waiting() {
    return waiting;
  }

  /** Gives what was bought ahead to those who bought it. */
  void serve() {
    for (PoolQueue.Entry entry : List.copyOf(asked.values())) {
      Request request = entry.request();
      TenantId tenant = request.scheduling().tenant();
      Placement placement =
          matcher.place(request, slots.of(tenant, world.floor.roster()), entry.count());
      int given = placement.chosen().size();
      if (given > 0) {
        cancel(request.task());
        var grants =
            Placing.place(world, new PoolQueue.Grant(entry, placement), Policy.Capacity.RESERVED);
        grants.forEach(
            grant ->
                world.scheduler.bought(
                    request, grant.node(), WorkloadClass.of(request), world.nowMillis()));
        if (given < entry.count()) {
          Request rest = request;
          for (Node node : placement.chosen()) {
            rest = rest.after(node);
          }
          ask(new PoolQueue.Entry(rest, entry.count() - given, entry.deadlineMillis()));
        }
      }
    }
  }

  /** Slots of a node that nobody else may have. */
  int withheld(NodeId node) {
    return world.rules.withheld(slots.withheld(node));
  }

  /** A lease begins. */
  void took(Grant grant, TenantId tenant) {
    slots.took(grant, tenant);
    invariants.took(grant, tenant, world.nowMillis());
  }

  /** A lease is over. */
  void freed(Grant grant, TenantId tenant) {
    slots.freed(grant, tenant);
    invariants.freed(grant, tenant);
  }

  /** A machine is there. */
  void back(NodeId node) {
    slots.back(node);
  }

  /** A machine has gone. */
  void away(NodeId node) {
    slots.away(node, world.nowMillis());
    invariants.away(node, world.nowMillis());
  }

  /** After a step: what is kept is not in use by others. */
  void check() {
    invariants.kept(world.floor.running(), world.floor.roster(), world.nowMillis());
  }
}
