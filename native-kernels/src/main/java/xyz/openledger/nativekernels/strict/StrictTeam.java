package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share out the outputs of a product. No sum is ever split, so the bits are those of
 * one thread. One caller at a time.
 */
public final class StrictTeam implements AutoCloseable {
  /** How long a thread without work keeps its core; waking one takes about as long. */
  private static final long SPIN_NANOS = 50_000;

  private final StrictKernels kernels;
  private final int threads;
  private final List<Thread> others;
  private volatile @Nullable Work work;
  private volatile boolean closed;

  /** A team of the calling thread and {@code threads − 1} others. */
  public StrictTeam(StrictKernels kernels, int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("%d threads".formatted(threads));
    }
    this.kernels = kernels;
    this.threads = threads;
    others =
        IntStream.range(1, threads)
            .mapToObj(i -> Thread.ofPlatform().daemon().name("kernels-" + i).unstarted(this::serve))
            .toList();
    others.forEach(Thread::start);
  }

  /** {@link StrictProducts#linear}, by outputs. */
  public void linear(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment w,
      long strideW,
      MemorySegment y,
      long strideY,
      boolean accumulate) {
    share(
        outputs,
        (first, count) ->
            kernels.linear(
                rows,
                count,
                inputs,
                x,
                strideX,
                type,
                w.asSlice(first * strideW * type.bytes()),
                strideW,
                y.asSlice((long) first * Float.BYTES),
                strideY,
                accumulate));
  }

  /** {@link StrictProducts#linearPacked}, by panels. */
  public void linearPacked(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      long strideX,
      WeightType type,
      MemorySegment packed,
      MemorySegment y,
      long strideY,
      boolean accumulate) {
    share(
        outputs,
        (first, count) ->
            kernels.linearPacked(
                rows,
                count,
                inputs,
                x,
                strideX,
                type,
                packed.asSlice((long) first * inputs * type.bytes()),
                y.asSlice((long) first * Float.BYTES),
                strideY,
                accumulate));
  }

  private interface Part {
    void run(int first, int count);
  }

  /** One product, cut into more parts than there are threads: who comes late does fewer. */
  private static final class Work {
    final Part part;
    final int outputs;
    final Shares shares;
    final int parts;
    final AtomicInteger taken = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Work(Part part, int outputs, Shares shares) {
      this.part = part;
      this.outputs = outputs;
      this.shares = shares;
      this.parts = shares.parts();
    }

    void help() {
      for (int i = taken.getAndIncrement(); i < parts; i = taken.getAndIncrement()) {
        try {
          int first = shares.start(i) * StrictProducts.PANEL;
          part.run(first, Math.min(shares.start(i + 1) * StrictProducts.PANEL, outputs) - first);
        } catch (RuntimeException | Error broken) {
          failure.compareAndSet(null, broken);
        }
        done.incrementAndGet();
      }
    }
  }

  private void share(int outputs, Part part) {
    int panels = (outputs + StrictProducts.PANEL - 1) / StrictProducts.PANEL;
    var shared = new Work(part, outputs, Shares.of(panels, threads));
    if (shared.parts > 1) {
      work = shared;
      others.forEach(LockSupport::unpark);
    }
    shared.help();
    // Not interruptible: memory may not be freed while a kernel writes it. A part takes
    // microseconds.
    long since = System.nanoTime();
    while (shared.done.get() < shared.parts) {
      if (System.nanoTime() - since < SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, SPIN_NANOS);
      }
    }
    work = null;
    Throwable failure = shared.failure.get();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  /** Looks for work for a while before it sleeps: products come one after another. */
  private void serve() {
    Work last = null;
    long idleSince = System.nanoTime();
    while (!closed) {
      Work now = work;
      if (now != null && now != last) {
        now.help();
        last = now;
        idleSince = System.nanoTime();
      } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    others.forEach(LockSupport::unpark);
  }
}
