package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.journal.Stores.done;
import static xyz.openledger.actors.journal.Stores.event;
import static xyz.openledger.actors.journal.Stores.settings;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At its bound the store says so, keeps what it has, and accepts again when there is room. */
class FullStoreTest {
  private static final long BYTES_MAX = 8 << 20;

  @TempDir private Path directory;

  @Test
  void refusesWithTheSettingToChangeAndRecoversByDeletion() {
    try (var store = EventStore.open(settings(directory, BYTES_MAX))) {
      long stored = fill(store, 0);

      assertThat(stored * 500_000).isBetween(BYTES_MAX / 2, 2 * BYTES_MAX);
      assertThatThrownBy(() -> done(store.append("bob", List.of(event(1, "one")))))
          .isInstanceOf(JournalException.Full.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("the 8388608 bytes that test.store.bytes-max allows")
          .hasMessageContaining("delete events");
      assertThat(Stores.all(store.eventsOf("ada", 1, Long.MAX_VALUE))).hasSize((int) stored);

      done(store.deleteTo("ada", stored / 2));

      done(store.append("bob", List.of(event(1, "one"))));
    }
  }

  @Test
  void isStillFullWhenOpenedAgain() {
    try (var store = EventStore.open(settings(directory, BYTES_MAX))) {
      fill(store, 0);
    }

    try (var store = EventStore.open(settings(directory, BYTES_MAX))) {
      assertThatThrownBy(() -> done(store.append("bob", List.of(event(1, "one")))))
          .isInstanceOf(JournalException.Full.class);
      done(store.deleteTo("ada", Long.MAX_VALUE));
      done(store.append("bob", List.of(event(1, "one"))));
    }
  }

  @Test
  void usesFreedSpaceAgainForever() {
    try (var store = EventStore.open(settings(directory, BYTES_MAX))) {
      long last = 0;
      for (int round = 0; round < 4; round++) {
        last = fill(store, last);
        done(store.deleteTo("ada", last));
      }

      assertThat(last * 500_000).isGreaterThan(2 * BYTES_MAX);
      assertThat(directory.resolve("data.mdb").toFile().length())
          .isLessThan(BYTES_MAX + BYTES_MAX / 4 + (64 << 20));
    }
  }

  /** Appends until the store is full. Returns the last sequence number. */
  private static long fill(EventStore store, long last) {
    var large = "x".repeat(500_000);
    while (true) {
      try {
        done(store.append("ada", List.of(event(last + 1, large))));
        last++;
      } catch (JournalException.Full _) {
        return last;
      }
    }
  }
}
