package xyz.openledger.nodes.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.session.Fault;
import xyz.openledger.protocol.session.Lease;

/**
 * The leases a node holds, and whether it takes another. Knows nothing of clocks, files or links.
 *
 * <pre>
 *   taken ──▶ running ──▶ committed ──▶ revealing ──▶ forgotten
 *                │            └─ cancelled ─────────────▲
 *                └─ failed, cancelled ──────────────────┘
 * </pre>
 *
 * <p>Only running leases count against the credits; committed ones are bounded by themselves.
 */
final class LeaseBook {
  /**
   * What a node lets itself in for.
   *
   * @param creditsMax the most running leases, those that wait for a worker included
   * @param heldMax the most answers that wait for their reveal
   * @param memoryMaxBytes the most linear memory of one lease
   */
  record Bounds(int creditsMax, int heldMax, long memoryMaxBytes) {}

  private static final class Entry {
    final Lease lease;
    @Nullable Answer answer;
    boolean revealing;

    Entry(Lease lease) {
      this.lease = lease;
    }
  }

  private final Bounds bounds;
  private final Map<ReplicaId, Entry> entries = new LinkedHashMap<>();
  private final FenceWindow fences;
  private int running;

  /**
   * An empty book.
   *
   * @param fenceSeen leases at or below it are refused, since another life of this machine may have
   *     had them
   */
  LeaseBook(Bounds bounds, long fenceSeen) {
    this.bounds = bounds;
    this.fences = new FenceWindow(fenceSeen);
  }

  /** Takes a lease, or says why not. */
  Optional<Fault> take(Lease lease) {
    if (entries.containsKey(lease.replica())) {
      return refuse(lease, Problem.STALE_FENCE, "another lease of this replica is here");
    }
    if (!fences.take(lease.fence())) {
      return refuse(
          lease,
          Problem.STALE_FENCE,
          "fence %d was seen before, or is not above %d".formatted(lease.fence(), fences.floor()));
    }
    if (running >= credits()) {
      return refuse(
          lease, Problem.NO_CREDIT, "%d leases run, %d allowed".formatted(running, credits()));
    }
    if (lease.memoryMaxBytes() > bounds.memoryMaxBytes()) {
      return refuse(
          lease,
          Problem.NO_CREDIT,
          "asks for %d bytes, a slot has %d"
              .formatted(lease.memoryMaxBytes(), bounds.memoryMaxBytes()));
    }
    entries.put(lease.replica(), new Entry(lease));
    running++;
    return Optional.empty();
  }

  /** A lease has its answer; false if nobody wants it any more. */
  boolean answered(Answer answer) {
    Entry entry = entries.get(answer.lease().replica());
    if (entry == null || entry.answer != null) {
      return false;
    }
    entry.answer = answer;
    entry.revealing = answer.lease().revealAtOnce();
    running--;
    return true;
  }

  /** A lease came to nothing; false if nobody wants to know. */
  boolean failed(ReplicaId replica) {
    return cancel(replica).isPresent();
  }

  /** The answer to show now; empty if there is none, or if it is on its way already. */
  Optional<Answer> reveal(ReplicaId replica) {
    Entry entry = entries.get(replica);
    if (entry == null || entry.answer == null || entry.revealing) {
      return Optional.empty();
    }
    entry.revealing = true;
    return Optional.of(entry.answer);
  }

  /** The answer of a lease that has one. */
  Optional<Answer> answer(ReplicaId replica) {
    Entry entry = entries.get(replica);
    return entry == null ? Optional.empty() : Optional.ofNullable(entry.answer);
  }

  /** The fence of a lease that is there, or 0. */
  long fence(ReplicaId replica) {
    Entry entry = entries.get(replica);
    return entry == null ? 0 : entry.lease.fence();
  }

  /** Whether the lease is there, in whatever state. */
  boolean holds(ReplicaId replica) {
    return entries.containsKey(replica);
  }

  /** Drops a lease; answers it if it was there. */
  Optional<Lease> cancel(ReplicaId replica) {
    Entry entry = entries.remove(replica);
    if (entry == null) {
      return Optional.empty();
    }
    running -= entry.answer == null ? 1 : 0;
    return Optional.of(entry.lease);
  }

  /**
   * How many leases the node will run at once: less when too many answers wait for their reveal.
   */
  int credits() {
    return Math.clamp(bounds.heldMax() - (entries.size() - running), 0, bounds.creditsMax());
  }

  int running() {
    return running;
  }

  long fenceSeen() {
    return fences.highest();
  }

  List<ReplicaId> held() {
    return List.copyOf(entries.keySet());
  }

  private static Optional<Fault> refuse(Lease lease, Problem problem, String detail) {
    return Optional.of(new Fault(lease.replica(), lease.fence(), problem, detail));
  }
}
