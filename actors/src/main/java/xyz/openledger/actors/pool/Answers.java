package xyz.openledger.actors.pool;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Placement;
import xyz.openledger.pools.TimeShift;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TaskId;

/**
 * What jobs are told that ask for nodes and do not get them at once: why, and what they wait for.
 */
final class Answers {
  private final PoolId pool;
  private final Waiting waiting;
  private final Members members;
  private final Clock clock;

  Answers(PoolId pool, Waiting waiting, Members members, Clock clock) {
    this.pool = pool;
    this.waiting = waiting;
    this.members = members;
    this.clock = clock;
  }

  void notOpen(PoolMessage.Request request) {
    unplaceable(request.replyTo(), request.request().task(), "this pool is not open");
  }

  /** The job has a lease that it had not heard of when it asked. */
  void leasedBefore(PoolMessage.Request request, Grant granted) {
    request
        .replyTo()
        .tell(
            new JobMessage.Granted(
                request.request().task().job(),
                List.of(granted),
                List.of(granted.node() + ", as leased before")));
  }

  /** It should ask again once the grid is cleaner. */
  void postponed(PoolMessage.Request request, TimeShift.Wait wait) {
    request
        .replyTo()
        .tell(
            new JobMessage.Queued(
                request.request().task(), pool, List.of(wait.words()), wait.untilMillis()));
  }

  /** It waits; for what, say these lines. */
  void queued(Asked waits, List<String> lines) {
    waits.replyTo().tell(new JobMessage.Queued(waits.task(), pool, lines));
  }

  /** It waits in vain, and is withdrawn. */
  void hopeless(Asked waits, String reason) {
    waiting.withdraw(waits.task());
    unplaceable(waits.replyTo(), waits.task(), reason);
  }

  private void unplaceable(ActorRef<JobMessage> job, TaskId task, String reason) {
    job.tell(new JobMessage.Unplaceable(task, pool, List.of(reason)));
  }

  /** Tells a job that still waits in the queue what it waits for, or that it waits in vain. */
  void explain(TaskId task) {
    Asked entry = waiting.find(task);
    Matcher by = waiting.matcher();
    PoolQueue queue = waiting.queue();
    if (entry == null || by == null || queue == null) {
      return;
    }
    Placement placement =
        by.place(
            entry.request(),
            members.roster().inClass(entry.resourceClass()),
            entry.replicas().size());
    String reason = placement.explanation().waiting();
    if (placement.hopeless()) {
      hopeless(entry, reason);
      return;
    }
    var lines = new ArrayList<String>();
    // With nodes enough it is something else that holds it up, and the queue knows what.
    if (placement.explanation().missing() > 0 || !queue.isHeldBack(task)) {
      lines.add(reason);
    }
    lines.addAll(queue.outlook(task, clock.millis()));
    queued(entry, List.copyOf(lines));
  }
}
