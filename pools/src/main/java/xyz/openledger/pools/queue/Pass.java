package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.TenantId;

/** One round of giving free slots to those who wait. */
final class Pass {
  /** How many tasks one choice looks at. */
  private static final int LOOKED_AT_MAX = 24;

  /** How many nodes all choices of a round look at: less than a tenth of a second's work. */
  private static final int LOOKS_MAX = 1 << 17;

  private final PoolQueue queue;
  private final Matcher matcher;
  private final long nowMillis;
  private final FairShare.Capacity capacity;
  private final Map<TenantId, TreeMap<Waiting, Lane>> heads = new TreeMap<>();
  private final Map<TenantId, Long> shares = new TreeMap<>();
  private final Set<Lane.Fit> failed = new HashSet<>();
  private final Set<Lane.Fit> fitless = new HashSet<>();
  private final List<PoolQueue.Grant> grants = new ArrayList<>();
  private Roster roster;
  private int free;
  private @Nullable Reservation reservation;
  private int looks;

  Pass(PoolQueue queue, Matcher matcher, Roster roster, long nowMillis) {
    this.queue = queue;
    this.matcher = matcher;
    this.roster = roster;
    this.nowMillis = nowMillis;
    this.free = roster.freeSlots();
    this.capacity = new FairShare.Capacity(roster.slots(), roster.memoryBytes());
  }

  /**
   * Tries lane by lane.
   *
   * @param triedBefore lanes that were tried in vain in the rounds before and whose turn is not yet
   *     again; changed to what holds after this round
   */
  List<PoolQueue.Grant> run(Set<Lane> triedBefore) {
    queue.line.wake(roster);
    if (free > 0 && !queue.line.ready().isEmpty()) {
      for (TenantId tenant : queue.line.tenants()) {
        shares.put(tenant, share(tenant));
      }
      for (Lane lane : queue.line.ready()) {
        if (!triedBefore.contains(lane)) {
          add(lane);
        }
      }
    }
    int tried = 0;
    while (free > 0 && !heads.isEmpty() && tried < PoolQueue.LANES_TRIED_MAX) {
      Lane lane = poll();
      triedBefore.add(lane);
      tried += lane.gang() == null ? one(lane) : gang(lane);
    }
    if (free == 0 || heads.isEmpty()) {
      triedBefore.clear();
    }
    return grants;
  }

  private void add(Lane lane) {
    heads
        .computeIfAbsent(lane.tenant(), _ -> new TreeMap<>(Waiting.BY_PLACE))
        .put(queue.line.first(lane), lane);
    shares.computeIfAbsent(lane.tenant(), this::share);
  }

  private long share(TenantId tenant) {
    return queue.shares.of(tenant, capacity, nowMillis) / queue.terms.quotas().weight(tenant);
  }

  /**
   * The lane whose turn it is: that of the earliest rank, or of those whose ranks are close to it
   * the one that the only node with room likes best, or else to which the free slots are worth
   * most. So whoever waits for a clean or a cheap node is served when one is free, and those who do
   * not mind take the others.
   */
  private Lane poll() {
    List<Ranked> liked = liked(close());
    List<Ranked> looked = liked.subList(0, Math.min(LOOKED_AT_MAX, liked.size()));
    Ranked next = looked.getFirst();
    if (looked.size() > 1 && canLook(looked.size())) {
      int most = worth(next);
      for (Ranked other : looked.subList(1, looked.size())) {
        int worth = worth(other);
        if (worth > most) {
          next = other;
          most = worth;
        }
      }
    }
    TenantId tenant = next.first.scheduling().tenant();
    TreeMap<Waiting, Lane> lanes = Objects.requireNonNull(heads.get(tenant));
    Lane lane = Objects.requireNonNull(lanes.remove(next.first));
    if (lanes.isEmpty()) {
      heads.remove(tenant);
    }
    return lane;
  }

  record Ranked(Waiting first, Lane lane, long rank) {
    static final Comparator<Ranked> IN_ORDER =
        Comparator.comparingLong(Ranked::rank).thenComparingLong(it -> it.first.sequence);
  }

  /** Those whom the only node with room likes best, where it says; all where it does not. */
  private List<Ranked> liked(List<Ranked> close) {
    Node chooser = close.size() == 1 ? null : Favour.chooser(roster);
    return chooser == null ? close : Favour.liked(chooser, close);
  }

  /** Whether so many tasks may look at all nodes yet; if not, ranks decide for this round. */
  private boolean canLook(int heads) {
    if (queue.terms.choiceMillis() == 0 || roster.size() > Matcher.WORTH_NODES_MAX) {
      return false;
    }
    looks += heads * roster.size();
    return looks <= LOOKS_MAX;
  }

  private int worth(Ranked head) {
    return failed.contains(head.lane.fit())
        ? 0
        : matcher.worth(head.first.entry.request(), priced(head.first, seen(head.first)));
  }

  /**
   * The first heads, the earliest in front: those after it are of no lower priority and not much
   * later. Nobody chooses around a gang, or while slots are kept for one.
   */
  private List<Ranked> close() {
    List<Ranked> ranked = ranked();
    Ranked first = ranked.getFirst();
    if (first.lane.gang() != null || reservation != null) {
      return ranked.subList(0, 1);
    }
    long window = Math.max(queue.terms.choiceMillis(), Favour.WINDOW_MILLIS);
    var close = new ArrayList<Ranked>(List.of(first));
    for (Ranked other : ranked.subList(1, ranked.size())) {
      if (close.size() == Favour.LOOKED_AT_MAX
          || other.lane.gang() != null
          || other.rank > first.rank + window) {
        break;
      }
      if (other.first.scheduling().priority() >= first.first.scheduling().priority()) {
        close.add(other);
      }
    }
    return close;
  }

  private List<Ranked> ranked() {
    long most = Math.max(1, shares.values().stream().mapToLong(Long::longValue).max().orElse(1));
    var ranked = new ArrayList<Ranked>();
    for (var tenant : heads.entrySet()) {
      long behind = queue.terms.fairMillis() * shares.getOrDefault(tenant.getKey(), 0L) / most;
      int looked = 0;
      for (var head : tenant.getValue().entrySet()) {
        ranked.add(new Ranked(head.getKey(), head.getValue(), head.getKey().place + behind));
        if (++looked == Favour.LOOKED_AT_MAX) {
          break;
        }
      }
    }
    ranked.sort(Ranked.IN_ORDER);
    return ranked;
  }

  @SuppressWarnings("ReferenceEquality") // whether anything was kept from the task
  private int one(Lane lane) {
    if (failed.contains(lane.fit())) {
      if (fitless.contains(lane.fit())) {
        queue.line.park(lane);
      }
      return 0;
    }
    Waiting waiting = queue.line.first(lane);
    int allowed = allowed(waiting, waiting.slots());
    if (allowed == 0) {
      return 0;
    }
    Roster seen = seen(waiting);
    Placement placement =
        matcher.place(
            waiting.entry.request(), priced(waiting, seen), Math.min(allowed, waiting.slots()));
    waiting.explanation = placement.explanation();
    waiting.obstacle = "";
    if (placement.chosen().isEmpty()) {
      failed.add(lane.fit());
      if (seen == roster && waiting.entry.request().farFrom().isEmpty()) {
        // Nothing was kept from it, so nothing but another node can help it. What must be far from
        // a node may also be helped by that node's leaving.
        fitless.add(lane.fit());
        queue.line.park(lane);
      }
      waiting.obstacle = reservation == null ? "" : "free slots are kept for a gang before it";
    } else {
      grant(waiting, placement);
      if (queue.line.has(lane)) {
        add(lane);
      }
    }
    return 1;
  }

  private int gang(Lane lane) {
    List<Waiting> members = queue.line.all(lane);
    Waiting first = members.getFirst();
    if (members.size() < first.scheduling().gangTasks()) {
      say(
          members,
          "waits for the rest of its gang: %d of %d tasks are here"
              .formatted(members.size(), first.scheduling().gangTasks()));
      return 0;
    }
    int slots = members.stream().mapToInt(Waiting::slots).sum();
    if (allowed(first, slots) < slots) {
      say(members, first.obstacle);
      return 0;
    }
    List<PoolQueue.Entry> entries = members.stream().map(member -> member.entry).toList();
    Roster seen = seen(first);
    Together together = Together.of(matcher, seen, entries);
    for (int i = 0; i < together.placements().size(); i++) {
      members.get(i).explanation = together.placements().get(i).explanation();
    }
    if (together.complete()) {
      for (int i = 0; i < members.size(); i++) {
        grant(members.get(i), together.placements().get(i));
      }
    } else {
      if (reservation == null) {
        reservation = Reservation.of(matcher, seen, entries, queue.running.byEnd()).orElse(null);
      }
      say(
          members,
          "its gang needs %d slots at once; %d are free in the pool".formatted(slots, free));
    }
    return members.size();
  }

  private static void say(List<Waiting> members, String obstacle) {
    members.forEach(member -> member.obstacle = obstacle);
  }

  /** How many slots the tenant's quota allows of those it asks for. */
  private int allowed(Waiting waiting, int slots) {
    Map<TenantId, Integer> used = queue.running.underQuotas(queue.shares.slots());
    for (int wanted = slots; wanted > 0; wanted--) {
      switch (queue.terms.quotas().ask(waiting.scheduling().tenant(), wanted, used)) {
        case Quotas.Answer.Within _ -> {
          return wanted;
        }
        case Quotas.Answer.Over(var reason) -> waiting.obstacle = reason;
      }
    }
    return 0;
  }

  /** The nodes as that task may see them. */
  private Roster seen(Waiting waiting) {
    Roster known =
        queue.breakers.limit(roster, WorkloadClass.of(waiting.entry.request()), nowMillis);
    return reservation == null
        ? known
        : reservation.limit(known, waiting.entry.request(), nowMillis);
  }

  /** At what the nodes ask for such work. */
  private static Roster priced(Waiting waiting, Roster seen) {
    return seen.inClass(ResourceClass.of(waiting.entry.request()));
  }

  private void grant(Waiting waiting, Placement placement) {
    grants.add(new PoolQueue.Grant(waiting.entry, placement));
    queue.granted(waiting, placement, nowMillis);
    free -= placement.chosen().size();
    roster = PoolQueue.without(placement.chosen(), roster);
    if (reservation != null) {
      reservation = reservation.after(placement.chosen(), waiting.entry.request(), nowMillis);
    }
    shares.put(waiting.scheduling().tenant(), share(waiting.scheduling().tenant()));
  }
}
