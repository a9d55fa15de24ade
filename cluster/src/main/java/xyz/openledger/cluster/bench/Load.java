package xyz.openledger.cluster.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Brings jobs to a {@link Target}: as fast as it takes them, or at a rate. */
final class Load {
  private static final long PATIENCE_SECONDS = 300;
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private Load() {}

  /** As many on their way as the trial has room for, until all are settled. */
  static Round full(Target target, Trial trial) {
    target.tell(trial);
    ProcessTree before = ProcessTree.now();
    long start = System.nanoTime();
    var thread = Thread.ofPlatform().name("bench-load").daemon().start(() -> fill(target, trial));
    trial.await(PATIENCE_SECONDS);
    long nanos = System.nanoTime() - start;
    ProcessTree after = ProcessTree.now();
    join(thread);
    return new Round(
        trial.jobs(),
        trial.replicas(),
        trial.settled(),
        Rounded.to4(nanos / (double) NANOS_PER_SECOND),
        Rounded.to4(after.cpuSeconds() - before.cpuSeconds()),
        after.writtenBytes() - before.writtenBytes());
  }

  private static void fill(Target target, Trial trial) {
    try {
      int next = 0;
      while (next < trial.jobs()) {
        trial.room().acquire();
        int more = Math.min(target.batchMax(), trial.jobs() - next) - 1;
        int batch = 1;
        while (batch <= more && trial.room().tryAcquire()) {
          batch++;
        }
        submit(target, trial, next, batch);
        next += batch;
      }
    } catch (InterruptedException | RuntimeException failure) {
      trial.fail("submitting failed: " + failure);
    }
  }

  /** At a fixed rate, whatever becomes of them: a late one is counted from when it was due. */
  static void paced(Target target, Trial trial, double jobsPerSecond) {
    target.tell(trial);
    long start = System.nanoTime();
    int next = 0;
    while (next < trial.jobs()) {
      long due = start + (long) (next * NANOS_PER_SECOND / jobsPerSecond);
      for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
        LockSupport.parkNanos(due - now);
      }
      long now = System.nanoTime();
      int batch = 0;
      while (batch < target.batchMax() && next + batch < trial.jobs()) {
        long its = start + (long) ((next + batch) * NANOS_PER_SECOND / jobsPerSecond);
        if (its > now) {
          break;
        }
        trial.due(next + batch, its);
        batch++;
      }
      target.submit(trial, numbers(next, batch));
      next += batch;
    }
    trial.await(PATIENCE_SECONDS);
  }

  private static void submit(Target target, Trial trial, int first, int count) {
    long now = System.nanoTime();
    List<Integer> numbers = numbers(first, count);
    numbers.forEach(number -> trial.due(number, now));
    target.submit(trial, numbers);
  }

  private static List<Integer> numbers(int first, int count) {
    var numbers = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      numbers.add(first + i);
    }
    return numbers;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
