package xyz.openledger.actors.simulation;

import java.util.List;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.TimeShift;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TaskId;

/** What must hold of work that waits for a clean hour: it starts in time to be done. */
final class ShiftInvariants {
  private final String where;

  ShiftInvariants(String where) {
    this.where = where;
  }

  /** A task is told to wait. */
  void waits(
      Request request, TimeShift.Wait wait, List<Node> nodes, long deadlineMillis, long nowMillis) {
    Policy.Shift shift = request.policy().shift();
    if (shift == null) {
      fail(nowMillis, request.task() + " waits for a clean hour, and never said that it would");
      return;
    }
    Long within = shift.withinMillis();
    long submitted = deadlineMillis - request.policy().limits().deadlineMillis();
    if (within != null && wait.untilMillis() > submitted + within) {
      fail(nowMillis, request.task() + " waits for longer than it said");
    }
    boolean inTime =
        nodes.stream()
            .anyMatch(
                node ->
                    wait.untilMillis() + node.durationMicros(request.fuelMax()) / 1_000
                        <= deadlineMillis);
    if (!inTime) {
      fail(nowMillis, request.task() + " waits past its deadline");
    }
    if (wait.savesMicrograms() <= 0 || wait.untilMillis() <= nowMillis) {
      fail(nowMillis, request.task() + " waits for nothing");
    }
  }

  /** A job that waited for the grid has ended by its deadline and not by a result. */
  void expired(TaskId task, long nowMillis) {
    fail(nowMillis, task + " waited for a clean hour and missed its deadline");
  }

  private void fail(long nowMillis, String what) {
    throw new Invariants.Violation(where, nowMillis, what);
  }
}
