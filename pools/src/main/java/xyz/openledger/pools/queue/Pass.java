package xyz.openledger.pools.queue;

import java.util.ArrayList;
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
  private final PoolQueue queue;
  private final Matcher matcher;
  private final long nowMillis;
  private final FairShare.Capacity capacity;
  private final Map<TenantId, TreeMap<Waiting, Lane>> heads = new TreeMap<>();
  private final Map<TenantId, Long> shares = new TreeMap<>();
  private final Set<Lane.Fit> failed = new HashSet<>();
  private final Set<Lane.Fit> fitless = new HashSet<>();
  private final List<PoolQueue.Grant> grants = new ArrayList<>();
  private final boolean prefers;
  private Roster roster;
  private int free;
  private @Nullable Reservation reservation;

  Pass(PoolQueue queue, Matcher matcher, Roster roster, long nowMillis) {
    this.queue = queue;
    this.matcher = matcher;
    this.roster = roster;
    this.nowMillis = nowMillis;
    this.free = roster.freeSlots();
    this.capacity = new FairShare.Capacity(roster.slots(), roster.memoryBytes());
    this.prefers = roster.terms().stream().anyMatch(terms -> !terms.prefer().isEmpty());
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

  /** The lane whose first task has the earliest rank. */
  private Lane poll() {
    long most = Math.max(1, shares.values().stream().mapToLong(Long::longValue).max().orElse(1));
    TenantId next = null;
    long earliest = Long.MAX_VALUE;
    long sequence = Long.MAX_VALUE;
    for (var tenant : heads.entrySet()) {
      Waiting first = tenant.getValue().firstKey();
      long rank = first.place + behind(tenant.getKey(), most);
      if (next == null || rank < earliest || (rank == earliest && first.sequence < sequence)) {
        next = tenant.getKey();
        earliest = rank;
        sequence = first.sequence;
      }
    }
    TenantId turn = Objects.requireNonNull(next);
    Waiting first = Objects.requireNonNull(heads.get(turn)).firstKey();
    Node chooser = prefers ? Favour.chooser(roster) : null;
    if (chooser == null || first.scheduling().gang()) {
      return take(turn, first);
    }
    var best = Favour.best(chooser, new Favour.Candidate(turn, first, earliest), candidates(most));
    return take(best.tenant(), best.waiting());
  }

  private List<Favour.Candidate> candidates(long most) {
    var candidates = new ArrayList<Favour.Candidate>();
    heads.forEach(
        (tenant, lanes) -> {
          long behind = behind(tenant, most);
          lanes.keySet().stream()
              .limit(Favour.LOOKED_AT_MAX)
              .forEach(
                  waiting ->
                      candidates.add(
                          new Favour.Candidate(tenant, waiting, waiting.place + behind)));
        });
    return candidates;
  }

  private long behind(TenantId tenant, long most) {
    return queue.terms.fairMillis() * shares.getOrDefault(tenant, 0L) / most;
  }

  private Lane take(TenantId tenant, Waiting waiting) {
    TreeMap<Waiting, Lane> lanes = Objects.requireNonNull(heads.get(tenant));
    Lane lane = Objects.requireNonNull(lanes.remove(waiting));
    if (lanes.isEmpty()) {
      heads.remove(tenant);
    }
    return lane;
  }

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
        matcher.place(waiting.entry.request(), seen, Math.min(allowed, waiting.slots()));
    waiting.explanation = placement.explanation();
    waiting.obstacle = "";
    if (placement.chosen().isEmpty()) {
      failed.add(lane.fit());
      if (seen == roster) {
        // Nothing was kept from it, so nothing but another node can help it.
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
