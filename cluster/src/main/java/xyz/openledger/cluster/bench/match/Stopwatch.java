package xyz.openledger.cluster.bench.match;

import static java.util.Objects.requireNonNull;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.cluster.bench.Rounded;

/**
 * CPU time of this thread. Several ways of doing the same take turns, so that what disturbs the
 * machine disturbs them alike; the first rounds of each warm up and are thrown away.
 */
public final class Stopwatch {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP_ROUNDS = 3;
  private static final double NANOS_PER_MICRO = 1_000;

  private final int rounds;
  private final long roundNanos;

  /** So many rounds of at least that long each. */
  public Stopwatch(int rounds, long roundNanos) {
    this.rounds = rounds;
    this.roundNanos = roundNanos;
  }

  /** What is timed: answers how many it has done. */
  public interface Work {
    int run();
  }

  /** Microseconds each, round by round. */
  public record Times(List<Double> micros) {
    /** Of the rounds. */
    public double median() {
      return Rounded.median(micros);
    }

    /** As it is reported. */
    public MatchReport.Figure figure(String what) {
      return new MatchReport.Figure(
          what,
          Rounded.to4(median()),
          Rounded.to4(micros.stream().mapToDouble(Double::doubleValue).min().orElse(0)),
          Rounded.to4(micros.stream().mapToDouble(Double::doubleValue).max().orElse(0)));
    }

    /** How many times as long as {@code other}, the median of rounds side by side. */
    public double over(Times other) {
      var ratios = new ArrayList<Double>();
      for (int i = 0; i < micros.size(); i++) {
        ratios.add(micros.get(i) / other.micros.get(i));
      }
      return Rounded.median(ratios);
    }
  }

  static long cpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** Times each, in turn. */
  public Map<String, Times> alternate(Map<String, Work> works) {
    var times = new LinkedHashMap<String, Times>();
    works.keySet().forEach(name -> times.put(name, new Times(new ArrayList<>())));
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (Map.Entry<String, Work> work : works.entrySet()) {
        long start = cpuNanos();
        long done = 0;
        do {
          done += work.getValue().run();
        } while (cpuNanos() - start < roundNanos);
        if (round >= 0) {
          requireNonNull(times.get(work.getKey()))
              .micros()
              .add((cpuNanos() - start) / NANOS_PER_MICRO / done);
        }
      }
    }
    return times;
  }

  /** Times one way. */
  public Times time(Work work) {
    return requireNonNull(alternate(Map.of("it", work)).get("it"));
  }
}
