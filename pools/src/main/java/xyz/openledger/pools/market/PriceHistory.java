package xyz.openledger.pools.market;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.protocol.Check;

/**
 * Prices by class and interval: how many, and the 10th, 50th and 90th percentile. Bounded: it
 * forgets the oldest interval, and of an interval with very many prices it keeps every second,
 * every fourth and so on.
 *
 * <p>A single writer's; not thread-safe.
 */
public final class PriceHistory {
  static final int SAMPLES_MAX = 512;
  private static final int CLASSES_MAX = 1_000;

  private final long intervalMillis;
  private final int intervalsMax;
  private final Map<ResourceClass, Deque<Interval>> classes = new TreeMap<>();

  /**
   * An empty one.
   *
   * @param intervalsMax how many intervals of a class are kept
   */
  public PriceHistory(long intervalMillis, int intervalsMax) {
    this.intervalMillis = Check.range("intervalMillis", intervalMillis, 1, Long.MAX_VALUE);
    this.intervalsMax = Check.range("intervalsMax", intervalsMax, 1, 100_000);
  }

  /**
   * One interval.
   *
   * @param startMillis since 1970
   * @param prices how many were noted
   */
  public record Summary(
      long startMillis, long prices, long p10NanoOpen, long p50NanoOpen, long p90NanoOpen) {}

  /** Notes a price; one older than the newest interval counts into the newest. */
  public void note(ResourceClass of, long atMillis, long nanoOpen) {
    Deque<Interval> intervals = classes.get(of);
    if (intervals == null) {
      Check.range("classes", classes.size(), 0, CLASSES_MAX - 1);
      intervals = new ArrayDeque<>();
      classes.put(of, intervals);
    }
    long start = Math.floorDiv(atMillis, intervalMillis) * intervalMillis;
    Interval newest = intervals.peekLast();
    if (newest == null || newest.startMillis < start) {
      newest = new Interval(start);
      intervals.addLast(newest);
      if (intervals.size() > intervalsMax) {
        intervals.removeFirst();
      }
    }
    newest.add(nanoOpen);
  }

  /** The intervals of a class in which there were prices, oldest first. */
  public List<Summary> of(ResourceClass name) {
    var summaries = new ArrayList<Summary>();
    classes.getOrDefault(name, new ArrayDeque<>()).forEach(each -> summaries.add(each.summary()));
    return summaries;
  }

  /** The value at or below which {@code percent} of 100 lie: the nearest rank. */
  static long percentile(long[] sorted, int percent) {
    return sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
  }

  private static final class Interval {
    private final long startMillis;
    private final long[] samples = new long[SAMPLES_MAX];
    private int size;
    private long stride = 1;
    private long seen;

    Interval(long startMillis) {
      this.startMillis = startMillis;
    }

    void add(long price) {
      if (seen++ % stride != 0) {
        return;
      }
      if (size == SAMPLES_MAX) {
        size /= 2;
        for (int i = 0; i < size; i++) {
          samples[i] = samples[2 * i];
        }
        stride *= 2;
      }
      samples[size++] = price;
    }

    Summary summary() {
      long[] sorted = Arrays.copyOf(samples, size);
      Arrays.sort(sorted);
      return new Summary(
          startMillis,
          seen,
          percentile(sorted, 10),
          percentile(sorted, 50),
          percentile(sorted, 90));
    }
  }
}
