package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/**
 * Why a task went where it went, or why it waits; facts that are stored with the decision.
 *
 * @param nodes how many were considered
 * @param removed by which clauses how many of them fell away, each by the first that it failed;
 *     only clauses that removed any
 * @param feasible how many were left
 * @param chosen in the order of the draw
 * @param missing how many replicas found no node
 */
public record Explanation(
    int nodes, List<Removed> removed, int feasible, List<Chosen> chosen, int missing) {

  /**
   * What one clause did.
   *
   * @param notYet nodes that may do later
   * @param never nodes that never will
   */
  public record Removed(Clause clause, int notYet, int never) {}

  /**
   * A node that was chosen.
   *
   * @param score the weighted mean of the parts, 0 to 10,000
   * @param eligible how many nodes it was drawn from: those within the pool's margin of the best
   * @param newcomer whether it was tried because it has no history yet
   */
  public record Chosen(
      NodeId node, Address owner, int score, int eligible, boolean newcomer, List<Part> parts) {}

  /** One part of a score: how well the node does, and how much the policy cares. */
  public record Part(String name, int score, int weight) {}

  /** The same for people, one fact a line. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("%d of %d nodes may run it now".formatted(feasible, nodes));
    for (Removed clause : removed) {
      lines.add(
          "  %s removed %d for now, %d for good"
              .formatted(clause.clause().label(), clause.notYet(), clause.never()));
    }
    for (Chosen choice : chosen) {
      lines.add(
          "%s scored %d of 10000 (%s), %s"
              .formatted(choice.node(), choice.score(), parts(choice), drawn(choice)));
    }
    if (missing > 0) {
      lines.add("%d more wait for a node".formatted(missing));
    }
    return lines;
  }

  private static String parts(Chosen choice) {
    return String.join(
        ", ",
        choice.parts().stream()
            .map(part -> "%s %d × %d".formatted(part.name(), part.score(), part.weight()))
            .toList());
  }

  private static String drawn(Chosen choice) {
    return choice.newcomer()
        ? "tried as one of %d newcomers".formatted(choice.eligible())
        : "drawn from %d as good".formatted(choice.eligible());
  }
}
