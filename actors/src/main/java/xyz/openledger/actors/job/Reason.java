package xyz.openledger.actors.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;

/**
 * Why one placement of a task went where it went: the pool among the pools, and each node among its
 * nodes, as they stood then.
 *
 * @param lines sentences, in the past tense
 */
public record Reason(int task, List<String> lines) {
  /** The most lines that are kept of one job. */
  public static final int LINES_MAX = 32;

  /**
   * What was known, and a further placement. Of each task the first and the latest placement are
   * kept, and of a job at most {@value #LINES_MAX} lines: its first placement, and its latest ones.
   */
  public static List<Reason> and(List<Reason> known, JobEvent.Placed placed) {
    int task = placed.grants().getFirst().replica().task().index();
    var reasons = new ArrayList<>(known);
    known.stream().filter(reason -> reason.task() == task).skip(1).forEach(reasons::remove);
    List<String> lines = placed.explanation();
    reasons.add(new Reason(task, lines.subList(0, Math.min(lines.size(), LINES_MAX))));
    while (lines(reasons).size() > LINES_MAX) {
      reasons.remove(reasons.size() > 2 ? 1 : 0);
    }
    return List.copyOf(reasons);
  }

  /** What was known, and that the latest placement of a task is slow. */
  public static List<Reason> and(List<Reason> known, JobEvent.Hedged hedged) {
    return and(known, hedged.straggler(), hedged.detail());
  }

  /** What was known, and that a job answered before it was verified. */
  public static List<Reason> and(List<Reason> known, JobEvent.Answered answered) {
    List<Reason> reasons = known;
    for (Receipt.TaskReceipt task : answered.receipt().tasks()) {
      for (Receipt.ReplicaReceipt replica : task.replicas()) {
        if (replica.standing() == Receipt.Standing.ACCEPTED) {
          reasons = and(reasons, replica.replica(), "answered first, before it was verified");
        }
      }
    }
    return reasons;
  }

  /** What was known, and what befell a replica since its placement. */
  public static List<Reason> and(List<Reason> known, ReplicaId replica, String detail) {
    int task = replica.task().index();
    String line = "task %d, replica r%d: %s".formatted(task, replica.number(), detail);
    var reasons = new ArrayList<>(known);
    for (int i = reasons.size() - 1; i >= 0; i--) {
      Reason reason = reasons.get(i);
      if (reason.task() == task && lines(reasons).size() < LINES_MAX) {
        var lines = new ArrayList<>(reason.lines());
        lines.add(line);
        reasons.set(i, new Reason(task, List.copyOf(lines)));
        return List.copyOf(reasons);
      }
    }
    return List.copyOf(reasons);
  }

  /** All their lines, task by task. */
  public static List<String> lines(List<Reason> reasons) {
    return reasons.stream()
        .sorted(Comparator.comparingInt(Reason::task))
        .flatMap(reason -> reason.lines().stream())
        .toList();
  }
}
