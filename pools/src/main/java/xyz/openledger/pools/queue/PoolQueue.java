package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.pools.Explanation;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/**
 * Tasks that wait for slots, in the order of their rank ({@link QueueTerms}): but one that fits no
 * free slot lets those behind it pass. Deterministic; time comes in as a number. Not thread-safe.
 *
 * <p>Tasks of one tenant that fit the same nodes stand in one lane, so when slots free up, each
 * lane is tried by its first task alone. A gang is a lane of its own: all its tasks start in one
 * pass or none does; while one is blocked, those behind it are given only what they return in time.
 *
 * <pre>
 *   lane ada, eu, ≤ 64 MiB   ─ 1 ─ 4 ─ 5      1 fits no free slot: the lane waits
 *   lane bob, any, ≤ 1 GiB   ─ 2 ─ 3 ─ 6      2 is next, then 3
 *   gang of ada              ─ 7, 8, 9        together, or not yet
 * </pre>
 */
public final class PoolQueue {
  /** How many tasks one call of {@link #next} tries; the next call goes on behind them. */
  static final int LANES_TRIED_MAX = 256;

  QueueTerms terms;
  final Line line = new Line();
  final FairShare shares;
  final Breakers breakers = new Breakers();
  final Running running = new Running();

  private final Matcher matcher;
  private final int max;
  private final Pace pace = new Pace();
  private final Forecast forecast = new Forecast();
  private final Backlog backlog = new Backlog();
  private final Set<Lane> triedBefore = new HashSet<>();
  private long arrived;

  /** An empty queue under a pool's terms. */
  public PoolQueue(Matcher matcher, PoolTerms pool, QueueTerms terms) {
    this.matcher = matcher;
    this.terms = terms;
    this.max = pool.queueMax();
    this.shares = new FairShare(terms.halfLifeMillis());
  }

  /**
   * A task and how many replicas it needs.
   *
   * @param deadlineMillis when it stops waiting, by the clock of the caller
   */
  public record Entry(Request request, int count, long deadlineMillis) {
    private Entry rest(Request rest, Placement placement) {
      return new Entry(rest, count - placement.chosen().size(), deadlineMillis);
    }
  }

  /** What became of an offer. */
  public sealed interface Admission {
    /** It waits; so many tasks do, this one among them. */
    record Queued(int waiting) implements Admission {}

    /** The queue is full. After that time, at its recent pace, half of it will have drained. */
    record Refused(long retryAfterMillis) implements Admission {}
  }

  /** Nodes for a task: as many as fit now, in the order of the draw. */
  public record Grant(Entry entry, Placement placement) {}

  /** How a lease ended. */
  public enum End {
    /** The node brought what it was asked. */
    BROUGHT,
    /** The node lost it. */
    LOST,
    /** It was called back, or nothing is known. */
    CALLED_BACK
  }

  /** Holds to these quotas from now on; what runs goes on running. */
  public void limit(Quotas quotas) {
    terms = terms.with(quotas);
  }

  /**
   * Lets a task wait. A task that waits already keeps its place and is asked for anew: the last
   * offer counts.
   */
  public Admission offer(Entry entry, long nowMillis) {
    Waiting known = line.find(entry.request().task());
    if (known == null && line.size() >= max) {
      return new Admission.Refused(pace.millisFor(max / 2));
    }
    int priority = entry.request().scheduling().priority();
    if (known != null && known.scheduling().priority() == priority) {
      line.remove(known);
      backlog.changed(priority, entry.count() - known.slots());
      line.add(known.asking(entry, terms.place(known.sinceMillis, entry.request().scheduling())));
    } else {
      long since = known == null ? nowMillis : known.sinceMillis;
      long sequence = known == null ? arrived++ : known.sequence;
      cancel(entry.request().task());
      var waiting =
          new Waiting(sequence, since, terms.place(since, entry.request().scheduling()), entry);
      waiting.ticket = backlog.came(priority, entry.count());
      line.add(waiting);
    }
    return new Admission.Queued(line.size());
  }

  /** Takes a task out; whether it was there. */
  public boolean cancel(TaskId task) {
    Waiting waiting = line.find(task);
    if (waiting != null) {
      remove(waiting);
    }
    return waiting != null;
  }

  /** Takes out and answers the tasks whose deadline has come, earliest first. */
  public List<Entry> expire(long nowMillis) {
    var expired = new ArrayList<Entry>();
    for (Waiting due = line.due(nowMillis); due != null; due = line.due(nowMillis)) {
      remove(due);
      learn(due, nowMillis);
      expired.add(due.entry);
    }
    return expired;
  }

  /**
   * Gives free slots to those who wait. A task that gets fewer nodes than it needs keeps its place
   * for the rest, unless it is of a gang. The caller leases what is granted: the roster it brings
   * next time shows those slots as taken; and it says with {@link #ended} when a lease is over.
   */
  public List<Grant> next(Roster roster, long nowMillis) {
    if (line.speaking(roster.spokenOf())) {
      triedBefore.clear();
    }
    List<Grant> grants = new Pass(this, matcher, roster, nowMillis).run(triedBefore);
    int slots = grants.stream().mapToInt(grant -> grant.placement().chosen().size()).sum();
    forecast.gave(slots, nowMillis);
    if (line.size() == 0) {
      forecast.idle();
    } else {
      forecast.busy(nowMillis);
    }
    pace.saw(grants.size(), nowMillis);
    return grants;
  }

  /**
   * A lease that this queue did not give: it was given before, or bought on the market.
   *
   * @param bought on the market: the slot counts in the shares, not in quotas
   */
  public void runs(
      TenantId tenant,
      TaskId task,
      NodeId node,
      long memoryBytes,
      WorkloadClass workload,
      long endsAtMillis,
      boolean bought,
      long nowMillis) {
    began(
        new Running.Lease(
            new Running.Key(task, node), tenant, memoryBytes, workload, endsAtMillis, bought),
        nowMillis);
  }

  /** A lease is over. */
  public void ended(TaskId task, NodeId node, End end, long nowMillis) {
    for (Running.Lease lease : running.remove(new Running.Key(task, node))) {
      shares.ended(lease.tenant(), lease.memoryBytes(), nowMillis);
      switch (end) {
        case BROUGHT -> breakers.brought(node, lease.workload());
        case LOST -> breakers.lost(node, lease.workload(), nowMillis);
        case CALLED_BACK -> breakers.ended(node, lease.workload());
      }
    }
  }

  /** Why a task waits, as of the last time it was tried; empty if it never was. */
  public Optional<Explanation> explain(TaskId task) {
    return Optional.ofNullable(line.find(task)).map(waiting -> waiting.explanation);
  }

  /** How long a task will yet wait; empty before the pace of the queue is known. */
  public Optional<Forecast.Eta> eta(TaskId task, long nowMillis) {
    Waiting waiting = line.find(task);
    Forecast.Eta eta = waiting == null ? null : forecast.of(backlog.ahead(waiting));
    if (waiting != null && eta != null && waiting.told == null) {
      waiting.told = eta;
      waiting.toldAtMillis = nowMillis;
    }
    return Optional.ofNullable(eta);
  }

  /**
   * How long a task that came now would wait for so many slots; empty before the pace is known, and
   * where nobody waits.
   */
  public Optional<Forecast.Eta> newcomer(int priority, int slots) {
    return line.size() == 0
        ? Optional.empty()
        : Optional.ofNullable(forecast.of(backlog.wanted(priority) + slots));
  }

  /** What else there is to say of a task that waits: what holds it up, its place, how long yet. */
  public List<String> outlook(TaskId task, long nowMillis) {
    Waiting waiting = line.find(task);
    if (waiting == null) {
      return List.of();
    }
    var lines = new ArrayList<String>();
    if (!waiting.obstacle.isEmpty()) {
      lines.add(waiting.obstacle);
    }
    lines.add(
        "priority %d of tenant %s; slots wanted before it: about %d%s"
            .formatted(
                waiting.scheduling().priority(),
                waiting.scheduling().tenant(),
                Math.max(0, backlog.ahead(waiting) - waiting.slots()),
                expected(waiting, nowMillis)));
    if (!waiting.scheduling().note().isEmpty()) {
      lines.add(waiting.scheduling().note());
    }
    return List.copyOf(lines);
  }

  /** When it is expected; nobody knows when a quota that is used up has room again. */
  private String expected(Waiting waiting, long nowMillis) {
    return overQuota(waiting.scheduling().tenant()).isPresent()
        ? "; nobody knows how long its quota holds it back"
        : eta(waiting.entry.request().task(), nowMillis)
            .map(eta -> "; expected " + eta.words())
            .orElse("");
  }

  /**
   * Those that wait alone and longest within their quotas, the longest first: what {@link
   * Preempting} looks at.
   */
  public List<Preempting.Wants> urgent(long waitMillis, long nowMillis) {
    var used = running.underQuotas(shares.slots());
    return line.longest(nowMillis - waitMillis, Preempting.LOOKED_AT_MAX).stream()
        .filter(waiting -> overQuota(waiting.scheduling().tenant()).isEmpty())
        .map(
            waiting ->
                new Preempting.Wants(
                    waiting.entry.request(),
                    waiting.slots(),
                    nowMillis - waiting.sinceMillis,
                    terms.quotas().guarantees(waiting.scheduling().tenant(), used)))
        .toList();
  }

  /** How many slots a tenant uses beyond what is guaranteed to it. */
  public int beyondGuarantee(TenantId tenant) {
    return terms.quotas().beyond(tenant, running.underQuotas(shares.slots()));
  }

  /** Whether a tenant has a quota of its own and uses more. */
  public boolean borrows(TenantId tenant) {
    return terms.quotas().named().containsKey(tenant) && beyondGuarantee(tenant) > 0;
  }

  /** The most slots that a tenant may ever use at once. */
  public int slotsMax(TenantId tenant) {
    return terms.quotas().most(tenant);
  }

  /** Why a tenant may not use one more slot now; empty if its quota lets it. */
  public Optional<String> overQuota(TenantId tenant) {
    var used = running.underQuotas(shares.slots());
    return terms.quotas().ask(tenant, 1, used) instanceof Quotas.Answer.Over(var reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /** Whether something beside the nodes kept a task from its slots when it was tried last. */
  public boolean isHeldBack(TaskId task) {
    Waiting waiting = line.find(task);
    return waiting != null && !waiting.obstacle.isEmpty();
  }

  /** How many tasks wait. */
  public int size() {
    return line.size();
  }

  /** Lanes that are not tried before a node comes that could serve them. */
  int parked() {
    return line.parked();
  }

  /** How a node stands with a class of work. */
  public Breakers.State breaker(NodeId node, WorkloadClass workload, long nowMillis) {
    return breakers.state(node, workload, nowMillis);
  }

  /** The nodes with fewer slots free where those were chosen. */
  static Roster without(List<Node> chosen, Roster roster) {
    for (Node node : chosen) {
      Node now = roster.find(node.id()).orElse(node);
      roster = roster.with(now.withFreeSlots(Math.max(0, now.freeSlots() - 1)));
    }
    return roster;
  }

  /** A task got these nodes; if they are fewer than it needs, it keeps its place for the rest. */
  void granted(Waiting waiting, Placement placement, long nowMillis) {
    Request request = waiting.entry.request();
    line.remove(waiting);
    backlog.went(request.scheduling().priority(), placement.chosen().size());
    Request rest = request;
    for (Node node : placement.chosen()) {
      began(
          new Running.Lease(
              new Running.Key(request.task(), node.id()),
              request.scheduling().tenant(),
              request.memoryMaxBytes(),
              WorkloadClass.of(request),
              nowMillis + Reservation.millis(node, request),
              false),
          nowMillis);
      rest = rest.after(node);
    }
    if (placement.chosen().size() < waiting.slots()) {
      line.add(waiting.asking(waiting.entry.rest(rest, placement), waiting.place));
    } else {
      learn(waiting, nowMillis);
    }
  }

  private void began(Running.Lease lease, long nowMillis) {
    running
        .put(lease)
        .forEach(
            before -> {
              shares.ended(before.tenant(), before.memoryBytes(), nowMillis);
              breakers.ended(before.key().node(), before.workload());
            });
    shares.began(lease.tenant(), lease.memoryBytes(), nowMillis);
    breakers.began(lease.key().node(), lease.workload());
  }

  private void remove(Waiting waiting) {
    line.remove(waiting);
    backlog.went(waiting.scheduling().priority(), waiting.slots());
    if (line.size() == 0) {
      forecast.idle();
    }
  }

  private void learn(Waiting waiting, long nowMillis) {
    Forecast.Eta told = waiting.told;
    if (told != null) {
      forecast.learned(told, nowMillis - waiting.toldAtMillis);
    }
  }
}
