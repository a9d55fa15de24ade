package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.actors.journal.JournalException;

class MemberSystemTest {
  @TempDir private Path data;

  @Test
  void aStoreThatCannotBeReadEndsTheStartWithASentence() throws Exception {
    Path journal = Files.createDirectories(data.resolve("member/journal"));
    Files.writeString(journal.resolve("FORMAT"), "somebody else's 7\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(JournalException.Unusable.class)
        .hasMessageContaining(journal.toString())
        .hasMessageContaining("FORMAT says \"somebody else's 7\"");
  }

  @Test
  void twoMembersDoNotShareAStore() throws Exception {
    ActorSystem<?> first = start();
    try {
      assertThatThrownBy(this::start)
          .isInstanceOf(JournalException.Unusable.class)
          .hasMessageContaining("already open in this process");
    } finally {
      stop(first);
    }

    ActorSystem<?> next = start();
    assertThat(next.whenTerminated().isCompleted()).isFalse();
    stop(next);
  }

  @Test
  void aMemberWithoutAHomeSaysWhatToDo() throws Exception {
    ActorSystem<?> lost =
        MemberSystem.start(data, "127.0.0.1", 0, List.of("pekko://openledger@127.0.0.1:1"));
    try {
      assertThat(HomeWatch.missing(lost))
          .hasValueSatisfying(
              said ->
                  assertThat(said).contains("start that member", "without seeds", "member/home"));
    } finally {
      stop(lost);
    }

    ActorSystem<?> home = start();
    try {
      await().untilAsserted(() -> assertThat(HomeWatch.missing(home)).isEmpty());
    } finally {
      stop(home);
    }
  }

  private ActorSystem<?> start() {
    return MemberSystem.start(data, "127.0.0.1", 0, List.of());
  }

  private static void stop(ActorSystem<?> system) throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
