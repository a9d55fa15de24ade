package xyz.openledger.cluster.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;

/**
 * One lot of jobs on its way through a {@link Target}: when each was due, answered and settled.
 * Called from many threads.
 */
final class Trial {
  private static final String SETTLED = "settled";

  private final String name;
  private final int replicas;
  private final int timedEvery;
  private final Map<JobId, Integer> numbers = new ConcurrentHashMap<>();
  private final AtomicLongArray dueNanos;
  private final AtomicLongArray answeredNanos;
  private final AtomicLongArray settledNanos;
  private final AtomicInteger settled = new AtomicInteger();
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private final CountDownLatch open;
  private final Semaphore room;

  /**
   * Jobs that were not submitted yet.
   *
   * @param name unlike that of every other trial of the same target
   * @param timedEvery one in so many ends is worth asking for, so as to know its time; 0 for none
   * @param window how many may be on their way at once
   */
  Trial(String name, TenantId tenant, int jobs, int replicas, int timedEvery, int window) {
    this.name = name;
    this.replicas = replicas;
    this.timedEvery = timedEvery;
    this.dueNanos = new AtomicLongArray(jobs);
    this.answeredNanos = new AtomicLongArray(jobs);
    this.settledNanos = new AtomicLongArray(jobs);
    this.open = new CountDownLatch(jobs);
    this.room = new Semaphore(window);
    for (int number = 0; number < jobs; number++) {
      numbers.put(JobId.of(tenant, key(number)), number);
    }
  }

  int jobs() {
    return dueNanos.length();
  }

  int replicas() {
    return replicas;
  }

  /** Whether the end of that job is worth asking for. */
  boolean timed(JobId job) {
    Integer number = numbers.get(job);
    return number != null && timed(number);
  }

  private boolean timed(int number) {
    return timedEvery > 0 && number % timedEvery == 0;
  }

  int settled() {
    return settled.get();
  }

  /** Under which a job is submitted. */
  String key(int number) {
    return name + "-" + number;
  }

  Semaphore room() {
    return room;
  }

  void due(int number, long nanos) {
    dueNanos.set(number, nanos);
  }

  /** The job was taken: it is durable, and its escrow is held. */
  void answered(JobId job) {
    Integer number = numbers.get(job);
    if (number != null) {
      answeredNanos.compareAndSet(number, 0, System.nanoTime());
    }
  }

  /** The job has come to its end; only {@code settled} is what this is about. */
  void ended(JobId job, String state) {
    Integer number = numbers.get(job);
    if (number == null || !settledNanos.compareAndSet(number, 0, System.nanoTime())) {
      return;
    }
    if (state.equals(SETTLED)) {
      settled.incrementAndGet();
    } else {
      fail(job + " ended as " + state);
    }
    room.release();
    open.countDown();
  }

  /** Something went wrong that makes the figures worthless. */
  void fail(String what) {
    failure.compareAndSet(null, what);
  }

  /**
   * Waits for the last job.
   *
   * @throws IllegalStateException if one ended otherwise, or none ended for too long
   */
  void await(long seconds) {
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (!open.await(100, TimeUnit.MILLISECONDS)) {
        check();
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "%d of %d jobs were not settled after %d s"
                  .formatted(open.getCount(), jobs(), seconds));
        }
      }
      check();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private void check() {
    String what = failure.get();
    if (what != null) {
      throw new IllegalStateException(what);
    }
  }

  /** From when each was due to when it was answered. */
  Latency answers() {
    return latency(answeredNanos, _ -> true);
  }

  /** From when each whose end was asked for was due to when it was seen to be settled. */
  Latency settlements() {
    return latency(settledNanos, this::timed);
  }

  private Latency latency(AtomicLongArray until, IntPredicate counts) {
    return Latency.of(
        IntStream.range(0, jobs())
            .filter(counts)
            .mapToLong(number -> until.get(number) - dueNanos.get(number))
            .toArray());
  }
}
