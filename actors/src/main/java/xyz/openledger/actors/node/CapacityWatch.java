package xyz.openledger.actors.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.verification.challenge.Capacity;
import xyz.openledger.verification.challenge.CapacityDraw;
import xyz.openledger.verification.challenge.MemoryWalk;

/**
 * Challenges one node at random times, while it has nothing else to do, and holds what it does
 * against what it claims. {@link Capacity} decides; what changes is the twin's to write down.
 *
 * <pre>
 *   due ──▶ ask ──▶ answered ──▶ walked here too ──▶ judged ──▶ due …
 *              └──── late ─────────────────────────────▲
 * </pre>
 */
final class CapacityWatch {
  /** After so many times the claimed time, an answer is late. */
  private static final int LATE = 4;

  private static final long LATE_MILLIS_MIN = 2_000;

  private final NodeId node;
  private final ActorContext<NodeMessage> context;
  private final TimerScheduler<NodeMessage> timers;
  private final CapacityChallenges challenges;
  private @Nullable Capacity capacity;
  private @Nullable MemoryWalk open;
  private long openNanos;
  private long number = System.nanoTime();

  CapacityWatch(
      NodeId node,
      ActorContext<NodeMessage> context,
      TimerScheduler<NodeMessage> timers,
      CapacityChallenges challenges) {
    this.node = node;
    this.context = context;
    this.timers = timers;
    this.challenges = challenges;
  }

  /** The node is here, and claims so much; an agent of an earlier release claims nothing. */
  void attached(@Nullable Long claimedStepsPerSecond) {
    open = null;
    if (challenges.none() || claimedStepsPerSecond == null) {
      capacity = null;
      return;
    }
    if (capacity == null || capacity.claimedFuelPerSecond() != claimedStepsPerSecond) {
      capacity = Capacity.claimed(claimedStepsPerSecond);
    }
    next(challenges.walk().toMillis());
  }

  /** What to ask now; null if the node has other work, is away, or is not asked at all. */
  SessionMessage.@Nullable CapacityAsk due(boolean idle) {
    Capacity known = capacity;
    if (known == null || !idle || open != null) {
      next(challenges.walk().toMillis());
      return null;
    }
    long millis = challenges.walk().toMillis();
    long steps = Math.max(1, known.claimedFuelPerSecond() / 1_000 * millis);
    var walk =
        new MemoryWalk(
            CapacityDraw.of(challenges.secret(), node, number).seed(),
            (int) Math.min(MemoryWalk.STEPS_MAX, steps));
    open = walk;
    openNanos = System.nanoTime();
    timers.startSingleTimer(
        "capacity-late",
        new NodeMessage.CapacityJudged(walk.seed(), false, 0),
        Duration.ofMillis(Math.max(LATE_MILLIS_MIN, LATE * millis)));
    return new SessionMessage.CapacityAsk(walk.seed(), walk.steps());
  }

  /** The clock stops; whether the answer is right is found out elsewhere, which takes a while. */
  void answered(NodeMessage.CapacityAnswer answer) {
    MemoryWalk walk = open;
    if (walk == null || walk.seed() != answer.seed() || !timers.isTimerActive("capacity-late")) {
      return;
    }
    timers.cancel("capacity-late");
    long millis = Math.max(1, (System.nanoTime() - openNanos) / 1_000_000);
    try {
      context.pipeToSelf(
          CompletableFuture.supplyAsync(walk::digest, challenges.thread()),
          (Digest right, Throwable failed) ->
              new NodeMessage.CapacityJudged(
                  walk.seed(), failed == null && answer.digest().equals(right), millis));
    } catch (RejectedExecutionException busy) {
      // Nothing is known of this one; it says nothing of the node.
      open = null;
      next(millis);
    }
  }

  /** Takes in what a challenge came to; answers what that changes. */
  Capacity.Change judged(NodeMessage.CapacityJudged judged, boolean before) {
    MemoryWalk walk = open;
    Capacity known = capacity;
    if (walk == null || known == null || walk.seed() != judged.seed()) {
      return Capacity.Change.NONE;
    }
    open = null;
    long took =
        judged.millis() == 0 ? (System.nanoTime() - openNanos) / 1_000_000 : judged.millis();
    capacity = known.measured(judged.right() ? walk.steps() : 0, took);
    next(took);
    return capacity.change(before);
  }

  /** What it claims, and does by the last challenges. */
  Downgrade found(long atMillis) {
    Capacity known = capacity;
    return known == null
        ? new Downgrade(1, 1, atMillis)
        : new Downgrade(known.claimedFuelPerSecond(), known.believedFuelPerSecond(), atMillis);
  }

  private void next(long tookMillis) {
    if (capacity == null) {
      return;
    }
    long draw = CapacityDraw.of(challenges.secret(), node, ++number).time();
    long least = Math.max(1, challenges.intervalMin().toMillis());
    long millis =
        Math.max(Capacity.nextAtMillis(0, tookMillis, draw), least + Math.floorMod(draw, least));
    timers.startSingleTimer(
        "capacity-due", new NodeMessage.CapacityDue(), Duration.ofMillis(millis));
  }
}
