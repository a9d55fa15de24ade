package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** Those that wait: by task, by deadline, and lane by lane. */
final class Line {
  private final Map<TaskId, Waiting> byTask = new HashMap<>();
  private final NavigableSet<Waiting> byDeadline = new TreeSet<>(Waiting.BY_DEADLINE);
  private final Map<Lane, NavigableSet<Waiting>> lanes = new HashMap<>();
  private final Set<Lane> ready = new HashSet<>();
  private final Parked parked = new Parked();
  private final Map<TenantId, Integer> tenants = new HashMap<>();

  private Set<String> spokenOf = Set.of();

  /** Nodes speak of these facts of jobs now; whether that sorts those who wait anew. */
  boolean speaking(Set<String> facts) {
    if (facts.equals(spokenOf)) {
      return false;
    }
    spokenOf = Set.copyOf(facts);
    List.copyOf(lanes.keySet()).forEach(this::close);
    lanes.clear();
    byTask
        .values()
        .forEach(waiting -> lanes.computeIfAbsent(lane(waiting), this::open).add(waiting));
    return true;
  }

  private Lane lane(Waiting waiting) {
    return Lane.of(waiting.entry.request(), spokenOf);
  }

  @Nullable Waiting find(TaskId task) {
    return byTask.get(task);
  }

  int size() {
    return byTask.size();
  }

  void add(Waiting waiting) {
    byTask.put(waiting.entry.request().task(), waiting);
    byDeadline.add(waiting);
    lanes.computeIfAbsent(lane(waiting), this::open).add(waiting);
  }

  void remove(Waiting waiting) {
    byTask.remove(waiting.entry.request().task());
    byDeadline.remove(waiting);
    lanes.computeIfPresent(
        lane(waiting),
        (lane, tasks) -> {
          tasks.remove(waiting);
          return tasks.isEmpty() ? close(lane) : tasks;
        });
  }

  private NavigableSet<Waiting> open(Lane lane) {
    ready.add(lane);
    tenants.merge(lane.tenant(), 1, Integer::sum);
    return new TreeSet<>(Waiting.BY_PLACE);
  }

  private @Nullable NavigableSet<Waiting> close(Lane lane) {
    ready.remove(lane);
    parked.remove(lane);
    tenants.computeIfPresent(lane.tenant(), (_, count) -> count > 1 ? count - 1 : null);
    return null;
  }

  /** Lets a lane be until a node comes that could take what stands in it. */
  void park(Lane lane) {
    if (parked.add(lane, first(lane).entry.request())) {
      ready.remove(lane);
    }
  }

  /** Lets the lanes be tried again that may fit now, by what changed since the last roster. */
  void wake(Roster roster) {
    parked.wake(roster, ready::add);
  }

  /** Who has the earliest deadline, if it has come. */
  @Nullable Waiting due(long nowMillis) {
    return byDeadline.isEmpty() || byDeadline.first().entry.deadlineMillis() > nowMillis
        ? null
        : byDeadline.first();
  }

  /** Those that came before then and are of no gang, the earliest first. */
  List<Waiting> longest(long beforeMillis, int max) {
    return byTask.values().stream()
        .filter(waiting -> waiting.sinceMillis <= beforeMillis && !waiting.scheduling().gang())
        .sorted(Waiting.BY_PLACE)
        .limit(max)
        .toList();
  }

  /** How many lanes are parked. */
  int parked() {
    return parked.size();
  }

  /** The lanes that may fit. */
  Set<Lane> ready() {
    return ready;
  }

  /** Whose tasks wait. */
  Set<TenantId> tenants() {
    return tenants.keySet();
  }

  boolean has(Lane lane) {
    return lanes.containsKey(lane);
  }

  /** Who is first in a lane. */
  Waiting first(Lane lane) {
    return of(lane).first();
  }

  /** All in a lane, in order. */
  List<Waiting> all(Lane lane) {
    return new ArrayList<>(of(lane));
  }

  private NavigableSet<Waiting> of(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane), "a lane is there while a task waits in it");
  }
}
