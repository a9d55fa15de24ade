package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** Gives free slots to those who wait, as the scheduler says. */
final class Placing {
  private final World world;

  Placing(World world) {
    this.world = world;
  }

  /** Asks the scheduler, if anybody waits. */
  void pump() {
    if (world.waiting.isEmpty()) {
      return;
    }
    long now = world.nowMillis();
    List<PoolQueue.Grant> grants = world.scheduler.next(world.floor.roster(), now);
    Set<TenantId> heldBack =
        world.invariants.given(grants, world.floor.roster(), world.waiting, now);
    if (world.judgesGangs()) {
      world.gangs.given(grants, world.floor.roster(), world.waiting, heldBack, world::leases, now);
    }
    grants.forEach(grant -> place(world, grant, Policy.Capacity.ON_DEMAND));
    world.forecasts.tell();
  }

  /** Leases what was granted, and starts it. */
  static List<Grant> place(World world, PoolQueue.Grant grant, Policy.Capacity capacity) {
    Request asked = grant.entry().request();
    TaskId id = asked.task();
    LiveJob one = world.live.get(id.job());
    TreeSet<Integer> numbers = one == null ? null : one.requested.get(id.index());
    if (one == null || numbers == null) {
      throw new IllegalStateException(id + " was granted and does not wait");
    }
    long now = world.nowMillis();
    var grants = new ArrayList<Grant>();
    for (Node node : grant.placement().chosen()) {
      Grant lease =
          Jobs.grant(new ReplicaId(id, numbers.removeFirst()), node, ++world.fence)
              .bought(capacity);
      Grant known = lease.of(world.rules.standing(world.shown, asked, lease));
      world.belief.leased(one.job, known, now);
      grants.add(known);
    }
    if (numbers.isEmpty()) {
      world.waiting.remove(id);
      world.forecasts.served(id);
    } else {
      rest(world, id, grant);
    }
    List<Grant> assigned = world.rules.assign(one.job, grants);
    world.stopping.assigned(one.job, assigned, now);
    one.job = one.job.apply(new JobEvent.Placed(id.job(), assigned, List.of(), now));
    world.invariants.budget(one.job, now);
    assigned.forEach(lease -> world.runs.start(one, lease));
    if (world.rules.mayStop(one.job, one.job.tasks().get(id.index()))) {
      assigned.forEach(
          lease -> world.scheduler.began(lease, world.floor.now(lease.node(), now), asked, now));
    }
    if (!one.started && one.job.tasks().stream().noneMatch(it -> it.replicas().isEmpty())) {
      one.started = true;
      world.outcomes.started(now - one.arrival.atMillis(), Wishes.AHEAD.boughtAhead(one.arrival));
    }
    return assigned;
  }

  /** The rest asks for other owners than those it has been given. */
  private static void rest(World world, TaskId id, PoolQueue.Grant grant) {
    Invariants.Waits waits = world.waiting.get(id);
    if (waits != null) {
      Request rest = waits.request();
      for (Node node : grant.placement().chosen()) {
        rest = rest.after(node);
      }
      world.waiting.put(id, new Invariants.Waits(rest, waits.sinceMillis()));
    }
  }
}
