package xyz.openledger.protocol;

import org.jspecify.annotations.Nullable;

/**
 * How a job stands in queues, and how long and how often it is tried. What is absent is as usual.
 *
 * @param priority 0 to 9; the higher, the sooner; 4 if absent
 * @param gang whether its tasks start together or not at all
 * @param retriesMax how many lost replicas of the whole job are replaced
 * @param hedge whether a replica that takes much longer than others gets a second one beside it
 * @param queuedMillisMax how long a task may wait for nodes at a stretch
 * @param runningMillisMax how long a replica may run
 * @param verifyingMillisMax how long what has run may wait for its verdict
 * @param preemptible whether its replicas may be stopped, after notice, for more urgent work; they
 *     may not if absent
 */
public record Scheduling(
    @Nullable Integer priority,
    @Nullable Boolean gang,
    @Nullable Integer retriesMax,
    @Nullable Boolean hedge,
    @Nullable Long queuedMillisMax,
    @Nullable Long runningMillisMax,
    @Nullable Long verifyingMillisMax,
    @Nullable Boolean preemptible) {
  /** Nothing is said. */
  public static final Scheduling USUAL = new Scheduling(null, null, null, null, null, null, null);

  /** The most retries of one job. */
  public static final int RETRIES_MAX = 4_096;

  private static final long MILLIS_MAX = 7 * 86_400_000L;

  /** What does not say whether it may be preempted. */
  public Scheduling(
      @Nullable Integer priority,
      @Nullable Boolean gang,
      @Nullable Integer retriesMax,
      @Nullable Boolean hedge,
      @Nullable Long queuedMillisMax,
      @Nullable Long runningMillisMax,
      @Nullable Long verifyingMillisMax) {
    this(
        priority,
        gang,
        retriesMax,
        hedge,
        queuedMillisMax,
        runningMillisMax,
        verifyingMillisMax,
        null);
  }

  /** Checks the ranges of what is there. */
  public Scheduling {
    if (priority != null) {
      Check.range("scheduling.priority", priority.intValue(), 0, 9);
    }
    if (retriesMax != null) {
      Check.range("scheduling.retriesMax", retriesMax.intValue(), 0, RETRIES_MAX);
    }
    millis("queuedMillisMax", queuedMillisMax);
    millis("runningMillisMax", runningMillisMax);
    millis("verifyingMillisMax", verifyingMillisMax);
  }

  private static void millis(String field, @Nullable Long value) {
    if (value != null) {
      Check.range("scheduling." + field, value.longValue(), 100, MILLIS_MAX);
    }
  }
}
