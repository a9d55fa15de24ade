package xyz.openledger.pools;

import java.util.List;
import xyz.openledger.protocol.Policy;

/**
 * A smallest change of a job that enough nodes would then be eligible for: as few clauses as
 * possible, and then as little as possible of each, relative to what was asked.
 *
 * @param changes one for each clause, in words
 * @param policy as it would be
 * @param memoryMaxBytes as it would be
 */
public record Relaxation(List<Change> changes, Policy policy, long memoryMaxBytes) {
  /**
   * One clause that gives way.
   *
   * @param field of the job, such as {@code policy.limits.regions}
   * @param from what was asked
   * @param to what would do
   * @param basisPoints how much that is, relative to what was asked; 10,000 for dropping something
   */
  public record Change(Clause clause, String field, String from, String to, long basisPoints) {}

  /** Keeps its own copy. */
  public Relaxation {
    changes = List.copyOf(changes);
  }
}
