package xyz.openledger.actors.pool;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Locality;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Membership;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.pools.market.SpotClearing;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.QueueTerms;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.verification.NodeRecord;
import xyz.openledger.verification.Reputation;

/**
 * Who waits and who runs in one pool. Nothing here is durable: after a crash jobs ask again, and
 * say which leases they have.
 */
final class Desk {
  private static final long LEASE_MILLIS_MIN = 15_000;
  private static final long LEASE_FACTOR = 20;

  private final PoolId id;
  private final EpochSecret secret;
  private final ActorRef<Topic.Command<PoolNews>> news;
  private final Clock clock;
  private final Map<TaskId, Asked> asked = new LinkedHashMap<>();
  private final Map<ReplicaId, Held> leases = new HashMap<>();
  private final Map<NodeId, Integer> leased = new HashMap<>();
  private final Map<NodeId, Reputation> reputations = new HashMap<>();
  private final Shown shown;
  private final Fences fences = new Fences();
  private final Watch watch = new Watch();
  private final Warm warm = new Warm();

  /** Of nodes that name a zone, whose intensity changes by the hour. */
  private final Map<NodeId, NodeOffer> offers = new HashMap<>();

  private final CleanHours cleanHours;
  private final Locality locality;
  private final PoolMarket market;
  private PoolMarket.@Nullable Spot clearing;

  private Membership members = Membership.OPEN;
  private @Nullable Pool pool;
  private @Nullable Matcher matcher;
  private @Nullable PoolQueue queue;

  /** A request that is not wholly granted. */
  private record Asked(
      TreeSet<Integer> replicas,
      xyz.openledger.pools.Request request,
      long deadlineAtMillis,
      ActorRef<JobMessage> replyTo,
      boolean hedge) {
    Policy.Capacity capacity() {
      return request.policy().capacity();
    }
  }

  /** A lease, and what the queue weighs of it. */
  private record Held(
      Grant grant, TenantId tenant, long fuelMax, long memoryMaxBytes, long endsAtMillis) {}

  Desk(PoolId id, EpochSecret secret, ActorRef<Topic.Command<PoolNews>> news, Clock clock) {
    this(id, secret, news, clock, Surroundings.UNKNOWN);
  }

  Desk(
      PoolId id,
      EpochSecret secret,
      ActorRef<Topic.Command<PoolNews>> news,
      Clock clock,
      Surroundings surroundings) {
    this.cleanHours = new CleanHours(surroundings.grid());
    this.locality = new Locality(warm::has, surroundings.blobBytes());
    this.id = id;
    this.secret = secret;
    this.shown = new Shown(secret);
    this.news = news;
    this.clock = clock;
    this.market = new PoolMarket(id);
  }

  /** After a start, or a change of terms: nodes are listed and away until they say otherwise. */
  void resume(PoolState state) {
    Pool known = state.pool();
    if (known == null) {
      return;
    }
    if (pool == null) {
      fences.startAbove(state.fencedTo());
      state.offers().values().forEach(offer -> list(offer, false));
    }
    members = members.under(known.terms().admit());
    pool = known;
    market.resume(state, clock.millis());
    matcher = new Matcher(known.terms(), secret, locality);
    var opened = new PoolQueue(matcher, known.terms(), QueueTerms.DEFAULT.with(state.quotas()));
    leases.values().forEach(held -> runs(opened, held));
    asked.values().stream()
        .filter(waiting -> waiting.capacity() == Policy.Capacity.ON_DEMAND)
        .forEach(waiting -> opened.offer(entry(waiting), clock.millis()));
    queue = opened;
  }

  /** Other quotas hold from now on: who was held back may be next. */
  void limit(Quotas quotas) {
    if (queue != null) {
      queue.limit(quotas);
      pump();
    }
  }

  boolean needsFences(PoolState state) {
    return state.pool() != null && fences.areLow();
  }

  void fencesTo(long upTo) {
    fences.durableTo(upTo);
  }

  void fence(long seen, ActorRef<NodeMessage> replyTo) {
    replyTo.tell(new NodeMessage.ChallengeFence(fences.above(seen)));
  }

  void up(PoolMessage.NodeUp up) {
    // Leases that the node no longer has are the jobs' to mourn; their slots are free.
    for (Held held : List.copyOf(leases.values())) {
      ReplicaId replica = held.grant().replica();
      if (held.grant().node().equals(up.offer().node()) && !up.held().contains(replica)) {
        free(replica, PoolQueue.End.CALLED_BACK);
      }
    }
    fences.saw(up.offer().node(), up.fenceSeen());
    market.offers(up.offer());
    market.back(up.offer().node());
    list(up.offer(), true);
    pump();
  }

  void down(PoolMessage.NodeDown down) {
    market.away(down.node(), clock.millis());
    if (down.left()) {
      market.left(down.node());
    }
    members
        .find(down.node())
        .ifPresent(
            node -> members = down.left() ? gone(node) : members.with(accepting(node, false)));
  }

  private Membership gone(Node node) {
    warm.forget(node.id());
    offers.remove(node.id());
    return members.without(node.id());
  }

  /** A node says which blobs it holds. */
  void warm(PoolMessage.Warm said) {
    if (members.find(said.node()).isPresent()) {
      warm.holds(said.node(), said.blobs());
    }
  }

  /** Whether a task that could start now is told to wait for a cleaner grid. */
  private boolean shifted(PoolMessage.Request request) {
    TaskId task = request.request().task();
    if (request.request().attempt() > 0 || asked.containsKey(task)) {
      return false;
    }
    var wait =
        cleanHours.wait(
            request.request(), roster().nodes(), request.deadlineAtMillis(), clock.millis());
    wait.ifPresent(
        it ->
            request
                .replyTo()
                .tell(new JobMessage.Queued(task, id, List.of(it.words()), it.untilMillis())));
    return wait.isPresent();
  }

  void request(PoolMessage.Request request) {
    PoolQueue waiting = queue;
    TaskId task = request.request().task();
    if (waiting == null) {
      request
          .replyTo()
          .tell(new JobMessage.Unplaceable(task, id, List.of("this pool is not open")));
      return;
    }
    var missing = new TreeSet<Integer>();
    // Who has a lease that the job had not heard of when it asked.
    var owners = new HashSet<Address>();
    for (int number : request.replicas()) {
      Held held = leases.get(new ReplicaId(task, number));
      if (held == null) {
        missing.add(number);
      } else {
        Grant granted = held.grant();
        owners.add(granted.owner());
        request
            .replyTo()
            .tell(
                new JobMessage.Granted(
                    task.job(), List.of(granted), List.of(granted.node() + ", as leased before")));
      }
    }
    if (missing.isEmpty() || (owners.isEmpty() && shifted(request))) {
      return;
    }
    owners.addAll(request.request().ownersExcluded());
    var waits =
        new Asked(
            missing,
            request.request().excluding(owners),
            request.deadlineAtMillis(),
            request.replyTo(),
            request.hedge());
    asked.put(task, waits);
    if (waits.capacity() != Policy.Capacity.ON_DEMAND) {
      trade(waits);
      return;
    }
    var admission = waiting.offer(entry(waits), clock.millis());
    if (admission instanceof PoolQueue.Admission.Refused(var retryAfterMillis)) {
      asked.remove(task);
      request
          .replyTo()
          .tell(
              new JobMessage.Queued(
                  task,
                  id,
                  List.of("the pool's queue is full; asked again in " + retryAfterMillis + " ms")));
      return;
    }
    pump();
    explain(task);
  }

  private static PoolQueue.Entry entry(Asked waits) {
    return new PoolQueue.Entry(waits.request(), waits.replicas().size(), waits.deadlineAtMillis());
  }

  /** Leases that we have given before a restart: their slots are not free. A repeat is none. */
  void leased(PoolMessage.Leased said) {
    for (Grant grant : said.grants()) {
      if (!leases.containsKey(grant.replica())) {
        fences.saw(grant.node(), grant.fence());
        var held =
            new Held(
                grant,
                said.tenant(),
                said.fuelMax(),
                said.memoryMaxBytes(),
                clock.millis() + grant.leaseMillis());
        take(held);
        if (queue != null) {
          runs(queue, held);
        }
      }
    }
  }

  private void runs(PoolQueue opened, Held held) {
    opened.runs(
        held.tenant(),
        held.grant().replica().task(),
        held.grant().node(),
        held.memoryMaxBytes(),
        WorkloadClass.of(held.fuelMax(), held.memoryMaxBytes()),
        held.endsAtMillis(),
        held.grant().capacity() != null,
        clock.millis());
  }

  void release(List<ReplicaId> replicas, PoolQueue.End end) {
    replicas.forEach(replica -> free(replica, end));
    pump();
  }

  void withdraw(TaskId task) {
    asked.remove(task);
    cleanHours.forget(task);
    if (queue != null) {
      queue.cancel(task);
    }
  }

  /** What receipts say of nodes, by kind of work. */
  void reputations(Map<NodeId, NodeRecord> known) {
    shown.records(known);
    known.forEach((node, record) -> reputations.put(node, shown.reputation(node, clock.millis())));
    known.keySet().forEach(this::refresh);
  }

  void staked(NodeId node, long nanoOpen) {
    shown.staked(node, nanoOpen);
  }

  void tick() {
    if (shown.anotherDay(clock.millis())) {
      reputations.replaceAll((node, _) -> shown.reputation(node, clock.millis()));
      List.copyOf(reputations.keySet()).forEach(this::refresh);
    }
    PoolQueue waiting = queue;
    Pool known = pool;
    if (waiting == null || known == null) {
      return;
    }
    if (cleanHours.turned(clock.millis())) {
      regrid();
    }
    waiting.expire(clock.millis()).forEach(entry -> asked.remove(entry.request().task()));
    watch.look(clock.millis());
    asked
        .values()
        .removeIf(
            waits ->
                waits.capacity() != Policy.Capacity.ON_DEMAND
                    && waits.deadlineAtMillis() <= clock.millis());
    pump();
    news.tell(Topic.publish(new PoolNews(PoolSummary.of(known, roster(), asked.size()))));
  }

  PoolView view(PoolState state) {
    Pool known = state.pool();
    return new PoolView(
        id,
        known == null ? "" : known.name(),
        known == null ? PoolTerms.DEFAULT : known.terms(),
        members.outside(),
        roster().size(),
        roster().nodes().stream().mapToInt(Node::slots).sum(),
        leases.size(),
        asked.size(),
        state.offers().values().stream()
            .map(
                offer ->
                    new PoolView.NodeView(
                        offer,
                        leased.getOrDefault(offer.node(), 0),
                        reputation(offer.node()).score()))
            .toList(),
        QuotaUse.of(
            state.quotas(),
            leases.values().stream()
                .filter(held -> held.grant().capacity() == null)
                .map(Held::tenant)
                .toList()));
  }

  /** The nodes as those see them who buy that kind of capacity. */
  PoolSurvey survey(PoolMessage.Survey wanted) {
    Pool known = pool;
    List<Node> nodes =
        switch (wanted.capacity()) {
          case ON_DEMAND -> roster().nodes();
          case SPOT -> market.spot(roster()).nodes();
          case RESERVED -> market.reserved(roster()).nodes();
        };
    return new PoolSurvey(
        id,
        known == null ? "" : known.name(),
        nodes.size(),
        PoolSurvey.thatFit(nodes, wanted.max()),
        asked.size(),
        queue == null ? null : queue.newcomer(wanted.priority(), wanted.slots()).orElse(null));
  }

  /** Gives free slots to those who wait. */
  private void pump() {
    PoolQueue waiting = queue;
    if (waiting == null || asked.isEmpty()) {
      return;
    }
    redeem();
    reserved();
    for (PoolQueue.Grant grant : waiting.next(roster(), clock.millis())) {
      grant(grant.entry().request().task(), grant.placement(), "");
    }
  }

  /** Looks up again how dirty the grids of all nodes are. */
  private void regrid() {
    for (NodeOffer offer : offers.values()) {
      int grams = cleanHours.gramsPerKwh(offer, clock.millis());
      members
          .find(offer.node())
          .filter(node -> node.carbonGramsPerKwh() != grams)
          .ifPresent(node -> members = members.with(node.onGrid(grams)));
    }
  }

  /**
   * Leases to a task that waits.
   *
   * @param how it was bought, where that is not on demand
   */
  private void grant(TaskId task, Placement placement, String how) {
    Asked entry = asked.get(task);
    if (entry == null) {
      placement.chosen().forEach(node -> ended(task, node.id(), PoolQueue.End.CALLED_BACK));
      return;
    }
    var grants = new ArrayList<Grant>();
    List<String> choices = placement.explanation().choices();
    var why = new ArrayList<String>();
    for (Node node : placement.chosen()) {
      Integer number = entry.replicas().pollFirst();
      if (number == null) {
        ended(task, node.id(), PoolQueue.End.CALLED_BACK);
        continue;
      }
      var grant = lease(new ReplicaId(task, number), node, entry);
      Held held = held(grant, entry);
      take(held);
      if (grant.capacity() != null && queue != null) {
        runs(queue, held);
      }
      watch(grant, node, entry);
      String bought = how.isEmpty() ? "" : "; " + how;
      why.add(choices.get(grants.size()) + cleanHours.words(task, node, clock.millis()) + bought);
      grants.add(grant);
    }
    if (entry.replicas().isEmpty()) {
      asked.remove(task);
    } else if (entry.capacity() != Policy.Capacity.ON_DEMAND) {
      var owners = new HashSet<>(entry.request().ownersExcluded());
      grants.forEach(grant -> owners.add(grant.owner()));
      asked.put(
          task,
          new Asked(
              entry.replicas(),
              entry.request().excluding(owners),
              entry.deadlineAtMillis(),
              entry.replyTo(),
              entry.hedge()));
    }
    entry.replyTo().tell(new JobMessage.Granted(task.job(), grants, why));
  }

  private void watch(Grant grant, Node node, Asked entry) {
    watch.began(
        grant,
        WorkloadClass.of(entry.request()),
        node.durationMicros(entry.request().fuelMax()) / 1_000,
        entry.hedge() ? entry.replyTo() : null,
        clock.millis());
  }

  private Held held(Grant grant, Asked entry) {
    return new Held(
        grant,
        entry.request().scheduling().tenant(),
        entry.request().fuelMax(),
        entry.request().memoryMaxBytes(),
        clock.millis() + grant.leaseMillis());
  }

  private Grant lease(ReplicaId replica, Node node, Asked entry) {
    long expectedMillis = entry.request().fuelMax() / Math.max(1, node.fuelPerCpuSecond() / 1_000);
    long leaseMillis =
        Math.min(
            LEASE_MILLIS_MIN + LEASE_FACTOR * expectedMillis,
            Math.max(1, entry.deadlineAtMillis() - clock.millis()));
    var grant =
        new Grant(
            replica,
            node.id(),
            node.owner(),
            id,
            fences.next(node.id()),
            node.priceNanoOpenPerGigafuel(),
            leaseMillis,
            node.region(),
            node.carbonGramsPerKwh());
    return grant.bought(entry.capacity()).of(shown.standing(entry.request(), grant));
  }

  /** Lets a task wait that buys on the spot, or runs on what its tenant has bought ahead. */
  private void trade(Asked waits) {
    TaskId task = waits.request().task();
    Pool known = pool;
    Matcher by = matcher;
    if (known == null || by == null) {
      return;
    }
    if (asked.size() > known.terms().queueMax()) {
      asked.remove(task);
      waits
          .replyTo()
          .tell(new JobMessage.Queued(task, id, List.of("the pool's queue is full; asked again")));
      return;
    }
    pump();
    if (!asked.containsKey(task)) {
      return;
    }
    boolean spot = waits.capacity() == Policy.Capacity.SPOT;
    Roster sellers = spot ? market.spotAtLeast(roster()) : own(waits);
    Placement placement = by.place(waits.request(), sellers, waits.replicas().size());
    String what = spot ? "sell on the spot" : "are kept for the tenant, who bought them ahead";
    String who = "%d nodes %s".formatted(sellers.nodes().size(), what);
    if (placement.hopeless()) {
      withdraw(task);
      waits
          .replyTo()
          .tell(
              new JobMessage.Unplaceable(
                  task, id, List.of(who + "; " + placement.explanation().waiting())));
      return;
    }
    waits
        .replyTo()
        .tell(
            new JobMessage.Queued(
                task,
                id,
                List.of(
                    who,
                    spot
                        ? market.bidWords(waits.request(), known.terms().clearingMillis())
                        : placement.explanation().waiting())));
  }

  private Roster own(Asked waits) {
    return market.reserved(roster(), waits.request().scheduling().tenant());
  }

  /** Gives those slots that were bought ahead to those who bought them. */
  private void reserved() {
    Matcher by = matcher;
    if (market.state().bookings().isEmpty()) {
      return;
    }
    for (Asked waits : List.copyOf(asked.values())) {
      if (by != null && waits.capacity() == Policy.Capacity.RESERVED) {
        Placement placement = by.place(waits.request(), own(waits), waits.replicas().size());
        if (!placement.chosen().isEmpty()) {
          grant(waits.request().task(), placement, "on slots bought ahead");
        }
      }
    }
  }

  /** Gives what was sold in a clearing before a restart to those who won it. */
  private void redeem() {
    Matcher by = matcher;
    for (var award : Map.copyOf(market.awarded(clock.millis())).entrySet()) {
      Asked waits = asked.get(award.getKey().task());
      Node seller = waits == null ? null : market.spot(roster(), award.getValue()).orElse(null);
      if (by == null || waits == null || seller == null) {
        continue;
      }
      if (waits.replicas().first() == award.getKey().number()) {
        var at = Roster.of(List.of(seller.asking(market.awardedNanoOpen())));
        Placement placement = by.place(waits.request(), at, 1);
        if (!placement.chosen().isEmpty()) {
          market.awarded(clock.millis()).remove(award.getKey());
          grant(award.getKey().task(), placement, market.spotWords());
        }
      }
    }
  }

  /** What comes of the market now; to be written down, and then {@link #traded}. */
  List<PoolEvent> trades() {
    Pool known = pool;
    Matcher by = matcher;
    long now = clock.millis();
    clearing = null;
    if (known == null || by == null) {
      return List.of();
    }
    var events = new ArrayList<>(market.ended(roster(), now));
    if (market.due(now)) {
      var bids = new LinkedHashMap<SpotClearing.Bid, List<Integer>>();
      var sold = market.awarded(now).keySet();
      for (Asked waits : asked.values()) {
        var request = waits.request();
        if (waits.capacity() == Policy.Capacity.SPOT
            && sold.stream().noneMatch(award -> award.task().equals(request.task()))) {
          bids.put(
              SpotClearing.Bid.of(request, waits.replicas().size()), List.copyOf(waits.replicas()));
        }
      }
      clearing = market.clear(bids, roster(), by, known.terms().clearingMillis(), now).orElse(null);
      Optional.ofNullable(clearing).ifPresent(spot -> events.add(spot.event()));
    }
    return events;
  }

  /** Carries out what has been written down. */
  void traded(PoolState state) {
    market.changed(state).forEach(this::refresh);
    PoolMarket.Spot cleared = clearing;
    clearing = null;
    if (cleared != null) {
      for (SpotClearing.Award award : cleared.outcome().awards()) {
        grant(award.bid().request().task(), award.placement(), market.spotWords());
      }
    }
    pump();
  }

  /** Opens the offers of slots to be bought ahead; refuses what cannot be had or paid. */
  List<Booking> book(PoolState state, PoolMessage.Reserve reserve, long availableNanoOpen) {
    long most = Ordering.ceiling(reserve);
    if (pool == null || availableNanoOpen < 0) {
      throw new ProblemException(
          Problem.UNAVAILABLE, "", pool == null ? "this pool is not open" : "the books are busy");
    }
    if (availableNanoOpen < most) {
      throw new ProblemException(
          Problem.INSUFFICIENT_BALANCE,
          "slotHourMaxNanoOpen",
          "it may cost %d nano-OPEN, %d are available".formatted(most, availableNanoOpen));
    }
    var sellers = new ArrayList<Ordering.Seller>();
    market
        .reservable(roster())
        .forEach(
            (node, slots) -> {
              long price = market.selling(node.id()).reservedNanoOpenPerSlotHour();
              sellers.add(new Ordering.Seller(node, slots, price));
            });
    return Ordering.award(reserve, sellers, state.market().holds());
  }

  MarketView marketView(int rounds) {
    Pool known = pool;
    List<MarketState.Round> all = market.state().rounds();
    Roster sellers = market.spotAtLeast(roster());
    var bids =
        asked.values().stream()
            .filter(waits -> waits.capacity() == Policy.Capacity.SPOT)
            .map(waits -> SpotClearing.Bid.of(waits.request(), waits.replicas().size()))
            .toList();
    return new MarketView(
        id,
        known == null ? "" : known.name(),
        known == null ? PoolTerms.CLEARING_MILLIS : known.terms().clearingMillis(),
        market.postedNanoOpen(),
        market.state().priceNanoOpen(),
        bids.stream().mapToInt(SpotClearing.Bid::count).sum(),
        bids.stream().mapToLong(SpotClearing.Bid::limitNanoOpen).max().orElse(-1),
        sellers.freeSlots(),
        sellers.nodes().stream()
            .filter(node -> node.offeredSlots() > 0)
            .mapToLong(Node::priceNanoOpenPerGigafuel)
            .min()
            .orElse(-1),
        market.reservable(roster()).values().stream().mapToInt(Integer::intValue).sum(),
        market.state().bookings().values().stream()
            .filter(MarketState.Booked::keeps)
            .mapToInt(each -> each.booking().slots())
            .sum(),
        all.subList(Math.max(0, all.size() - rounds), all.size()).reversed().stream()
            .map(MarketView::view)
            .toList(),
        market.state().bookings().values().stream().map(MarketView::view).toList());
  }

  /** Tells a job that still waits what it waits for, or that it waits in vain. */
  private void explain(TaskId task) {
    Asked entry = asked.get(task);
    Matcher by = matcher;
    if (entry == null || by == null) {
      return;
    }
    Placement placement = by.place(entry.request(), roster(), entry.replicas().size());
    String reason = placement.explanation().waiting();
    if (placement.hopeless()) {
      withdraw(task);
      entry.replyTo().tell(new JobMessage.Unplaceable(task, id, List.of(reason)));
    } else {
      var lines = new ArrayList<String>();
      // With nodes enough it is something else that holds it up, and the queue knows what.
      if (queue == null || placement.explanation().missing() > 0 || !queue.isHeldBack(task)) {
        lines.add(reason);
      }
      if (queue != null) {
        lines.addAll(queue.outlook(task, clock.millis()));
      }
      entry.replyTo().tell(new JobMessage.Queued(task, id, List.copyOf(lines)));
    }
  }

  private void take(Held held) {
    Grant grant = held.grant();
    leases.put(grant.replica(), held);
    leased.merge(grant.node(), 1, Integer::sum);
    market.took(grant, held.tenant());
    refresh(grant.node());
  }

  private void ended(TaskId task, NodeId node, PoolQueue.End end) {
    if (queue != null) {
      queue.ended(task, node, end, clock.millis());
    }
  }

  private void free(ReplicaId replica, PoolQueue.End end) {
    Held held = leases.remove(replica);
    if (held != null) {
      Grant grant = held.grant();
      ended(replica.task(), grant.node(), end);
      watch.ended(replica, end, clock.millis());
      leased.computeIfPresent(grant.node(), (_, count) -> count > 1 ? count - 1 : null);
      market.freed(grant, held.tenant());
      refresh(grant.node());
    }
  }

  /** The nodes that may work. */
  private Roster roster() {
    return members.admitted();
  }

  private void refresh(NodeId id) {
    members.find(id).ifPresent(node -> members = members.with(accepting(node, node.accepting())));
  }

  private void list(NodeOffer offer, boolean accepting) {
    if (Zones.of(offer.traits().labels()).isEmpty()) {
      offers.remove(offer.node());
    } else {
      offers.put(offer.node(), offer);
    }
    members = members.with(node(offer, accepting));
  }

  private Node node(NodeOffer offer, boolean accepting) {
    Reputation reputation = reputation(offer.node());
    return new Node(
        offer.node(),
        offer.owner(),
        id,
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
        offer.asks());
  }

  /** The node as it stands now: its leases and its reputation may have changed. */
  private Node accepting(Node node, boolean accepting) {
    Reputation reputation = reputation(node.id());
    return node.standing(
        free(node.id(), node.slots()), reputation.score(), reputation.accepted(), accepting);
  }

  private int free(NodeId node, int slots) {
    return Math.max(0, slots - leased.getOrDefault(node, 0) - market.withheld(node));
  }

  private Reputation reputation(NodeId node) {
    return reputations.getOrDefault(node, Reputation.NEW);
  }
}
