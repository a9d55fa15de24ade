package xyz.openledger.chainanchor.accounts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which logs of the chain are booked already. A log is remembered until its contract has logs that
 * are {@link #MEMORY_BLOCKS} younger; one from before that horizon is refused, since it can no
 * longer be told from a repeat. Logs come from finalized blocks in order, so that only a replay is
 * ever that late.
 */
final class ChainLogs {
  /** Four months of 12-second blocks, eleven days of 1-second blocks. */
  static final long MEMORY_BLOCKS = 1_000_000;

  private record Booked(String contract, String logId, long blockNumber) {}

  private final Table<String, LedgerEvent> events;
  private final Table<String, Long> heights;
  private final @Nullable Deque<Booked> order;

  ChainLogs() {
    this(new Table<>(), new Table<>(), new ArrayDeque<>());
  }

  private ChainLogs(
      Table<String, LedgerEvent> events,
      Table<String, Long> heights,
      @Nullable Deque<Booked> order) {
    this.events = events;
    this.heights = heights;
    this.order = order;
  }

  /** A fork forgets nothing: it lives for one batch. */
  ChainLogs fork() {
    return new ChainLogs(events.fork(), heights.fork(), null);
  }

  @Nullable LedgerEvent first(String contract, String logId) {
    return events.get(key(contract, logId));
  }

  boolean isBeyondMemory(String contract, long blockNumber) {
    Long height = heights.get(contract);
    return height != null && blockNumber < height - MEMORY_BLOCKS;
  }

  void add(String contract, String logId, long blockNumber, LedgerEvent event) {
    events.put(key(contract, logId), event);
    Long known = heights.get(contract);
    long height = known == null ? blockNumber : Math.max(known, blockNumber);
    heights.put(contract, height);
    if (order != null) {
      order.addLast(new Booked(contract, logId, blockNumber));
      forget(order);
    }
  }

  List<LedgerEvent> events() {
    var all = new ArrayList<LedgerEvent>();
    if (order != null) {
      for (Booked booked : order) {
        var event = events.get(key(booked.contract(), booked.logId()));
        if (event != null) {
          all.add(event);
        }
      }
    }
    return all;
  }

  Map<String, Long> heights() {
    return new TreeMap<>(heights.toMap());
  }

  void restoreHeight(String contract, long height) {
    heights.put(contract, height);
  }

  private void forget(Deque<Booked> booked) {
    Booked oldest = booked.peekFirst();
    while (oldest != null && isBeyondMemory(oldest.contract(), oldest.blockNumber())) {
      events.remove(key(oldest.contract(), oldest.logId()));
      booked.removeFirst();
      oldest = booked.peekFirst();
    }
  }

  private static String key(String contract, String logId) {
    return contract + "/" + logId;
  }
}
