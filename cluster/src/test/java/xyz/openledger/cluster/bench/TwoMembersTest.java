package xyz.openledger.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.actors.job.JobPartition;

/**
 * Two members as two processes: jobs are sharded over both, and each message between a job in one
 * and books, pool, nodes and log in the other crosses the wire.
 */
class TwoMembersTest {
  private static final int JOBS = 48;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;

  @Test
  void jobsSettleWhereverTheirShardIs() throws Exception {
    try (var first = new CoreNetwork(folder.resolve("first"))) {
      var system = first.member().system();
      Process second = join(Cluster.get(system).selfMember().address().toString());
      try {
        await()
            .alias("the second member")
            .atMost(PATIENCE)
            .until(() -> said().contains("up") || !second.isAlive());
        assertThat(second.isAlive()).as(said()).isTrue();
        await()
            .alias("both take shards")
            .atMost(PATIENCE)
            .until(() -> partitions(system).size() == 2);

        var trial = new Trial("two", first.tenant(), JOBS, 2, 0, JOBS);
        first.tell(trial);
        first.submit(trial, IntStream.range(0, JOBS).boxed().toList());

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(first.findings()).isEmpty());
        Map<Boolean, Integer> partitions = partitions(system);
        assertThat(partitions.get(true)).as("partitions of the first").isPositive();
        assertThat(partitions.get(false)).as("partitions of the second").isPositive();
      } finally {
        second.getOutputStream().close();
        if (!second.waitFor(20, TimeUnit.SECONDS)) {
          second.destroyForcibly();
        }
      }
    }
  }

  /** How many job partitions live with the first member, and how many elsewhere. */
  private static Map<Boolean, Integer> partitions(
      org.apache.pekko.actor.typed.ActorSystem<?> system) {
    ShardRegion.ClusterShardingStats stats =
        AskPattern.<ClusterShardingQuery, ShardRegion.ClusterShardingStats>ask(
                ClusterSharding.get(system).shardState(),
                replyTo ->
                    new GetClusterShardingStats(JobPartition.KEY, Duration.ofSeconds(5), replyTo),
                Duration.ofSeconds(10),
                system.scheduler())
            .toCompletableFuture()
            .join();
    var own = Cluster.get(system).selfMember().address();
    return stats.getRegions().entrySet().stream()
        .collect(
            Collectors.groupingBy(
                region -> region.getKey().equals(own),
                Collectors.summingInt(
                    region ->
                        region.getValue().getStats().values().stream()
                            .mapToInt(count -> ((Number) count).intValue())
                            .sum())));
  }

  private Process join(String seed) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            SecondMember.class.getName(),
            folder.resolve("second").toString(),
            seed));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("second.log").toFile())
        .start();
  }

  private String said() throws Exception {
    Path log = folder.resolve("second.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }
}
