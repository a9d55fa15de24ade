package xyz.openledger.actors.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * Makes the writes of many actors durable together: one thread takes whatever waits in a bounded
 * queue, applies it in one transaction, commits once, and only then answers.
 *
 * <pre>
 *   submit ──▶ queue ──▶ writer: begin, apply, apply, …, commit (one fsync) ──▶ futures complete
 *                           ▲                                │
 *                           └── what came in meanwhile ◀─────┘
 * </pre>
 *
 * There is no artificial delay: a lone write is committed at once, and while the disk is busy with
 * one commit the next one gathers.
 *
 * @param <B> what a store does within one transaction
 */
final class GroupCommit<B extends GroupCommit.Batch> implements AutoCloseable {
  private static final CompletableFuture<@Nullable Void> SETTLED =
      CompletableFuture.completedFuture(null);

  /** Live data is measured again after this many bytes have been written. */
  private static final long MEASURE_BYTES = 1 << 20;

  /** One store's view of one write transaction. */
  interface Batch extends AutoCloseable {
    /** Writes what belongs to the batch as a whole, just before the commit. */
    void finish();

    /** Releases cursors. Called before the commit or the abort. */
    @Override
    void close();

    /** The batch is on the disk. */
    void committed();

    /** Nothing of the batch was stored. */
    void rolledBack();
  }

  /** One unit of work. All of it is stored, or nothing. */
  interface Write<B> {
    /** Bytes that count against the bounds of queue and commit. */
    int bytes();

    /** Whether it adds data, and so is refused while the store is full. */
    boolean grows();

    /**
     * Applies the write.
     *
     * @return whether it is finished; if not, it goes on in a later commit
     * @throws JournalException to refuse it, having changed nothing
     */
    boolean apply(B batch);
  }

  private record Waiting<B>(Write<B> write, CompletableFuture<@Nullable Void> answer) {}

  private final LmdbDirectory directory;
  private final StoreSettings settings;
  private final Function<Txn<DirectBuffer>, B> begin;
  private final BlockingQueue<Waiting<B>> queue;
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong submitted = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private volatile boolean closing;
  private final Thread writer;

  // Of the writer thread alone.
  private final ArrayDeque<Waiting<B>> unfinished = new ArrayDeque<>();
  private final List<Waiting<B>> applied = new ArrayList<>();
  private long bytesSinceMeasured;
  private boolean full;

  /**
   * Starts the writer thread.
   *
   * @param begin opens the store's part in a transaction
   */
  GroupCommit(String threadName, LmdbDirectory directory, Function<Txn<DirectBuffer>, B> begin) {
    this.directory = directory;
    this.settings = directory.settings();
    this.begin = begin;
    this.queue = new ArrayBlockingQueue<>(settings.waitingWritesMax());
    this.full = directory.read(directory::usedBytes) >= settings.bytesMax();
    this.writer = Thread.ofPlatform().name(threadName).daemon().unstarted(this::run);
    writer.start();
  }

  /**
   * Queues a write. Never blocks.
   *
   * @return completed once the write is on the disk; failed with a {@link JournalException} when it
   *     is not, or when that is uncertain ({@link JournalException.WriteFailed})
   */
  CompletableFuture<@Nullable Void> submit(Write<B> write) {
    if (closing) {
      return CompletableFuture.failedFuture(closed());
    }
    if (write.bytes() > settings.waitingBytesMax()) {
      return CompletableFuture.failedFuture(
          new JournalException.Refused(
              "a write of %d bytes; %s.queue.bytes-max allows %d"
                  .formatted(write.bytes(), settings.path(), settings.waitingBytesMax())));
    }
    var waiting = new Waiting<>(write, new CompletableFuture<@Nullable Void>());
    long bytes = waitingBytes.addAndGet(write.bytes());
    submitted.incrementAndGet();
    if (bytes > settings.waitingBytesMax() || !queue.offer(waiting)) {
      waitingBytes.addAndGet(-write.bytes());
      submitted.decrementAndGet();
      return CompletableFuture.failedFuture(
          new JournalException.Busy(settings.directory(), queue.size(), bytes));
    }
    return waiting.answer();
  }

  /** Completed when every write submitted before this call has been answered. */
  CompletableFuture<@Nullable Void> settled() {
    return submitted.get() == answered.get() ? SETTLED : submit(new Fence<>());
  }

  private record Fence<B>() implements Write<B> {
    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public boolean grows() {
      return false;
    }

    @Override
    public boolean apply(B batch) {
      return true;
    }
  }

  /** Commits what waits, then stops. The directory stays open. */
  @Override
  public void close() {
    closing = true;
    // Wakes an idle writer. When the queue has no room for this, the writer is not idle.
    var _ = queue.offer(new Waiting<>(new Fence<>(), new CompletableFuture<@Nullable Void>()));
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    // A write may slip in between the writer's last look and its end.
    for (var late = queue.poll(); late != null; late = queue.poll()) {
      answer(late, closed());
    }
  }

  private JournalException.Unusable closed() {
    return new JournalException.Unusable(settings.directory(), "it is closed");
  }

  private void run() {
    while (!closing || !queue.isEmpty() || !unfinished.isEmpty()) {
      var first = next();
      if (first != null || !unfinished.isEmpty()) {
        commit(first);
      }
    }
  }

  /** Waits for a write, unless there is unfinished work to go on with. */
  private @Nullable Waiting<B> next() {
    try {
      return unfinished.isEmpty() ? queue.take() : queue.poll();
    } catch (InterruptedException _) {
      return null; // close() is the way to stop this thread
    }
  }

  private void commit(@Nullable Waiting<B> first) {
    B batch = null;
    try (var txn = directory.beginWrite()) {
      batch = begin.apply(txn);
      long bytes;
      try (var open = batch) {
        bytes = gather(open, first);
        open.finish();
      }
      txn.commit();
      batch.committed();
      measure(bytes);
      applied.forEach(waiting -> answer(waiting, null));
    } catch (RuntimeException | Error failure) {
      if (batch != null) {
        batch.rolledBack();
      } else if (first != null) {
        waitingBytes.addAndGet(-first.write().bytes());
        applied.add(first);
      }
      fail(failure);
    } finally {
      applied.clear();
    }
  }

  /** Applies what waits, up to the bounds of one commit. Returns its bytes. */
  private long gather(B batch, @Nullable Waiting<B> first) {
    // One slice of unfinished work per commit: a long deletion neither holds up writes nor starves.
    var slice = unfinished.poll();
    if (slice != null) {
      apply(batch, slice);
    }
    long bytes = 0;
    for (var waiting = first; waiting != null; ) {
      waitingBytes.addAndGet(-waiting.write().bytes());
      bytes += waiting.write().bytes();
      apply(batch, waiting);
      boolean room =
          applied.size() < settings.commitWritesMax() && bytes < settings.commitBytesMax();
      waiting = room ? queue.poll() : null;
    }
    return bytes;
  }

  private void apply(B batch, Waiting<B> waiting) {
    applied.add(waiting); // first, so that a failure halfway finds it
    try {
      if (full && waiting.write().grows()) {
        throw directory.full();
      }
      if (!waiting.write().apply(batch)) {
        applied.removeLast();
        unfinished.add(waiting);
      }
    } catch (JournalException refusal) {
      applied.removeLast();
      answer(waiting, refusal);
    }
  }

  private void measure(long bytes) {
    bytesSinceMeasured += bytes;
    if (full || bytesSinceMeasured >= MEASURE_BYTES) {
      full = directory.read(directory::usedBytes) >= settings.bytesMax();
      bytesSinceMeasured = 0;
    }
  }

  private void fail(Throwable failure) {
    var reason =
        failure instanceof Env.MapFullException
            ? directory.full()
            : new JournalException.WriteFailed(
                settings.directory(), settings.directory().toFile().getUsableSpace(), failure);
    applied.forEach(waiting -> answer(waiting, reason));
    unfinished.forEach(waiting -> answer(waiting, reason));
    unfinished.clear();
  }

  private void answer(Waiting<B> waiting, @Nullable Throwable reason) {
    answered.incrementAndGet();
    if (reason == null) {
      waiting.answer().complete(null);
    } else {
      waiting.answer().completeExceptionally(reason);
    }
  }
}
