package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import xyz.openledger.actors.node.CapacityChallenges;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/** How nodes are challenged again, as it is configured. */
final class CapacitySettings {
  private static final int WAITING_MAX = 256;

  private CapacitySettings() {}

  /** Challenges whose times and walks follow from a secret of this member. */
  static CapacityChallenges from(Config root, byte[] secret) {
    var config = root.getConfig("openledger.capacity");
    Duration walk = config.getDuration("walk");
    var thread =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("capacity").daemon().factory());
    thread.allowCoreThreadTimeOut(true);
    Digest drawn = Domain.of("capacity-secret").bytes(secret).digest();
    return new CapacityChallenges(drawn, walk, config.getDuration("interval-min"), thread);
  }
}
