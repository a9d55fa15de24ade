package xyz.openledger.cluster.bench;

import java.util.List;

/**
 * What {@code bench jobs} found, with the conditions it was found under.
 *
 * @param peer what else was measured, to compare the whole row with
 * @param findings what must hold and did not; with any of them the figures are worth nothing
 */
public record JobsReport(
    Surroundings surroundings, Floor floor, List<Row> rows, Peer peer, List<String> findings) {

  /**
   * One network that jobs went through.
   *
   * @param figures one for each number of replicas
   */
  public record Row(
      String name,
      List<String> conditions,
      List<Figure> figures,
      Paced paced,
      List<Goal> goals,
      List<Round> rounds) {}

  /** Medians of the rounds with so many replicas. */
  public record Figure(
      int replicas,
      double jobsPerCpuSecond,
      double cpuMillisPerJob,
      double jobsPerSecond,
      double writtenKibPerJob) {}

  /**
   * Latency at half load, each job timed from when it was due.
   *
   * @param answered until it is durable and its escrow is held
   * @param settled until a reader sees it settled
   */
  public record Paced(int jobs, double jobsPerSecond, Latency answered, Latency settled) {}

  /** What was aimed at, and what came of it. */
  public record Goal(String what, double goal, double measured, boolean met) {
    /** Met from so much on. */
    public static Goal atLeast(String what, double goal, double measured) {
      return new Goal(what, goal, Rounded.to2(measured), measured >= goal);
    }

    /** Met up to so much. */
    public static Goal atMost(String what, double goal, double measured) {
      return new Goal(what, goal, Rounded.to2(measured), measured <= goal);
    }
  }
}
