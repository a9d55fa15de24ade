package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that share out the outputs of a product. No sum is ever split, so the bits are those of
 * one thread. One caller at a time.
 */
public final class StrictTeam implements AutoCloseable {
  private final StrictKernels kernels;
  private final int threads;
  private final ExecutorService others;

  /** A team of the calling thread and {@code threads − 1} others. */
  public StrictTeam(StrictKernels kernels, int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("%d threads".formatted(threads));
    }
    this.kernels = kernels;
    this.threads = threads;
    others =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1), Thread.ofPlatform().daemon().name("kernels-", 0).factory());
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

  private void share(int outputs, Part part) {
    int panels = (outputs + StrictProducts.PANEL - 1) / StrictProducts.PANEL;
    int each = (panels + threads - 1) / threads * StrictProducts.PANEL;
    List<Future<?>> running = new ArrayList<>();
    for (int first = each; first < outputs; first += each) {
      int from = first;
      running.add(others.submit(() -> part.run(from, Math.min(each, outputs - from))));
    }
    part.run(0, Math.min(each, outputs));
    for (Future<?> one : running) {
      await(one);
    }
  }

  /** Waits even if interrupted: memory may not be freed while a kernel writes it. */
  private static void await(Future<?> one) {
    boolean interrupted = false;
    while (true) {
      try {
        one.get();
        break;
      } catch (InterruptedException later) {
        interrupted = true;
      } catch (ExecutionException failed) {
        throw new IllegalStateException(failed.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
