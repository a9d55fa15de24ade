package xyz.openledger.models.decoder;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** Does the parts of one piece of work side by side. Which lane does which part changes no bit. */
final class Lanes implements AutoCloseable {
  private final int count;
  private final ExecutorService others;

  Lanes(int count) {
    this.count = count;
    this.others =
        Executors.newFixedThreadPool(
            Math.max(1, count - 1),
            Thread.ofPlatform().daemon().name("decoder-lane-", 1).factory());
  }

  int count() {
    return count;
  }

  /** Does parts 0 to {@code parts - 1}, the first in this thread; parts are at most lanes. */
  void forEach(int parts, IntConsumer part) {
    if (parts <= 1) {
      part.accept(0);
      return;
    }
    var left = new CountDownLatch(parts - 1);
    var failure = new AtomicReference<Throwable>();
    for (int i = 1; i < parts; i++) {
      int mine = i;
      others.execute(
          () -> {
            try {
              part.accept(mine);
            } catch (RuntimeException | Error wrong) {
              failure.set(wrong);
            } finally {
              left.countDown();
            }
          });
    }
    try {
      part.accept(0);
    } finally {
      awaitAll(left);
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a lane failed", failure.get());
    }
  }

  /** Others still write into our buffers, so an interrupt has to wait. */
  private static void awaitAll(CountDownLatch left) {
    boolean interrupted = false;
    while (true) {
      try {
        left.await();
        break;
      } catch (InterruptedException later) {
        interrupted = true;
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
