package xyz.openledger.actors.simulation;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.pool.Notices;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.SavedState;

/** Notices: work that is asked to make room, saves what it has, and is stopped. */
final class MakingRoom {
  private final World world;

  MakingRoom(World world) {
    this.world = world;
  }

  /** Asks those to make room who must, for those that have waited too long. */
  void look() {
    long now = world.nowMillis();
    for (Notices.Demand demand : world.scheduler.demands(world.floor.roster(), now)) {
      LiveJob one = world.live.get(demand.said().replica().job());
      if (one != null) {
        for (JobEvent event : world.rules.notice(one.job, demand.said(), now)) {
          world.stopping.stopped(event, now);
          if (event instanceof JobEvent.Noticed noticed) {
            world.stopping.noticed(one.job, noticed, world.waiting.get(demand.waits()), now);
            world.agenda.at(now + noticed.noticeMillis(), () -> noticeIsOver(one, noticed));
          }
          world.jobs.apply(one, event);
        }
      }
    }
  }

  /** A node that saves says that it stopped; of the others the job knows by its own clock. */
  private void noticeIsOver(LiveJob one, JobEvent.Noticed noticed) {
    JobReplica replica =
        world.live.containsKey(one.job.id()) ? one.job.replica(noticed.replica()) : null;
    LiveJob.Run run = one.runs.get(noticed.replica());
    if (replica == null || replica.phase() != JobReplica.Phase.LEASED || run == null) {
      return;
    }
    long now = world.nowMillis();
    JobEvent said = world.wishes.trains(one.arrival) ? stops(one, replica, run, noticed) : null;
    for (JobEvent event : said == null ? world.rules.over(one.job, now) : List.of(said)) {
      world.stopping.stopped(event, now);
      if (event instanceof JobEvent.Preempted over) {
        world.outcomes.preempted();
        world.runs.free(
            one,
            Objects.requireNonNull(one.job.replica(over.replica())).grant(),
            PoolQueue.End.CALLED_BACK);
      }
      world.jobs.apply(one, event);
      world.invariants.budget(one.job, now);
    }
  }

  /** As agents do, it saves after the last step that is done in half of the notice. */
  private @Nullable JobEvent stops(
      LiveJob one, JobReplica replica, LiveJob.Run run, JobEvent.Noticed noticed) {
    Grant grant = replica.grant();
    long saves = noticed.atMillis() + noticed.noticeMillis() / 2;
    long burnt = (long) (run.fuelPerSecond() * (saves - run.sinceMillis()) / 1_000);
    SavedState saved = Training.saved(one.arrival, grant, burnt, run.says());
    if (saved != null) {
      one.states.put(saved.blob(), run.says());
    }
    return world.rules.stopped(
        one.job,
        new JobMessage.Lost(
            grant.replica(),
            grant.node(),
            grant.fence(),
            Problem.DEADLINE_PASSED,
            "its notice is over",
            null,
            saved),
        world.nowMillis());
  }
}
