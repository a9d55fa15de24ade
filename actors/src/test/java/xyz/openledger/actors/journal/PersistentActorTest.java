package xyz.openledger.actors.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Persistent actors live on the embedded journal as they would on any other. */
class PersistentActorTest {
  @TempDir private Path directory;

  private EmbeddedJournal embedded;
  private TestProbe<String> probe;

  @BeforeEach
  void start() {
    embedded = EmbeddedJournal.in(directory);
    ActorSystem<Void> system = Adapter.toTyped(embedded.system());
    probe = TestProbe.create(system);
  }

  @AfterEach
  void stop() {
    embedded.close();
  }

  private void restart() {
    stop();
    start();
  }

  private ActorRef<Diary.Command> spawn(Behavior<Diary.Command> diary) {
    return Adapter.spawnAnonymous(embedded.system(), diary);
  }

  private String write(ActorRef<Diary.Command> diary, String... lines) {
    diary.tell(new Diary.Write(List.of(lines), probe.ref()));
    return probe.receiveMessage(EmbeddedJournal.PATIENCE);
  }

  private String read(ActorRef<Diary.Command> diary) {
    diary.tell(new Diary.Read(probe.ref()));
    return probe.receiveMessage(EmbeddedJournal.PATIENCE);
  }

  @Test
  void recoversWhatItWrote() {
    write(spawn(Diary.create("ada")), "sun one", "rain two");

    restart();

    assertThat(read(spawn(Diary.create("ada")))).isEqualTo("sun one;rain two;");
  }

  @Test
  void recoversFromItsSnapshotWhenEarlierEventsAreDeleted() {
    var diary = spawn(Diary.forgetful("ada"));
    var all = new StringBuilder();
    for (int i = 1; i <= 22; i++) {
      write(diary, "sun " + i);
      all.append("sun ").append(i).append(';');
    }
    // Snapshots at 16 and 20 remain; events up to the one at 16 are deleted.
    await()
        .atMost(EmbeddedJournal.PATIENCE)
        .untilAsserted(() -> assertThat(Stores.all(kept())).hasSizeLessThanOrEqualTo(10));

    restart();

    var recovered = spawn(Diary.forgetful("ada"));
    assertThat(read(recovered)).isEqualTo(all.toString());
    assertThat(write(recovered, "sun 23")).isEqualTo(all + "sun 23;");
    assertThat(Stores.all(kept()).getLast().sequenceNumber()).isEqualTo(23);
  }

  private EventPages kept() {
    return embedded.store().eventsOf("ada", 1, Long.MAX_VALUE);
  }

  @Test
  void manyActorsShareCommits() {
    var diaries = IntStream.range(0, 50).mapToObj(i -> spawn(Diary.create("actor-" + i))).toList();
    for (int round = 0; round < 10; round++) {
      var write = new Diary.Write(List.of("day " + round), probe.ref());
      diaries.forEach(diary -> diary.tell(write));
    }
    for (int i = 0; i < 500; i++) {
      probe.receiveMessage(EmbeddedJournal.PATIENCE);
    }

    restart();

    for (int i = 0; i < 50; i++) {
      assertThat(read(spawn(Diary.create("actor-" + i))))
          .isEqualTo(
              String.join(
                  "", IntStream.range(0, 10).mapToObj(round -> "day " + round + ";").toList()));
    }
  }

  @Test
  void doesNotStartFromADamagedJournal() {
    write(spawn(Diary.create("ada")), "sun one", "rain two", "sun three");
    stop();
    damage("rain two");
    start();

    var diary = spawn(Diary.create("ada"));
    var watcher = TestProbe.<String>create(Adapter.toTyped(embedded.system()));
    diary.tell(new Diary.Read(probe.ref()));

    watcher.expectTerminated(diary, EmbeddedJournal.PATIENCE);
    probe.expectNoMessage();
  }

  private void damage(String line) {
    var settings = Stores.settings(directory.resolve("journal"));
    var tables = List.of("events", "index", "tags", "names", "numbers", "meta");
    try (var opened = LmdbDirectory.open(settings, EventStore.FORMAT, tables);
        var txn = opened.beginWrite()) {
      var table = opened.table("events");
      var record = table.get(txn, Scratch.ofThread().key(2));
      var bytes = new byte[record.capacity()];
      record.getBytes(0, bytes);
      assertThat(new String(bytes, ISO_8859_1)).contains(line);
      bytes[bytes.length - 1] ^= 1;
      var scratch = Scratch.ofThread();
      table.put(txn, scratch.key(2), scratch.value(bytes));
      txn.commit();
    }
  }

  @Test
  void stopsAnActorWhoseJournalIsFull() {
    stop();
    embedded = EmbeddedJournal.in(directory, "openledger.journal.bytes-max = 1 MiB");
    probe = TestProbe.create(Adapter.toTyped(embedded.system()));
    var diary = spawn(Diary.create("ada"));
    var watcher = TestProbe.<String>create(Adapter.toTyped(embedded.system()));
    for (int i = 0; i < 30; i++) {
      diary.tell(new Diary.Write(List.of("sun " + "x".repeat(100_000)), probe.ref()));
    }

    watcher.expectTerminated(diary, EmbeddedJournal.PATIENCE);
    assertThat(embedded.store().highestSequenceNumber("ada")).isBetween(5L, 29L);
  }
}
