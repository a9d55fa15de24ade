package xyz.openledger.pools.queue;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/**
 * Who has to make room for more urgent work, when, and what that costs. Whether he may be asked to
 * is for {@link Preempting} to say.
 *
 * @param noticeMillis between the word and the end; agreed in the lease
 * @param prioritiesAbove how much more urgent the work must be
 */
public record Preemption(long noticeMillis, int prioritiesAbove) {
  /** Half a minute of notice, for work of at least three priorities more. */
  public static final Preemption DEFAULT = new Preemption(30_000, 3);

  /** Checks the ranges. */
  public Preemption {
    Check.range("noticeMillis", noticeMillis, 0, 86_400_000);
    Check.range("prioritiesAbove", prioritiesAbove, 1, 9);
  }

  /**
   * What runs on a slot that would do.
   *
   * @param borrowed whether its tenant uses it beyond its quota
   * @param savedAtMillis when what it has done was last saved; its start if never
   * @param nanoOpenPerSecond what the node earns by it
   */
  public record Runs(
      TaskId task,
      NodeId node,
      int priority,
      boolean borrowed,
      long savedAtMillis,
      long endsAtMillis,
      long nanoOpenPerSecond) {}

  /**
   * What to do.
   *
   * @param stopped who has to stop, in order
   * @param freeAtMillis when their slots are free
   * @param lostMillis slot time whose work is done again
   * @param owedNanoOpen what their nodes are paid for the notice and for the work that is lost
   */
  public record Plan(List<Runs> stopped, long freeAtMillis, long lostMillis, long owedNanoOpen) {}

  /**
   * The cheapest way to free so many slots; empty if there is none, or if all of it ends within the
   * notice anyway.
   */
  public Optional<Plan> plan(int slots, int priority, List<Runs> running, long nowMillis) {
    long freeAt = nowMillis + noticeMillis;
    List<Runs> stopped =
        running.stream()
            .filter(runs -> priority - runs.priority() >= prioritiesAbove)
            .filter(runs -> runs.endsAtMillis() > freeAt)
            .sorted(
                Comparator.comparing(Runs::borrowed)
                    .reversed()
                    .thenComparingLong(runs -> lost(runs, freeAt))
                    .thenComparing((Runs runs) -> runs.task().job())
                    .thenComparingInt(runs -> runs.task().index())
                    .thenComparing(Runs::node))
            .limit(slots)
            .toList();
    if (slots <= 0 || stopped.size() < slots) {
      return Optional.empty();
    }
    long lost = stopped.stream().mapToLong(runs -> lost(runs, freeAt)).sum();
    long owed =
        stopped.stream()
            .mapToLong(runs -> Math.ceilDiv(lost(runs, freeAt) * runs.nanoOpenPerSecond(), 1_000))
            .sum();
    return Optional.of(new Plan(stopped, freeAt, lost, owed));
  }

  private static long lost(Runs runs, long freeAtMillis) {
    return Math.max(0, freeAtMillis - runs.savedAtMillis());
  }
}
