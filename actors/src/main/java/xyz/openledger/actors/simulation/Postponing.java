package xyz.openledger.actors.simulation;

import java.util.List;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.TimeShift;
import xyz.openledger.protocol.TaskId;

/** Tasks that wait for a cleaner hour before they ask for a slot. */
final class Postponing {
  private final World world;
  private final TimeShift shift;

  Postponing(World world) {
    this.world = world;
    this.shift = new TimeShift(world.grid);
  }

  /** Whether a task that could start now waits for a cleaner hour: then it asks again by itself. */
  boolean postponed(LiveJob one, Request request) {
    TaskId task = request.task();
    if (!world.wishes.shifts() || request.attempt() > 0 || world.waiting.containsKey(task)) {
      return false;
    }
    long now = world.nowMillis();
    List<Node> nodes = List.copyOf(world.floor.roster().nodes());
    long deadline = one.job.deadlineAtMillis();
    TimeShift.Wait wait = world.rules.shift(shift, request, nodes, deadline, now).orElse(null);
    if (wait == null) {
      return false;
    }
    world.shifting.waits(request, wait, nodes, deadline, now);
    if (one.shiftedSince.putIfAbsent(task.index(), now) == null) {
      world.outcomes.shifted();
    }
    world.agenda.at(
        wait.untilMillis(),
        () -> {
          if (world.live.containsKey(task.job()) && one.requested.containsKey(task.index())) {
            world.jobs.ask(one, task.index());
          }
        });
    return true;
  }
}
