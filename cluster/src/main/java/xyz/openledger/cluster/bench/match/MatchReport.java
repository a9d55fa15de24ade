package xyz.openledger.cluster.bench.match;

import java.util.List;
import xyz.openledger.cluster.bench.JobsReport;
import xyz.openledger.cluster.bench.Surroundings;

/**
 * What {@code bench match} found, with the conditions it was found under.
 *
 * @param kernel the one in C, or why there is none
 * @param findings what must hold and did not; with any of them the figures are worth nothing
 */
public record MatchReport(
    Surroundings surroundings,
    long seed,
    int nodes,
    String kernel,
    List<Part> parts,
    List<String> findings) {

  /** One question, and what came of it. */
  public record Part(
      String name,
      String how,
      List<Figure> figures,
      List<Fact> facts,
      List<JobsReport.Goal> goals) {
    /** Keeps its own copies. */
    public Part {
      figures = List.copyOf(figures);
      facts = List.copyOf(facts);
      goals = List.copyOf(goals);
    }
  }

  /** Microseconds of CPU each: the median of rounds, and their extremes. */
  public record Figure(String what, double micros, double minMicros, double maxMicros) {}

  /** Something counted. */
  public record Fact(String what, double value) {}
}
