package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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
   * @param words of the policy, where the clause alone does not say which condition it was
   * @param notYet nodes that may do later
   * @param never nodes that never will
   */
  public record Removed(Clause clause, String words, int notYet, int never) {
    /** A clause of which there is one. */
    public Removed(Clause clause, int notYet, int never) {
      this(clause, "", notYet, never);
    }

    private String sentence() {
      String by = " removed by " + clause.label() + (words.isEmpty() ? "" : " `" + words + "`");
      String soft = notYet + by + " for now";
      String hard = never + by;
      return notYet == 0 ? hard : never == 0 ? soft : hard + ", " + soft;
    }
  }

  /**
   * A node that was chosen.
   *
   * @param score the weighted mean of the parts, 0 to 10,000
   * @param eligible how many nodes it was drawn from: those within the pool's margin of the best
   * @param newcomer whether it was tried because it has no history yet
   * @param near what it holds of what the task needs, and how far it is from the other replicas,
   *     and what it was shown, in words; empty if none counted
   */
  public record Chosen(
      NodeId node,
      Address owner,
      int score,
      int eligible,
      boolean newcomer,
      List<Part> parts,
      String near) {}

  /** One part of a score: how well the node does, and how much the policy cares. */
  public record Part(String name, int score, int weight) {
    /** {@code cost 9000 × 2}. */
    public String words() {
      return "%s %d × %d".formatted(name, score, weight);
    }
  }

  /** Why each chosen node, a sentence each; what kept others away stands in the first. */
  public List<String> choices() {
    var lines = new ArrayList<String>();
    for (Chosen choice : chosen) {
      lines.add(
          "%s of %s: scored %d of 10000 (%s), %s%s%s"
              .formatted(
                  choice.node(),
                  counted(nodes, "node"),
                  choice.score(),
                  choice.parts().stream().map(Part::words).collect(Collectors.joining(", ")),
                  drawn(choice),
                  choice.near().isEmpty() ? "" : "; " + choice.near(),
                  lines.isEmpty() && !removed.isEmpty() ? "; " + removals() : ""));
    }
    return lines;
  }

  /** What the missing replicas wait for, as a sentence. */
  public String waiting() {
    String who = counted(missing, "replica") + (missing == 1 ? " needs" : " need") + " a node";
    return missing == 0
        ? "others who asked before; %s could run it".formatted(counted(feasible, "node"))
        : nodes == 0
            ? who + "; the pool has none"
            : "%s; of %s, %s"
                .formatted(
                    who,
                    counted(nodes, "node"),
                    removed.isEmpty() ? "too few owners could run it" : removals());
  }

  private String removals() {
    return removed.stream().map(Removed::sentence).collect(Collectors.joining(", "));
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String drawn(Chosen choice) {
    return choice.newcomer()
        ? "tried as one of " + counted(choice.eligible(), "newcomer")
        : choice.eligible() == 1
            ? "with none as good"
            : "drawn from %d as good".formatted(choice.eligible());
  }
}
