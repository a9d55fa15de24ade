package xyz.openledger.pools.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.pools.Latencies;
import xyz.openledger.protocol.NodeId;

/**
 * How long the results of each node took, from lease to result, by class of work. A percentile is
 * told once {@value #RESULTS_MIN} results are there and while the last of them is not older than an
 * hour: a node that was too slow is tried again after that. Between 20 and 99 results it is the
 * longest of them.
 *
 * <p>Times are counted in buckets, eight to each doubling, and told by a bucket's upper end: at
 * most an eighth too long, never too short. Bounded; whoever brought nothing for longest is
 * forgotten first. Not thread-safe.
 */
public final class LatencyRecord {
  /** So many results make a figure. */
  public static final int RESULTS_MIN = 20;

  /** After so long without a result a figure is forgotten. */
  static final long FORGOTTEN_MILLIS = 3_600_000;

  /** So many figures, of all nodes, are kept. */
  static final int RECORDS_MAX = 16_384;

  /** Of so many classes of work a node's slowest are told: more than most pools see. */
  static final int CLASSES_MAX = 64;

  private static final int RESULTS_MAX = 1_000;
  private static final int PARTS = 8;
  private static final int PART_BITS = 3;
  private static final int BUCKETS = 31 * PARTS;

  private final Map<NodeId, Map<WorkloadClass, Times>> byNode = new HashMap<>();
  private final LinkedHashMap<Key, Times> byAge = new LinkedHashMap<>(16, 0.75f, true);

  private static final Comparator<Latencies.Figure> SLOWEST_FIRST =
      Comparator.comparingInt(Latencies.Figure::p99Millis)
          .reversed()
          .thenComparing(figure -> figure.workload().word());

  private record Key(NodeId node, WorkloadClass workload) {}

  /** How many results took how long. */
  private static final class Times {
    final short[] counts = new short[BUCKETS];
    int all;
    long lastMillis;

    void add(long tookMillis) {
      if (all == RESULTS_MAX) {
        halve();
      }
      counts[bucket(tookMillis)]++;
      all++;
    }

    /**
     * Lets what is older count for half. How many took longer than any time is halved, rounded up,
     * so that no percentile gets shorter by it, and single slow ones together go on counting.
     */
    private void halve() {
      int above = 0;
      int aboveNow = 0;
      for (int i = BUCKETS - 1; i >= 0; i--) {
        above += counts[i];
        counts[i] = (short) ((above + 1) / 2 - aboveNow);
        aboveNow += counts[i];
      }
      all = aboveNow;
    }

    /** The least upper end that 99 of 100 do not exceed. */
    int p99Millis() {
      int above = all / 100;
      int at = BUCKETS - 1;
      while (at > 0 && above >= counts[at]) {
        above -= counts[at--];
      }
      return (int) Math.min(Integer.MAX_VALUE, upperEnd(at));
    }
  }

  /** A node brought a result. */
  public void brought(NodeId node, WorkloadClass workload, long tookMillis, long nowMillis) {
    var key = new Key(node, workload);
    Times times = byAge.computeIfAbsent(key, _ -> new Times());
    times.add(tookMillis);
    times.lastMillis = nowMillis;
    byNode.computeIfAbsent(node, _ -> new HashMap<>()).put(workload, times);
  }

  /**
   * What is known of a node: all of it, or of the {@value #CLASSES_MAX} classes that took longest.
   */
  public Latencies of(NodeId node) {
    Map<WorkloadClass, Times> known = byNode.getOrDefault(node, Map.of());
    List<Latencies.Figure> figures = new ArrayList<>();
    known.forEach(
        (workload, times) -> {
          if (times.all >= RESULTS_MIN) {
            figures.add(new Latencies.Figure(workload, times.p99Millis()));
          }
        });
    if (figures.size() > CLASSES_MAX) {
      figures.sort(SLOWEST_FIRST);
      figures.subList(CLASSES_MAX, figures.size()).clear();
    }
    figures.sort(Comparator.comparing(figure -> figure.workload().word()));
    return figures.isEmpty() ? Latencies.UNKNOWN : new Latencies(figures);
  }

  /** Forgets what is too old or too much; the nodes of which less is known now. */
  public Set<NodeId> forget(long nowMillis) {
    var nodes = new LinkedHashSet<NodeId>();
    var oldest = byAge.entrySet().iterator();
    while (oldest.hasNext()) {
      var each = oldest.next();
      if (byAge.size() <= RECORDS_MAX
          && nowMillis - each.getValue().lastMillis <= FORGOTTEN_MILLIS) {
        break;
      }
      oldest.remove();
      NodeId node = each.getKey().node();
      nodes.add(node);
      Map<WorkloadClass, Times> left = byNode.getOrDefault(node, new HashMap<>());
      left.remove(each.getKey().workload());
      if (left.isEmpty()) {
        byNode.remove(node);
      }
    }
    return nodes;
  }

  /** Up to 7 ms a bucket for each; above, eight for each doubling. */
  static int bucket(long millis) {
    long value = Math.clamp(millis, 0, Integer.MAX_VALUE);
    if (value < PARTS) {
      return (int) value;
    }
    int doublings = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - PART_BITS;
    return Math.min(BUCKETS - 1, PARTS * doublings + (int) (value >>> doublings));
  }

  /** The longest time of a bucket. */
  static long upperEnd(int bucket) {
    if (bucket < 2 * PARTS) {
      return bucket;
    }
    int doublings = bucket / PARTS - 1;
    return ((bucket % PARTS + PARTS + 1L) << doublings) - 1;
  }
}
