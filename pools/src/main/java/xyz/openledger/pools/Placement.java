package xyz.openledger.pools;

import java.util.List;

/**
 * Where the replicas of a task go.
 *
 * @param chosen as many nodes as were found, of distinct owners, in order
 * @param hopeless whether too few owners could ever serve what is missing, as the pool stands
 */
public record Placement(List<Node> chosen, boolean hopeless, Explanation explanation) {
  /** Whether every replica found a node. */
  public boolean complete() {
    return explanation.missing() == 0;
  }
}
