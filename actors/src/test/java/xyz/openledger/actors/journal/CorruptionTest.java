package xyz.openledger.actors.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.journal.Stores.done;
import static xyz.openledger.actors.journal.Stores.event;
import static xyz.openledger.actors.journal.Stores.settings;
import static xyz.openledger.actors.journal.Stores.texts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lmdbjava.Txn;

/** Damage is found when it is read, named, and never replayed. */
class CorruptionTest {
  private static final long END = Long.MAX_VALUE;

  @TempDir private Path directory;

  @BeforeEach
  void write() {
    try (var store = EventStore.open(settings(directory))) {
      for (var actor : List.of("ada", "bob")) {
        done(
            store.append(
                actor,
                List.of(
                    event(1, actor + "-one", "red"),
                    event(2, actor + "-two", "red"),
                    event(3, actor + "-three"))));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("xyz.openledger.actors.journal.EventRecordTest#seeds")
  void everyFlippedBitOfAnEventIsNoticed(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    var file = directory.resolve("data.mdb");
    var sound = Files.readAllBytes(file);
    // The bytes of the event and what stands before it in its record; every copy that old pages
    // hold.
    int bit = random.nextInt(-40 * Byte.SIZE, "ada-two".length() * Byte.SIZE);
    var damaged = sound.clone();
    var text = new String(sound, ISO_8859_1);
    int at = text.indexOf("ada-two");
    assertThat(at).isPositive();
    for (; at >= 0; at = text.indexOf("ada-two", at + 1)) {
      damaged[at + Math.floorDiv(bit, Byte.SIZE)] ^= (byte) (1 << Math.floorMod(bit, Byte.SIZE));
    }
    Files.write(file, damaged);

    try (var store = EventStore.open(settings(directory))) {
      assertThatThrownBy(() -> texts(store.eventsOf("ada", 1, END)))
          .isInstanceOf(JournalException.Corrupt.class)
          .hasMessageStartingWith("corrupt record of event 2 of ada: ");
      assertThatThrownBy(() -> texts(store.eventsTagged("red", 0, END)))
          .isInstanceOf(JournalException.Corrupt.class)
          .hasMessageContaining("the event at offset 2");
      assertThat(texts(store.eventsOf("ada", 3, END))).containsExactly("ada-three");
      assertThat(texts(store.eventsOf("bob", 1, END))).hasSize(3);
    }
  }

  @Test
  void aMissingIndexEntryIsNoticed() {
    damage(directory -> txn -> directory.table("index").delete(txn, Scratch.ofThread().key(1, 2)));

    refuses("event 2 of ada: it is missing, though event 3 follows it");
  }

  @Test
  void aMissingFirstIndexEntryIsNoticed() {
    damage(directory -> txn -> directory.table("index").delete(txn, Scratch.ofThread().key(1, 1)));

    refuses("event 1 of ada: it is missing, though event 2 follows it");
  }

  @Test
  void anIndexThatLeadsToAnotherEventIsNoticed() {
    damage(
        directory ->
            txn -> {
              var scratch = Scratch.ofThread();
              directory.table("index").put(txn, scratch.key(1, 2), scratch.value(5));
            });

    refuses("event 2 of ada: the index leads to another event");
  }

  @Test
  void aMissingEventIsNoticed() {
    damage(directory -> txn -> directory.table("events").delete(txn, Scratch.ofThread().key(2)));

    refuses("event 2 of ada: it is missing");
  }

  @Test
  void aMissingTagEntryIsNoticedByTheCheck() {
    damage(directory -> txn -> directory.table("tags").delete(txn, Scratch.ofThread().key(1, 2)));

    try (var store = EventStore.open(settings(directory))) {
      assertThatThrownBy(() -> JournalCheck.of(store))
          .hasMessage("corrupt record of event 2 of ada: it is not found by its tag red");
    }
  }

  @Test
  void anIdThatLeadsToAnotherActorIsNoticed() {
    damage(
        directory ->
            txn -> {
              var table = directory.table("names");
              var key = "pada".getBytes(ISO_8859_1);
              var entry = table.get(txn, Scratch.ofThread().key(key));
              var bytes = new byte[entry.capacity()];
              entry.getBytes(0, bytes);
              bytes[11] = 2; // the number of bob
              var scratch = Scratch.ofThread();
              table.put(txn, scratch.key(key), scratch.value(bytes));
            });

    refuses("persistence id ada: checksum of its entry differs");
  }

  private interface Damage {
    Consumer<Txn<DirectBuffer>> to(LmdbDirectory directory);
  }

  private void damage(Damage damage) {
    var tables = List.of("events", "index", "tags", "names", "numbers", "meta");
    try (var opened = LmdbDirectory.open(settings(directory), EventStore.FORMAT, tables);
        var txn = opened.beginWrite()) {
      damage.to(opened).accept(txn);
      txn.commit();
    }
  }

  private void refuses(String why) {
    try (var store = EventStore.open(settings(directory))) {
      assertThatThrownBy(() -> texts(store.eventsOf("ada", 1, END)))
          .isInstanceOf(JournalException.Corrupt.class)
          .hasMessage("corrupt record of " + why);
      assertThatThrownBy(() -> JournalCheck.of(store)).isInstanceOf(JournalException.Corrupt.class);
      assertThat(texts(store.eventsOf("bob", 1, END))).hasSize(3);
    }
  }
}
