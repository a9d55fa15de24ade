package xyz.openledger.chainanchor.accounts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the last {@link #COUNT_MAX} withdrawals ended, so that a repeated request gets the first
 * answer. Behind it stands the Escrow contract, which pays each withdrawal id once for ever.
 */
final class RecentEvents {
  static final int COUNT_MAX = 65_536;

  private final Table<String, LedgerEvent> events;
  private final @Nullable Deque<String> order;

  RecentEvents() {
    this(new Table<>(), new ArrayDeque<>());
  }

  private RecentEvents(Table<String, LedgerEvent> events, @Nullable Deque<String> order) {
    this.events = events;
    this.order = order;
  }

  /** A fork forgets nothing: it lives for one batch. */
  RecentEvents fork() {
    return new RecentEvents(events.fork(), null);
  }

  @Nullable LedgerEvent get(String id) {
    return events.get(id);
  }

  void add(String id, LedgerEvent event) {
    events.put(id, event);
    if (order != null) {
      order.addLast(id);
      if (order.size() > COUNT_MAX) {
        events.remove(order.removeFirst());
      }
    }
  }

  List<LedgerEvent> events() {
    var all = new ArrayList<LedgerEvent>();
    if (order != null) {
      for (String id : order) {
        var event = events.get(id);
        if (event != null) {
          all.add(event);
        }
      }
    }
    return all;
  }
}
