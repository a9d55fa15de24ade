package xyz.openledger.cluster.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import xyz.openledger.protocol.api.JobDetail.ReplicaState;
import xyz.openledger.protocol.api.JobDetail.TaskView;

/** How the tasks of a job stand, counted. */
final class TaskTally {
  private enum State {
    ACCEPTED,
    VERIFYING,
    RUNNING,
    WAITING,
    FAILED
  }

  private TaskTally() {}

  /** {@code 100: 73 accepted, 20 running, 7 waiting}. */
  static String of(List<TaskView> tasks, boolean over) {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    tasks.forEach(task -> counts.merge(state(task, over), 1, Integer::sum));
    return tasks.size()
        + ": "
        + counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
  }

  /** Whether a task has its result. */
  static boolean accepted(TaskView task) {
    return state(task, false) == State.ACCEPTED;
  }

  private static State state(TaskView task, boolean over) {
    if (task.outcome() != null || has(task, ReplicaState.ACCEPTED)) {
      return State.ACCEPTED;
    }
    if (over) {
      return State.FAILED;
    }
    if (has(task, ReplicaState.LEASED) || has(task, ReplicaState.RUNNING)) {
      return State.RUNNING;
    }
    return has(task, ReplicaState.COMMITTED) || has(task, ReplicaState.REVEALED)
        ? State.VERIFYING
        : State.WAITING;
  }

  private static boolean has(TaskView task, ReplicaState state) {
    return task.replicas().stream().anyMatch(replica -> replica.state() == state);
  }
}
