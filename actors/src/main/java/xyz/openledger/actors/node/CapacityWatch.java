package xyz.openledger.actors.node;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.verification.challenge.Capacity;
import xyz.openledger.verification.challenge.CapacityDraw;
import xyz.openledger.verification.challenge.Challenge;
import xyz.openledger.verification.challenge.MemoryWalk;

/**
 * Challenges one node at random times, while it has nothing else to do, and holds what it does
 * against what it claims: its memory and its fuel in turn. {@link Capacity} decides; what changes
 * is the twin's to write down.
 *
 * <pre>
 *   due ──▶ ask ──▶ answered ──▶ done here too ──▶ judged ──▶ due …
 *              ├──── late ────────────────────────────▲
 *              └──── work comes: nothing is learnt ──────────▶ due …
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
  private final Map<Measure, Capacity> known = new EnumMap<>(Measure.class);
  private @Nullable Open open;
  private Measure last = Measure.FUEL;
  private boolean mayBurn;
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

  /**
   * A challenge under way.
   *
   * @param length steps, or rounds
   */
  private record Open(Measure measure, long seed, int length, long sinceNanos) {
    Digest right() {
      return switch (measure) {
        case MEMORY -> new MemoryWalk(seed, length).digest();
        case FUEL -> Digest.of(new Challenge(seed, length).output());
      };
    }

    long done() {
      return measure == Measure.MEMORY ? length : new Challenge(seed, length).fuel();
    }

    long millis() {
      return Math.max(1, (System.nanoTime() - sinceNanos) / 1_000_000);
    }
  }

  /**
   * What challenges have come to mean.
   *
   * @param found what it claims, and does by the last ones
   */
  record Finding(Capacity.Change change, Downgrade found) {}

  /**
   * The node is here, and claims so much. An agent of an earlier release claims nothing of its
   * memory; of its fuel each does.
   */
  void attached(@Nullable Long stepsPerSecond, long fuelPerSecond) {
    open = null;
    if (challenges.none()) {
      return;
    }
    claims(Measure.MEMORY, stepsPerSecond);
    claims(Measure.FUEL, Math.max(1, fuelPerSecond));
    next(challenges.walk().toMillis());
  }

  private void claims(Measure measure, @Nullable Long perSecond) {
    if (perSecond == null) {
      known.remove(measure);
    } else if (!known.containsKey(measure)
        || known.get(measure).claimedFuelPerSecond() != perSecond) {
      known.put(measure, Capacity.claimed(perSecond));
    }
  }

  /** What to ask about now; null if the node has other work, or is away. */
  @Nullable Measure due(boolean idle) {
    next(challenges.walk().toMillis());
    if (!idle || open != null || known.isEmpty()) {
      return null;
    }
    last =
        last == Measure.FUEL && known.containsKey(Measure.MEMORY) ? Measure.MEMORY : Measure.FUEL;
    mayBurn = last == Measure.FUEL;
    return last;
  }

  /** Opens a walk; the clock runs. */
  SessionMessage.CapacityAsk walk() {
    Open begun = begin(Measure.MEMORY, claimed(Measure.MEMORY));
    return new SessionMessage.CapacityAsk(begun.seed(), begun.length());
  }

  /** Opens a program that burns fuel, once for each time that one is due; the clock runs. */
  @Nullable Challenge burn() {
    if (!mayBurn || open != null) {
      return null;
    }
    mayBurn = false;
    Open begun = begin(Measure.FUEL, claimed(Measure.FUEL));
    return new Challenge(begun.seed(), begun.length());
  }

  private long claimed(Measure measure) {
    Capacity capacity = known.get(measure);
    return capacity == null ? 1 : capacity.claimedFuelPerSecond();
  }

  private Open begin(Measure measure, long claimedPerSecond) {
    long millis = challenges.walk().toMillis();
    long seed = CapacityDraw.of(challenges.secret(), node, number).seed();
    long wanted = Math.max(1, claimedPerSecond / 1_000 * millis);
    Open begun =
        switch (measure) {
          case MEMORY ->
              new Open(
                  measure, seed, (int) Math.min(MemoryWalk.STEPS_MAX, wanted), System.nanoTime());
          case FUEL -> {
            var program = Challenge.burning(seed, wanted);
            yield new Open(measure, program.seed(), program.rounds(), System.nanoTime());
          }
        };
    open = begun;
    timers.startSingleTimer(
        "capacity-late",
        new NodeMessage.CapacityJudged(begun.seed(), false, 0),
        Duration.ofMillis(Math.max(LATE_MILLIS_MIN, LATE * millis)));
    return begun;
  }

  /** The clock stops; whether the answer is right is found out elsewhere, which takes a while. */
  void answered(NodeMessage.CapacityAnswer answer) {
    Open asked = open;
    if (asked == null || asked.seed() != answer.seed() || !timers.isTimerActive("capacity-late")) {
      return;
    }
    timers.cancel("capacity-late");
    long millis = asked.millis();
    try {
      context.pipeToSelf(
          CompletableFuture.supplyAsync(asked::right, challenges.thread()),
          (Digest right, Throwable failed) ->
              new NodeMessage.CapacityJudged(
                  asked.seed(), failed == null && answer.digest().equals(right), millis));
    } catch (RejectedExecutionException busy) {
      // Nothing is known of this one; it says nothing of the node.
      passOver();
    }
  }

  /** Work has come, or something else: what was asked says nothing of the node any more. */
  void passOver() {
    if (open != null) {
      open = null;
      timers.cancel("capacity-late");
      next(challenges.walk().toMillis());
    }
  }

  /** Takes in what a challenge came to; null if it is none that is open. */
  @Nullable Finding judged(NodeMessage.CapacityJudged judged, Downgrades before, long atMillis) {
    Open asked = open;
    Capacity capacity = asked == null ? null : known.get(asked.measure());
    if (asked == null || capacity == null || asked.seed() != judged.seed()) {
      return null;
    }
    open = null;
    long took = judged.millis() == 0 ? asked.millis() : judged.millis();
    next(took);
    Capacity now = capacity.measured(judged.right() ? asked.done() : 0, took);
    known.put(asked.measure(), now);
    return new Finding(
        now.change(before.has(asked.measure())),
        new Downgrade(
            asked.measure(), now.claimedFuelPerSecond(), now.believedFuelPerSecond(), atMillis));
  }

  private void next(long tookMillis) {
    if (known.isEmpty()) {
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
