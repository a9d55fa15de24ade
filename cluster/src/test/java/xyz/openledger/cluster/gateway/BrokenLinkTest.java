package xyz.openledger.cluster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.session.Commit;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.Reveal;

/** A session goes on over any number of links. */
class BrokenLinkTest {
  private static final int LEASES = 3_000;
  private static final int CUTS = 60;

  @TempDir Path folder;

  @Test
  void everyLeaseIsAnsweredOnceHoweverOftenTheLinkIsCut() throws Exception {
    try (var conversation = new Conversation(folder);
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      var runs = new AtomicInteger();
      var random = new SplittableRandom(7);
      // Tasks take a moment, so that cuts fall between a lease and its answer.
      TaskRunner slow =
          task -> {
            runs.incrementAndGet();
            var result = new CompletableFuture<TaskResult>();
            var _ =
                clock.schedule(
                    () -> result.complete(Conversation.completed(task.request().input())),
                    random.nextInt(20),
                    TimeUnit.MILLISECONDS);
            return result;
          };
      conversation.join("ada", Conversation.terms("ada"));
      conversation.start("ada", slow);
      await().until(() -> conversation.directory.sessions.size() == 1);
      var session = conversation.directory.session(0);

      int leased = 0;
      int cuts = 0;
      while (leased < LEASES || cuts < CUTS) {
        int open = leased - session.commits().size() - atOnce(session.reveals());
        int count = Math.min(LEASES - leased, 64 - open);
        if (count > 0) {
          List<Lease> leases =
              IntStream.range(leased, leased + count)
                  .mapToObj(number -> Conversation.lease(number, number % 3 == 0))
                  .toList();
          if (session.lease(leases)) {
            leased += count;
          }
        }
        if (cuts < CUTS && leased > cuts * (LEASES / CUTS) && conversation.proxy.cut() > 0) {
          cuts++;
        }
        Thread.sleep(2);
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> session.reveals().size() >= LEASES);

      assertThat(conversation.directory.sessions).hasSize(1);
      assertThat(runs).hasValue(LEASES);
      synchronized (session) {
        assertThat(session.links()).isGreaterThan(CUTS / 2);
        assertThat(session.faults()).isEmpty();
        assertThat(session.foreignTasks()).isZero();
        List<ReplicaId> all = IntStream.range(0, LEASES).mapToObj(Conversation::replica).toList();
        assertThat(session.reveals().stream().map(Reveal::replica))
            .containsExactlyInAnyOrderElementsOf(all);
        var committed = new ArrayList<>(all);
        committed.removeIf(replica -> all.indexOf(replica) % 3 == 0);
        assertThat(session.commits().stream().map(Commit::replica))
            .containsExactlyInAnyOrderElementsOf(committed);
      }
    }
  }

  private static int atOnce(List<Reveal> reveals) {
    return (int) reveals.stream().filter(reveal -> reveal.salt().isEmpty()).count();
  }
}
