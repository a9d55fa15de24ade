package xyz.openledger.verification;

import java.util.Set;
import xyz.openledger.protocol.ReplicaId;

/**
 * What checks of outcomes have found on the replicas of a task.
 *
 * @param proven those whose outcome a check found right
 * @param refuted those whose outcome a check found wrong, or that were to be checked and were not
 */
public record Checked(Set<ReplicaId> proven, Set<ReplicaId> refuted) {
  /** Where nothing was checked. */
  public static final Checked NOTHING = new Checked(Set.of(), Set.of());

  /** Keeps its own copies. */
  public Checked {
    proven = Set.copyOf(proven);
    refuted = Set.copyOf(refuted);
  }
}
