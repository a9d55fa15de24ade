package xyz.openledger.chainanchor.accounts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which logs of the chain are booked already. A claim is remembered until its contract has logs
 * that are {@link #MEMORY_BLOCKS} younger; one from before that horizon is refused, since it can no
 * longer be told from a repeat. Claims come from finalized blocks in order, so that only a replay
 * is ever that late.
 *
 * <p>Deposits are remembered for ever: one is read as late as its tenant becomes known here, and
 * each has cost its depositor a transaction.
 */
final class ChainLogs {
  /** Four months of 12-second blocks, eleven days of 1-second blocks. */
  static final long MEMORY_BLOCKS = 1_000_000;

  private record Booked(String contract, String logId, long blockNumber) {}

  private final Table<String, LedgerEvent> events;
  private final Table<String, Long> heights;

  /**
   * Books of before forgot deposits, too: the first block of each contract whose they still knew.
   */
  private final Table<String, Long> depositsFrom;

  private final @Nullable Deque<Booked> deposits;
  private final @Nullable Deque<Booked> claims;

  ChainLogs() {
    this(new Table<>(), new Table<>(), new Table<>(), new ArrayDeque<>(), new ArrayDeque<>());
  }

  private ChainLogs(
      Table<String, LedgerEvent> events,
      Table<String, Long> heights,
      Table<String, Long> depositsFrom,
      @Nullable Deque<Booked> deposits,
      @Nullable Deque<Booked> claims) {
    this.events = events;
    this.heights = heights;
    this.depositsFrom = depositsFrom;
    this.deposits = deposits;
    this.claims = claims;
  }

  /** A fork forgets nothing: it lives for one batch. */
  ChainLogs fork() {
    return new ChainLogs(events.fork(), heights.fork(), depositsFrom.fork(), null, null);
  }

  @Nullable LedgerEvent first(String contract, String logId) {
    return events.get(key(contract, logId));
  }

  /** Whether such an event of that block may be booked and forgotten. */
  boolean isBeyondMemory(LedgerEvent event, String contract, long blockNumber) {
    if (event instanceof LedgerEvent.Deposited) {
      Long from = depositsFrom.get(contract);
      return from != null && blockNumber < from;
    }
    return blockNumber < horizon(contract);
  }

  /** The first block whose claims are still known. */
  private long horizon(String contract) {
    Long height = heights.get(contract);
    return height == null ? 0 : height - MEMORY_BLOCKS;
  }

  void add(String contract, String logId, long blockNumber, LedgerEvent event) {
    events.put(key(contract, logId), event);
    Long known = heights.get(contract);
    long height = known == null ? blockNumber : Math.max(known, blockNumber);
    heights.put(contract, height);
    var booked = new Booked(contract, logId, blockNumber);
    if (deposits != null && event instanceof LedgerEvent.Deposited) {
      deposits.addLast(booked);
    } else if (claims != null) {
      claims.addLast(booked);
      forget(claims);
    }
  }

  /** Deposits, then the claims that are remembered; each oldest first. */
  List<LedgerEvent> events() {
    var all = new ArrayList<LedgerEvent>();
    if (deposits != null && claims != null) {
      deposits.forEach(booked -> add(all, booked));
      claims.forEach(booked -> add(all, booked));
    }
    return all;
  }

  private void add(List<LedgerEvent> all, Booked booked) {
    var event = events.get(key(booked.contract(), booked.logId()));
    if (event != null) {
      all.add(event);
    }
  }

  Map<String, Long> heights() {
    return new TreeMap<>(heights.toMap());
  }

  Map<String, Long> depositsFrom() {
    return new TreeMap<>(depositsFrom.toMap());
  }

  /**
   * Restores what is not in the events.
   *
   * @param from null for books of before, which forgot deposits as they forgot claims
   */
  void restore(Map<String, Long> contractHeights, @Nullable Map<String, Long> from) {
    contractHeights.forEach(heights::put);
    if (from != null) {
      from.forEach(depositsFrom::put);
      return;
    }
    for (String contract : contractHeights.keySet()) {
      if (horizon(contract) > 0) {
        depositsFrom.put(contract, horizon(contract));
      }
    }
  }

  private void forget(Deque<Booked> booked) {
    Booked oldest = booked.peekFirst();
    while (oldest != null && oldest.blockNumber() < horizon(oldest.contract())) {
      events.remove(key(oldest.contract(), oldest.logId()));
      booked.removeFirst();
      oldest = booked.peekFirst();
    }
  }

  private static String key(String contract, String logId) {
    return contract + "/" + logId;
  }
}
