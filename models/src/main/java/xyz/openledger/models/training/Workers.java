package xyz.openledger.models.training;

import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Threads that share work whose parts do not touch one another; who does which part is free. */
public final class Workers implements AutoCloseable {
  private static final int THREADS_MAX = 256;

  private final int threads;
  private final Runnable check;
  private final ExecutorService executor;

  /** So many threads; with one, the caller does all. */
  public Workers(int threads) {
    this(threads, () -> {});
  }

  /**
   * The same.
   *
   * @param check asked before each work that is shared; what it throws ends the work
   */
  Workers(int threads, Runnable check) {
    if (threads < 1 || threads > THREADS_MAX) {
      throw new IllegalArgumentException("threads: " + threads);
    }
    this.threads = threads;
    this.check = check;
    this.executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().name("training-", 0).daemon().factory());
  }

  /** Does parts 0 to {@code count} − 1, and returns when all are done. */
  void share(int count, IntConsumer part) {
    check.run();
    if (threads == 1 || count == 1) {
      for (int i = 0; i < count; i++) {
        part.accept(i);
      }
      return;
    }
    var next = new AtomicInteger();
    var running = new ArrayList<Future<?>>();
    for (int thread = 0; thread < Math.min(threads, count); thread++) {
      running.add(
          executor.submit(
              () -> {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                  part.accept(i);
                }
              }));
    }
    for (Future<?> one : running) {
      await(one);
    }
  }

  private static void await(Future<?> running) {
    try {
      running.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while training", interrupted);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed.getCause());
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
