package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/**
 * Tasks that wait for slots, first come, first served: but one that fits no free slot lets those
 * behind it pass. Deterministic; time comes in as a number. Not thread-safe.
 *
 * <p>Tasks that fit the same nodes stand in one lane, so when slots free up, each lane is tried by
 * its first task alone.
 *
 * <pre>
 *   lane eu, ≤ 64 MiB   ─ 1 ─ 4 ─ 5      1 fits no free slot: the lane waits
 *   lane any, ≤ 1 GiB   ─ 2 ─ 3 ─ 6      2 is next, then 3
 * </pre>
 */
public final class PoolQueue {
  /** How many lanes one call of {@link #next} tries; the next call goes on behind them. */
  static final int LANES_TRIED_MAX = 256;

  private static final long FROM_THE_START = -1;

  private static final Comparator<Waiting> BY_DEADLINE =
      Comparator.comparingLong((Waiting waiting) -> waiting.entry.deadlineMillis())
          .thenComparingLong(waiting -> waiting.sequence);

  private final Matcher matcher;
  private final int max;
  private final Pace pace = new Pace();
  private final Map<TaskId, Waiting> byTask = new HashMap<>();
  private final NavigableSet<Waiting> byDeadline = new TreeSet<>(BY_DEADLINE);
  private final Map<Lane, NavigableMap<Long, Waiting>> lanes = new HashMap<>();
  private long arrived;
  private long triedLast = FROM_THE_START;

  /** An empty queue under a pool's terms. */
  public PoolQueue(Matcher matcher, PoolTerms terms) {
    this.matcher = matcher;
    this.max = terms.queueMax();
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

  /**
   * Lets a task wait. A task that waits already keeps its place and is asked for anew: the last
   * offer counts.
   */
  public Admission offer(Entry entry) {
    Waiting known = byTask.get(entry.request().task());
    if (known == null && byTask.size() >= max) {
      return new Admission.Refused(pace.millisFor(max / 2));
    }
    long sequence = known == null ? arrived++ : known.sequence;
    cancel(entry.request().task());
    add(new Waiting(sequence, entry));
    return new Admission.Queued(byTask.size());
  }

  /** Takes a task out; whether it was there. */
  public boolean cancel(TaskId task) {
    Waiting waiting = byTask.get(task);
    if (waiting != null) {
      remove(waiting);
    }
    return waiting != null;
  }

  /** Takes out and answers the tasks whose deadline has come, earliest first. */
  public List<Entry> expire(long nowMillis) {
    var expired = new ArrayList<Entry>();
    while (!byDeadline.isEmpty() && byDeadline.first().entry.deadlineMillis() <= nowMillis) {
      Waiting waiting = byDeadline.first();
      remove(waiting);
      expired.add(waiting.entry);
    }
    return expired;
  }

  /**
   * Gives free slots to those who wait. A task that gets fewer nodes than it needs keeps its place
   * for the rest. The caller leases what is granted: the roster it brings next time shows those
   * slots as taken.
   */
  public List<Grant> next(Roster roster, long nowMillis) {
    var grants = new ArrayList<Grant>();
    int free = roster.freeSlots();
    NavigableMap<Long, Lane> heads = free > 0 ? heads() : new TreeMap<>();
    for (int tried = 0; tried < LANES_TRIED_MAX && free > 0 && !heads.isEmpty(); tried++) {
      var head = heads.higherEntry(triedLast);
      head = head == null ? heads.firstEntry() : head;
      heads.remove(head.getKey());
      triedLast = head.getKey();
      Lane lane = head.getValue();
      Waiting waiting = first(lane);
      Placement placement = matcher.place(waiting.entry.request(), roster, waiting.entry.count());
      waiting.explanation = placement.explanation();
      if (!placement.chosen().isEmpty()) {
        grants.add(new Grant(waiting.entry, placement));
        free -= placement.chosen().size();
        roster = without(placement.chosen(), roster);
        keepRest(waiting, placement);
        if (lanes.containsKey(lane)) {
          heads.put(first(lane).sequence, lane);
        }
      }
    }
    triedLast = heads.isEmpty() || free == 0 ? FROM_THE_START : triedLast;
    pace.saw(grants.size(), nowMillis);
    return grants;
  }

  /** Why a task waits, as of the last time it was tried; empty if it never was. */
  public Optional<Explanation> explain(TaskId task) {
    return Optional.ofNullable(byTask.get(task)).map(waiting -> waiting.explanation);
  }

  /** How many tasks wait. */
  public int size() {
    return byTask.size();
  }

  /** The lanes by the place of their first task. */
  private NavigableMap<Long, Lane> heads() {
    var heads = new TreeMap<Long, Lane>();
    lanes.keySet().forEach(lane -> heads.put(first(lane).sequence, lane));
    return heads;
  }

  private Waiting first(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane), "a lane is there while a task waits in it")
        .firstEntry()
        .getValue();
  }

  private static Roster without(List<Node> chosen, Roster roster) {
    for (Node node : chosen) {
      roster = roster.with(node.withFreeSlots(node.freeSlots() - 1));
    }
    return roster;
  }

  private void keepRest(Waiting waiting, Placement placement) {
    remove(waiting);
    if (!placement.complete()) {
      Request request = waiting.entry.request();
      for (Node node : placement.chosen()) {
        request = request.after(node);
      }
      var rest = new Waiting(waiting.sequence, waiting.entry.rest(request, placement));
      rest.explanation = placement.explanation();
      add(rest);
    }
  }

  private void add(Waiting waiting) {
    byTask.put(waiting.entry.request().task(), waiting);
    byDeadline.add(waiting);
    lanes
        .computeIfAbsent(Lane.of(waiting.entry.request()), _ -> new TreeMap<>())
        .put(waiting.sequence, waiting);
  }

  private void remove(Waiting waiting) {
    byTask.remove(waiting.entry.request().task());
    byDeadline.remove(waiting);
    lanes.computeIfPresent(
        Lane.of(waiting.entry.request()),
        (_, lane) -> {
          lane.remove(waiting.sequence);
          return lane.isEmpty() ? null : lane;
        });
  }

  private static final class Waiting {
    final long sequence;
    final Entry entry;
    @Nullable Explanation explanation;

    Waiting(long sequence, Entry entry) {
      this.sequence = sequence;
      this.entry = entry;
    }
  }

  /** All that decides whether a node may run a task: equal lanes fit the same nodes. */
  private record Lane(
      Asked asked,
      long fuelMax,
      long memoryMaxBytes,
      long budgetNanoOpen,
      Set<Address> ownersExcluded,
      Set<NodeId> nodesExcluded) {
    static Lane of(Request request) {
      return new Lane(
          Asked.of(request.policy()),
          request.fuelMax(),
          request.memoryMaxBytes(),
          request.budgetNanoOpen(),
          request.ownersExcluded(),
          request.nodesExcluded());
    }
  }
}
