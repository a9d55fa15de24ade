package xyz.openledger.cluster.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Event;

/**
 * The last changes of everything, for those who follow. Holds {@value #EVENTS_MAX} events; who has
 * fallen further behind is told to read the lists again. Safe for many threads; publishing costs
 * the same however many follow.
 */
public final class EventFeed {
  /** The most events kept. */
  public static final int EVENTS_MAX = 8_192;

  private static final long MICROS_PER_MILLI = 1_000;

  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private final Map<String, List<CompletableFuture<Void>>> watchers = new HashMap<>();
  private long nextSequence;

  private record Held(Event event, @Nullable TenantId tenant) {}

  private record Subject(Event.Kind kind, String id) {}

  /** What came after an event: each subject once, with its last state. */
  record News(List<Event> events, long lastSequence, boolean missed) {}

  /**
   * An empty feed.
   *
   * @param nowMillis the wall clock: sequence numbers start from it, so that those of an earlier
   *     start are known to be old
   */
  public EventFeed(long nowMillis) {
    this.nextSequence = nowMillis * MICROS_PER_MILLI;
  }

  /**
   * Tells of a change.
   *
   * @param tenant who may see it beside administrators; absent if whoever sees nodes
   * @param id of the job, node or pool; for an anchor the size of its log
   */
  public void publish(
      Event.Kind kind, @Nullable TenantId tenant, String id, String state, long atMillis) {
    List<CompletableFuture<Void>> woken;
    synchronized (this) {
      held.addLast(new Held(new Event(nextSequence++, kind, id, state, atMillis), tenant));
      if (held.size() > EVENTS_MAX) {
        held.removeFirst();
      }
      woken = watchers.remove(id);
    }
    if (woken != null) {
      woken.forEach(watcher -> watcher.complete(null));
    }
  }

  /** Completes at the next change of that subject. {@link #forget} it when done waiting. */
  synchronized CompletableFuture<Void> next(String id) {
    var watcher = new CompletableFuture<Void>();
    watchers.computeIfAbsent(id, _ -> new ArrayList<>()).add(watcher);
    return watcher;
  }

  synchronized void forget(String id, CompletableFuture<Void> watcher) {
    List<CompletableFuture<Void>> waiting = watchers.get(id);
    watcher.cancel(false);
    if (waiting != null && waiting.removeIf(Future::isDone) && waiting.isEmpty()) {
      watchers.remove(id);
    }
  }

  /** The sequence number of the last event. */
  synchronized long lastSequence() {
    return nextSequence - 1;
  }

  /** What came after {@code sequence} that {@code caller} may see. */
  synchronized News after(long sequence, Principal caller, boolean nodes) {
    boolean missed = sequence < nextSequence - 1 - held.size() || sequence >= nextSequence;
    if (missed || sequence == nextSequence - 1) {
      return new News(List.of(), nextSequence - 1, missed);
    }
    var last = new LinkedHashMap<Subject, Event>();
    var newest = held.descendingIterator();
    while (newest.hasNext()) {
      Held next = newest.next();
      Event event = next.event();
      if (event.sequence() <= sequence) {
        break;
      }
      if (next.tenant() == null ? nodes : caller.reaches(next.tenant())) {
        last.putIfAbsent(new Subject(event.kind(), event.id()), event);
      }
    }
    return new News(List.copyOf(last.sequencedValues().reversed()), nextSequence - 1, false);
  }
}
