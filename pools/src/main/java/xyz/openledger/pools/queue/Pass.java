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
import xyz.openledger.protocol.TenantId;

/** One round of giving free slots to those who wait. */
final class Pass {
  /** How many tasks one choice looks at. */
  private static final int LOOKED_AT_MAX = 24;

  private final PoolQueue queue;
  private final Matcher matcher;
  private final long nowMillis;
  private final FairShare.Capacity capacity;
  private final Map<TenantId, TreeMap<Waiting, Lane>> heads = new TreeMap<>();
  private final Map<TenantId, Long> shares = new TreeMap<>();
  private final Set<Lane.Fit> failed = new HashSet<>();
  private final List<PoolQueue.Grant> grants = new ArrayList<>();
  private Roster roster;
  private int free;
  private @Nullable Reservation reservation;

  Pass(PoolQueue queue, Matcher matcher, Roster roster, long nowMillis) {
    this.queue = queue;
    this.matcher = matcher;
    this.roster = roster;
    this.nowMillis = nowMillis;
    this.free = roster.freeSlots();
    this.capacity = capacity(roster);
  }

  /**
   * Tries lane by lane.
   *
   * @param triedBefore lanes that were tried in vain in the rounds before and whose turn is not yet
   *     again; changed to what holds after this round
   */
  List<PoolQueue.Grant> run(Set<Lane> triedBefore) {
    if (free > 0) {
      for (Lane lane : queue.line.lanes()) {
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

  private static FairShare.Capacity capacity(Roster roster) {
    long slots = 0;
    long memory = 0;
    for (Node node : roster.nodes()) {
      slots += node.slots();
      memory += node.slots() * node.memoryMaxBytesPerSlot();
    }
    return new FairShare.Capacity(slots, memory);
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
   * the one to which the free slots are worth most. So whoever waits for a clean or a cheap node is
   * served when one is free, and those who do not mind take the others.
   */
  private Lane poll() {
    List<Ranked> close = close();
    Ranked next = close.getFirst();
    int most = close.size() == 1 ? 0 : worth(next);
    for (Ranked other : close.subList(1, close.size())) {
      int worth = worth(other);
      if (worth > most) {
        next = other;
        most = worth;
      }
    }
    TreeMap<Waiting, Lane> lanes =
        Objects.requireNonNull(heads.get(next.first.scheduling().tenant()));
    Lane lane = Objects.requireNonNull(lanes.remove(next.first));
    if (lanes.isEmpty()) {
      heads.remove(next.first.scheduling().tenant());
    }
    return lane;
  }

  private record Ranked(Waiting first, Lane lane, long rank) {
    static final Comparator<Ranked> IN_ORDER =
        Comparator.comparingLong(Ranked::rank).thenComparingLong(it -> it.first.sequence);
  }

  private int worth(Ranked head) {
    return failed.contains(head.lane.fit())
        ? 0
        : matcher.worth(head.first.entry.request(), seen(head.first));
  }

  /**
   * The first heads, the earliest in front: those after it are of no lower priority and not much
   * later. Nobody chooses around a gang, or while slots are kept for one.
   */
  private List<Ranked> close() {
    long most = Math.max(1, shares.values().stream().mapToLong(Long::longValue).max().orElse(1));
    var ranked = new ArrayList<Ranked>();
    for (var tenant : heads.entrySet()) {
      long behind = queue.terms.fairMillis() * shares.getOrDefault(tenant.getKey(), 0L) / most;
      int looked = 0;
      for (var head : tenant.getValue().entrySet()) {
        ranked.add(new Ranked(head.getKey(), head.getValue(), head.getKey().place + behind));
        if (++looked == LOOKED_AT_MAX) {
          break;
        }
      }
    }
    ranked.sort(Ranked.IN_ORDER);
    Ranked first = ranked.getFirst();
    if (first.lane.gang() != null || reservation != null || queue.terms.choiceMillis() == 0) {
      return ranked.subList(0, 1);
    }
    var close = new ArrayList<Ranked>(List.of(first));
    for (Ranked other : ranked.subList(1, ranked.size())) {
      if (close.size() == LOOKED_AT_MAX
          || other.lane.gang() != null
          || other.rank > first.rank + queue.terms.choiceMillis()) {
        break;
      }
      if (other.first.scheduling().priority() >= first.first.scheduling().priority()) {
        close.add(other);
      }
    }
    return close;
  }

  private int one(Lane lane) {
    if (failed.contains(lane.fit())) {
      return 0;
    }
    Waiting waiting = queue.line.first(lane);
    int allowed = allowed(waiting, waiting.slots());
    if (allowed == 0) {
      return 0;
    }
    Placement placement =
        matcher.place(waiting.entry.request(), seen(waiting), Math.min(allowed, waiting.slots()));
    waiting.explanation = placement.explanation();
    waiting.obstacle = "";
    if (placement.chosen().isEmpty()) {
      failed.add(lane.fit());
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
    Map<TenantId, Integer> used = queue.shares.slots();
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
