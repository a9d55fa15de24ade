package xyz.openledger.actors.job;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xyz.openledger.protocol.Address;

/**
 * A task that nobody brings home: nodes of several owners lost it, and none of them ever answered.
 * It is given to no further node, and the evidence is kept: which nodes, and what happened there.
 */
final class Poison {
  /** Distinct owners that lost it before it is suspected rather than they. */
  static final int OWNERS = 5;

  private Poison() {}

  /** The evidence in words; empty while the nodes may be to blame. */
  static Optional<String> of(Job.Task task) {
    Set<Address> owners = new LinkedHashSet<>();
    for (JobReplica replica : task.replicas()) {
      switch (replica.phase()) {
        case COMMITTED, REVEALED -> {
          return Optional.empty();
        }
        case LOST -> owners.add(replica.grant().owner());
        case LEASED, PREEMPTED -> {}
      }
    }
    return owners.size() < OWNERS
        ? Optional.empty()
        : Optional.of(
            "task %d is quarantined: %d owners lost it and nobody answered; %s"
                .formatted(task.index(), owners.size(), losses(task)));
  }

  /** Which nodes lost a task, and what happened there. */
  static String losses(Job.Task task) {
    return task.replicas().stream()
        .filter(replica -> replica.phase() == JobReplica.Phase.LOST)
        .map(
            replica ->
                "%s: %s"
                    .formatted(
                        replica.grant().node(),
                        replica.problem() == null ? replica.detail() : replica.problem().code()))
        .collect(Collectors.joining(", "));
  }
}
