package xyz.openledger.cluster.member;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import xyz.openledger.protocol.NodeId;

/**
 * When a registration is planned: at once, and again after a pause that doubles for each time that
 * the chain would not have it.
 *
 * <p>Not thread-safe.
 */
final class Registrations {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration PAUSE_MAX = Duration.ofHours(1);

  private final Map<NodeId, Tried> tried = new HashMap<>();

  /**
   * What was tried for a node.
   *
   * @param atMillis when it may be planned again; −1 while it is on its way
   */
  private record Tried(int times, long atMillis) {}

  /** What to do about a node. */
  sealed interface Step {
    /** Nothing: it is on its way, or its pause is not over. */
    record Wait() implements Step {}

    /** Plan it. */
    record Plan() implements Step {}

    /** Say that it was given up, and will be tried again after a pause. */
    record Pause(Duration duration) implements Step {}
  }

  /**
   * What to do now.
   *
   * @param onItsWay whether the outbox has it, or had it to its end
   */
  Step next(NodeId node, boolean onItsWay, long nowMillis) {
    Tried before = tried.get(node);
    if (onItsWay) {
      tried.put(node, new Tried(before == null ? 1 : before.times(), -1));
      return new Step.Wait();
    }
    if (before == null || (before.atMillis() >= 0 && before.atMillis() <= nowMillis)) {
      tried.put(node, new Tried(before == null ? 1 : before.times() + 1, -1));
      return new Step.Plan();
    }
    if (before.atMillis() >= 0) {
      return new Step.Wait();
    }
    Duration pause = pause(before.times());
    tried.put(node, new Tried(before.times(), nowMillis + pause.toMillis()));
    return new Step.Pause(pause);
  }

  /** Forgets a node that is registered. */
  void done(NodeId node) {
    tried.remove(node);
  }

  private static Duration pause(int times) {
    Duration pause = PAUSE.multipliedBy(1L << Math.min(times - 1, 10));
    return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
  }
}
