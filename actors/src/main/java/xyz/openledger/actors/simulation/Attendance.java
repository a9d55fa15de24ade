package xyz.openledger.actors.simulation;

import java.util.List;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.protocol.NodeId;

/** Machines that come, go away with what they run, and come back. */
final class Attendance {
  private static final long AWAY_MILLIS = 1_800_000;
  private static final long STAKE_NANO_OPEN = 1_000_000_000_000L;

  /**
   * Of four machines, so many have something at stake: the results of the others are all redone.
   */
  private static final int STAKED_OF_FOUR = 3;

  private final World world;
  private final Dice dice;

  Attendance(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
  }

  void bring(Machine machine) {
    NodeId id = machine.node().id();
    world.floor.bring(machine);
    if (Math.floorMod(id.hashCode(), 4) < STAKED_OF_FOUR) {
      world.shown.staked(id, STAKE_NANO_OPEN);
      world.belief.staked(id, STAKE_NANO_OPEN);
    }
    long joins = machine.joinsLate() ? 3_600_000L * dice.below(24) : 0;
    if (joins > 0) {
      world.agenda.at(joins, () -> up(machine));
    } else {
      up(machine);
    }
  }

  private void up(Machine machine) {
    long now = world.nowMillis();
    world.ahead.back(machine.node().id());
    world.floor.set(machine.node().id(), true, now);
    if (machine.upMillis() > 0) {
      world.agenda.at(
          now + (long) dice.exponential((double) machine.upMillis()), () -> down(machine));
    }
  }

  private void down(Machine machine) {
    NodeId id = machine.node().id();
    world.ahead.away(id);
    world.floor.set(id, false, world.nowMillis());
    for (LiveJob one : List.copyOf(world.live.values())) {
      for (Job.Task task : one.job.tasks()) {
        for (JobReplica replica : task.replicas()) {
          if (replica.live() && replica.grant().node().equals(id)) {
            world.runs.lose(one, replica);
          }
        }
      }
    }
    world.agenda.at(world.nowMillis() + AWAY_MILLIS, () -> up(machine));
  }
}
