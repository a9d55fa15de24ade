package xyz.openledger.nodes.session;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.session.Commit;
import xyz.openledger.protocol.session.Fault;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.NodeMessage;
import xyz.openledger.protocol.session.Notice;
import xyz.openledger.protocol.session.Outbox;
import xyz.openledger.protocol.session.SessionLimits;

/**
 * Where leases become messages: takes them, has them run, and gathers what came of them into frames
 * as large as the moment allows. All of it on the session's thread; what finishes elsewhere waits
 * in a queue until {@link #flush}.
 */
final class LeaseDesk {
  private static final int LOOSE_ENDS_PER_FRAME = SessionLimits.ENTRIES_MAX;

  /**
   * A lease under way.
   *
   * @param late what to say if it is not done by then
   */
  private record Running(Workbench.Work work, long deadlineNanos, String late) {}

  private final NodeId node;
  private final LeaseBook book;
  private final FenceFile fences;
  private final Workbench workbench;
  private final Outbox<Outgoing> outbox;
  private final Runnable wake;

  private final Queue<Runnable> arrivals = new ConcurrentLinkedQueue<>();
  private final Map<ReplicaId, Running> running = new HashMap<>();
  private final ArrayDeque<Commit> commits = new ArrayDeque<>();
  private final ArrayDeque<Fault> faults = new ArrayDeque<>();
  private final RevealQueue reveals = new RevealQueue();
  private long answered;
  private long faulted;
  private long refused;

  /** A desk; {@code wake} asks, from any thread, for {@link #flush} to be called soon. */
  LeaseDesk(
      NodeId node,
      LeaseBook book,
      FenceFile fences,
      Workbench workbench,
      Outbox<Outgoing> outbox,
      Runnable wake) {
    this.node = node;
    this.book = book;
    this.fences = fences;
    this.workbench = workbench;
    this.outbox = outbox;
    this.wake = wake;
  }

  /** Takes leases; with {@code open} false every one is refused. */
  void take(List<Lease> leases, boolean open) {
    fences.raise(leases.stream().mapToLong(Lease::fence).max().orElse(0));
    for (Lease lease : leases) {
      Optional<Fault> refusal =
          open
              ? book.take(lease)
              : Optional.of(fault(lease, Problem.NO_CREDIT, "this node takes no more work"));
      refusal.ifPresentOrElse(this::refuse, () -> start(lease));
    }
  }

  /** The member wants to see answers; what is not here is a fault. */
  void reveal(List<ReplicaId> replicas) {
    for (ReplicaId replica : replicas) {
      if (!book.holds(replica)) {
        refuse(new Fault(replica, 0, Problem.NOT_FOUND, "this agent holds no such lease"));
      }
      book.reveal(replica).ifPresent(this::publish);
    }
  }

  /** Stops leases, or forgets them. */
  void cancel(List<ReplicaId> replicas) {
    for (ReplicaId replica : replicas) {
      Running stopped = running.remove(replica);
      if (stopped != null) {
        stopped.work().cancel();
      }
      book.answer(replica).ifPresent(workbench::discard);
      book.cancel(replica);
      commits.removeIf(commit -> commit.replica().equals(replica));
      reveals.removeIf(answer -> answer.lease().replica().equals(replica));
    }
  }

  /**
   * Gives work notice. What is over already is passed over, and no lease becomes longer by this.
   */
  void notice(List<Notice> notices, long nowNanos) {
    for (Notice notice : notices) {
      Running under = running.get(notice.replica());
      long endNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(notice.millis());
      if (under != null
          && book.fence(notice.replica()) == notice.fence()
          && under.deadlineNanos() - endNanos > 0) {
        running.put(notice.replica(), new Running(under.work(), endNanos, notice.reason()));
        under.work().notice(endNanos);
      }
    }
  }

  /** Stops whatever runs. */
  void cancelAll() {
    cancel(book.held());
  }

  /** Gives up what is over its deadline and still not done: stuck in a download, or in a queue. */
  void sweep(long nowNanos) {
    var late = new HashMap<ReplicaId, String>();
    running.forEach(
        (replica, started) -> {
          if (nowNanos - started.deadlineNanos() > 0) {
            started.work().cancel();
            late.put(replica, started.late());
          }
        });
    late.forEach(
        (replica, why) -> {
          book.cancel(replica).ifPresent(lease -> fail(fault(lease, Problem.DEADLINE_PASSED, why)));
          running.remove(replica);
        });
  }

  /** Moves what is ready into the outbox, as far as there is room. */
  void flush(long nowNanos) {
    for (Runnable next = arrivals.poll(); next != null; next = arrivals.poll()) {
      next.run();
    }
    flushFaults();
    flushCommits();
    while (reveals.isDue(book.running() == 0, nowNanos) && flushReveals()) {
      // One frame each.
    }
  }

  /** How long until {@link #flush} should be called even if nothing happens. */
  long dueInNanos(long nowNanos) {
    return reveals.dueInNanos(
        nowNanos, () -> outbox.hasRoom(new Outgoing.Shown(reveals.peek()).frameBytes()));
  }

  /** Leases of this process whose fate the member does not know yet. */
  List<ReplicaId> held() {
    Set<ReplicaId> held = new LinkedHashSet<>(book.held());
    outbox.pending().forEach(outgoing -> outgoing.replicas().forEach(held::add));
    return List.copyOf(held);
  }

  boolean isIdle() {
    return book.held().isEmpty() && faults.isEmpty() && commits.isEmpty() && reveals.isEmpty();
  }

  long answered() {
    return answered;
  }

  long faulted() {
    return faulted;
  }

  long refused() {
    return refused;
  }

  private void start(Lease lease) {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lease.deadlineMillis());
    var work =
        workbench.start(
            lease,
            finish -> {
              arrivals.add(() -> finished(finish));
              wake.run();
            });
    running.put(lease.replica(), new Running(work, deadlineNanos, "it was not done in time"));
  }

  private void finished(Workbench.Finish finish) {
    switch (finish) {
      case Workbench.Finish.Answered(var answer) -> answered(answer);
      case Workbench.Finish.Failed(var fault) -> {
        running.remove(fault.replica());
        if (book.failed(fault.replica())) {
          fail(fault);
        }
      }
    }
  }

  private void answered(Answer answer) {
    Lease lease = answer.lease();
    running.remove(lease.replica());
    if (!book.answered(answer)) {
      workbench.discard(answer);
      return;
    }
    answered++;
    if (lease.revealAtOnce()) {
      publish(answer);
    } else {
      commits.add(
          new Commit(
              lease.replica(),
              lease.fence(),
              Commitment.of(
                  lease.replica(), node, answer.outcome().digest(), answer.salt().toByteArray())));
    }
  }

  /** A short output is ready to be shown; a long one is brought to the member first. */
  private void publish(Answer answer) {
    if (answer.outputFile() == null) {
      reveals.add(answer, System.nanoTime());
      return;
    }
    workbench.publish(
        answer,
        failure -> {
          arrivals.add(() -> published(answer, failure));
          wake.run();
        });
  }

  private void published(Answer answer, Optional<Fault> failure) {
    workbench.discard(answer);
    if (!book.holds(answer.lease().replica())) {
      return;
    }
    failure.ifPresentOrElse(
        fault -> {
          book.cancel(fault.replica());
          fail(fault);
        },
        () -> reveals.add(answer, System.nanoTime()));
  }

  private void flushFaults() {
    while (!faults.isEmpty()) {
      var message = new NodeMessage.Faulted(first(faults));
      if (!append(new Outgoing.Plain(message))) {
        return;
      }
      message.faults().forEach(_ -> faults.removeFirst());
    }
  }

  private void flushCommits() {
    while (!commits.isEmpty()) {
      var message = new NodeMessage.Committed(first(commits));
      if (!append(new Outgoing.Plain(message))) {
        return;
      }
      message.commits().forEach(_ -> commits.removeFirst());
    }
  }

  private boolean flushReveals() {
    List<Answer> batch = reveals.peek();
    if (!append(new Outgoing.Shown(batch))) {
      return false;
    }
    reveals.remove(batch.size());
    batch.forEach(answer -> book.cancel(answer.lease().replica()));
    return true;
  }

  private boolean append(Outgoing outgoing) {
    long bytes = outgoing.frameBytes();
    if (!outbox.hasRoom(bytes)) {
      return false;
    }
    outbox.append(outgoing, bytes);
    return true;
  }

  private void refuse(Fault fault) {
    refused++;
    faults.add(fault);
  }

  private void fail(Fault fault) {
    faulted++;
    faults.add(fault);
  }

  private static Fault fault(Lease lease, Problem problem, String detail) {
    return new Fault(lease.replica(), lease.fence(), problem, detail);
  }

  private static <T> List<T> first(ArrayDeque<T> waiting) {
    return waiting.stream().limit(LOOSE_ENDS_PER_FRAME).toList();
  }
}
