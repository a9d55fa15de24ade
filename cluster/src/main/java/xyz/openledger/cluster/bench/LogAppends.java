package xyz.openledger.cluster.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.log.ReceiptLogEntity;
import xyz.openledger.chainanchor.log.LmdbLogView;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.cluster.member.MemberSystem;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * How many receipts a second the member's log appends so that they are on the disk before anybody
 * is told: the log's actor with its batches, its journal with group commit, and its view. Beside it
 * what the disk alone takes to make 4 KiB durable, in the same rounds.
 */
public final class LogAppends {
  private static final int LEAF_BYTES = 288;

  /** As long as the receipt of a job with one replica. */
  private static final int DOCUMENT_CHARACTERS = 3_140;

  /** Not told yet that they are durable, at once. */
  private static final int WINDOW = 4_096;

  private static final long LOG_BYTES_MAX = 8L << 30;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private LogAppends() {}

  /**
   * One round.
   *
   * @param perSecond durable appends, by the wall clock
   * @param perCpuSecond of all threads of this process
   * @param syncsPerSecond 4 KiB appended to a file and made durable, one after the other
   */
  public record Rate(double perSecond, double perCpuSecond, double syncsPerSecond) {}

  /**
   * Appends so many in each round, after one that warms up.
   *
   * @param data a folder that is empty, on the disk that is meant
   */
  public static List<Rate> measure(Path data, int rounds, int perRound, long seed)
      throws IOException {
    Files.createDirectories(data);
    var random = new SplittableRandom(seed);
    var tellers = new Semaphore(WINDOW);
    var rates = new ArrayList<Rate>();
    try (var view = LmdbLogView.open(data.resolve("member/log"), LOG_BYTES_MAX)) {
      ActorSystem<SpawnProtocol.Command> system =
          MemberSystem.start(data, "127.0.0.1", 0, List.of());
      try {
        ActorRef<LogMessage> log =
            spawn(
                system,
                "log",
                ReceiptLogEntity.create("openledger.xyz/log/bench", view, Ed25519Key.generate()));
        ActorRef<LogMessage.Appended> answers =
            spawn(system, "answers", Behaviors.receiveMessage(_ -> told(tellers)));
        for (int round = 0; round <= rounds; round++) {
          var leaves = leaves(random, round * perRound, perRound);
          double micros = Floor.appended(data.resolve("floor-" + round)).wallMicros();
          Rate rate = round(log, answers, tellers, leaves, 1e6 / micros);
          if (round > 0) {
            rates.add(rate);
          }
        }
        long wanted = (long) perRound * (rounds + 1);
        if (view.size() != wanted) {
          throw new IllegalStateException(
              "%d of %d receipts are in the log".formatted(view.size(), wanted));
        }
      } finally {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
      }
    }
    return List.copyOf(rates);
  }

  private static Rate round(
      ActorRef<LogMessage> log,
      ActorRef<LogMessage.Appended> answers,
      Semaphore tellers,
      List<LogLeaf> leaves,
      double syncs) {
    var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long cpu = machine.getProcessCpuTime();
    long wall = System.nanoTime();
    for (LogLeaf leaf : leaves) {
      take(tellers, 1);
      log.tell(new LogMessage.Append(leaf, answers));
    }
    // All of them durable, and told so.
    take(tellers, WINDOW);
    double seconds = (System.nanoTime() - wall) / 1e9;
    double cpuSeconds = (machine.getProcessCpuTime() - cpu) / 1e9;
    tellers.release(WINDOW);
    return new Rate(leaves.size() / seconds, leaves.size() / cpuSeconds, syncs);
  }

  private static void take(Semaphore tellers, int permits) {
    try {
      if (!tellers.tryAcquire(permits, TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the log did not answer within " + TIMEOUT);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static Behavior<LogMessage.Appended> told(Semaphore tellers) {
    tellers.release();
    return Behaviors.same();
  }

  private static List<LogLeaf> leaves(SplittableRandom random, int from, int count) {
    var leaves = new ArrayList<LogLeaf>(count);
    byte[] leaf = new byte[LEAF_BYTES];
    byte[] document = new byte[DOCUMENT_CHARACTERS / 2];
    for (int i = from; i < from + count; i++) {
      random.nextBytes(leaf);
      random.nextBytes(document);
      leaves.add(
          new LogLeaf(
              "job-%026d/result/0".formatted(i),
              HexFormat.of().formatHex(leaf),
              HexFormat.of().formatHex(document)));
    }
    return leaves;
  }

  private static <M> ActorRef<M> spawn(
      ActorSystem<SpawnProtocol.Command> system, String name, Behavior<M> behavior) {
    return AskPattern.<SpawnProtocol.Command, ActorRef<M>>ask(
            system,
            replyTo -> new SpawnProtocol.Spawn<>(behavior, name, Props.empty(), replyTo),
            TIMEOUT,
            system.scheduler())
        .toCompletableFuture()
        .join();
  }
}
