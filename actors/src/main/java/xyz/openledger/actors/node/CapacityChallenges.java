package xyz.openledger.actors.node;

import java.time.Duration;
import java.util.concurrent.Executor;
import xyz.openledger.protocol.Digest;

/**
 * How a member checks that nodes are as fast as they claim.
 *
 * @param secret what times and walks are drawn from
 * @param walk how long a walk takes at the speed that was claimed; zero for no challenges
 * @param intervalMin the least time between two challenges of one node
 * @param thread walks the same to know its end; takes as long as a fast node, and refuses when too
 *     many wait
 */
public record CapacityChallenges(
    Digest secret, Duration walk, Duration intervalMin, Executor thread) {
  /** No challenges after the first one. */
  public static final CapacityChallenges NONE =
      new CapacityChallenges(
          new Digest(0, 0, 0, 0), Duration.ZERO, Duration.ofDays(1), Runnable::run);

  /** Checks the ranges. */
  public CapacityChallenges {
    if (walk.isNegative()
        || walk.compareTo(Duration.ofSeconds(5)) > 0
        || intervalMin.isNegative()) {
      throw new IllegalArgumentException(
          "openledger.capacity: a walk takes 0 to 5 s, and an interval is positive");
    }
  }

  boolean none() {
    return walk.isZero();
  }
}
