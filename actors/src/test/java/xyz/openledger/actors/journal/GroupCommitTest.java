package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static xyz.openledger.actors.journal.Stores.done;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lmdbjava.Txn;

class GroupCommitTest {
  private static final int WAITING_MAX = 5;

  @TempDir private Path path;
  private LmdbDirectory directory;
  private GroupCommit<Commit> commits;

  /** What each committed transaction held, in order. */
  private final List<List<String>> committed = new ArrayList<>();

  private final AtomicInteger rolledBack = new AtomicInteger();

  @BeforeEach
  void open() {
    var settings =
        new StoreSettings(
            "test.store", path, 64 << 20, 1024, WAITING_MAX, 10_000, 3, 1 << 20, 1, 1);
    directory = LmdbDirectory.open(settings, "test 1", List.of("data"));
    commits = new GroupCommit<>("test-writer", directory, Commit::new);
  }

  @AfterEach
  void close() {
    commits.close();
    directory.close();
  }

  private final class Commit implements GroupCommit.Batch {
    private final List<String> names = new ArrayList<>();
    private final Txn<DirectBuffer> txn;

    private Commit(Txn<DirectBuffer> txn) {
      this.txn = txn;
    }

    private void put(long key) {
      var scratch = Scratch.ofThread();
      directory.table("data").put(txn, scratch.key(key), scratch.value(1));
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}

    @Override
    public void committed() {
      committed.add(names);
    }

    @Override
    public void rolledBack() {
      rolledBack.incrementAndGet();
    }
  }

  /** A write that does something and says its name. */
  private record Named(String name, int bytes, Runnable action)
      implements GroupCommit.Write<Commit> {
    @Override
    public boolean grows() {
      return true;
    }

    @Override
    public boolean apply(Commit commit) {
      action.run();
      commit.put(name.hashCode());
      commit.names.add(name);
      return true;
    }
  }

  private static Named named(String name) {
    return new Named(name, 1, () -> {});
  }

  /** Holds the writer inside a transaction until the latch opens; returns once it is there. */
  private CountDownLatch hold() {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var _ =
        commits.submit(
            new Named(
                "holder",
                1,
                () -> {
                  entered.countDown();
                  Stores.await(release);
                }));
    Stores.await(entered);
    return release;
  }

  @Test
  void commitsWhatWaitsTogetherUpToItsBound() {
    var release = hold();
    var writes = List.of("a", "b", "c", "d").stream().map(GroupCommitTest::named).toList();
    var answers = writes.stream().map(commits::submit).toList();

    assertThat(answers).noneMatch(answer -> answer.isDone());
    release.countDown();

    answers.forEach(Stores::done);
    assertThat(committed).containsExactly(List.of("holder", "a", "b"), List.of("c", "d"));
  }

  @Test
  void answersOnlyAfterTheCommit() {
    var seen = new ArrayList<Integer>();

    commits.submit(named("a")).thenRun(() -> seen.add(committed.size())).join();

    assertThat(seen).containsExactly(1);
  }

  @Test
  void refusesMoreWritesThanItsQueueHolds() {
    var release = hold();
    for (int i = 0; i < WAITING_MAX; i++) {
      var _ = commits.submit(named("w" + i));
    }

    assertThatThrownBy(() -> done(commits.submit(named("one too many"))))
        .isInstanceOf(JournalException.Busy.class)
        .hasMessageContaining("5 writes of 6 bytes are waiting");
    release.countDown();
    await().untilAsserted(() -> done(commits.submit(named("later"))));
  }

  @Test
  void refusesMoreBytesThanItsQueueHolds() {
    var release = hold();
    var _ = commits.submit(new Named("large", 9_000, () -> {}));

    assertThatThrownBy(() -> done(commits.submit(new Named("larger", 1_001, () -> {}))))
        .isInstanceOf(JournalException.Busy.class);
    release.countDown();
    await().untilAsserted(() -> done(commits.submit(new Named("again", 10_000, () -> {}))));
  }

  @Test
  void keepsTheOthersWhenOneIsRefused() {
    var release = hold();
    var refused =
        commits.submit(
            new Named(
                "refused",
                1,
                () -> {
                  throw new JournalException.Refused("no");
                }));
    var kept = commits.submit(named("kept"));
    release.countDown();

    assertThatThrownBy(() -> done(refused)).isInstanceOf(JournalException.Refused.class);
    done(kept);
    assertThat(rolledBack).hasValue(0);
  }

  @Test
  void storesNothingOfATransactionThatFails() {
    var release = hold();
    var broken =
        commits.submit(
            new Named(
                "broken",
                1,
                () -> {
                  throw new IllegalStateException("the disk is gone");
                }));
    release.countDown();

    assertThatThrownBy(() -> done(broken))
        .isInstanceOf(JournalException.WriteFailed.class)
        .hasMessageContaining("the disk is gone");
    done(commits.submit(named("next")));
    assertThat(committed).containsExactly(List.of("next"));
    assertThat(rolledBack).hasValue(1);
    long entries = directory.read(txn -> directory.table("data").stat(txn).entries);
    assertThat(entries).isEqualTo(1);
  }

  @Test
  void settlesWhenEverythingBeforeIsAnswered() {
    assertThat(commits.settled()).isDone();
    var release = hold();
    var write = commits.submit(named("a"));

    var settled = commits.settled();

    assertThat(settled).isNotDone();
    release.countDown();
    done(settled);
    assertThat(write).isDone();
  }

  @Test
  void commitsWhatWaitsWhenItIsClosed() {
    var release = hold();
    var write = commits.submit(named("last"));
    release.countDown();

    commits.close();

    done(write);
    assertThatThrownBy(() -> done(commits.submit(named("too late"))))
        .isInstanceOf(JournalException.Unusable.class);
  }
}
