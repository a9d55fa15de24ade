package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.journal.Stores.done;
import static xyz.openledger.actors.journal.Stores.event;
import static xyz.openledger.actors.journal.Stores.events;
import static xyz.openledger.actors.journal.Stores.settings;
import static xyz.openledger.actors.journal.Stores.texts;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreTest {
  private static final long END = Long.MAX_VALUE;

  @TempDir private Path directory;
  private EventStore store;

  @BeforeEach
  void open() {
    store = EventStore.open(settings(directory));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    close();
    open();
  }

  @Test
  void keepsEventsWhenItIsClosed() {
    done(store.append("ada", events("ada", 1, 20)));

    reopen();

    assertThat(texts(store.eventsOf("ada", 1, END)))
        .isEqualTo(LongStream.rangeClosed(1, 20).mapToObj(n -> "ada " + n).toList());
    assertThat(store.highestSequenceNumber("ada")).isEqualTo(20);
    assertThat(store.lastOffset()).isEqualTo(20);
  }

  @Test
  void ordersTheEventsOfATagByWhenTheyWereStored() {
    done(store.append("ada", List.of(event(1, "a1", "red"), event(2, "a2", "blue"))));
    done(store.append("bob", List.of(event(1, "b1", "red", "blue"))));
    done(store.append("ada", List.of(event(3, "a3", "red"))));

    assertThat(texts(store.eventsTagged("red", 0, END))).containsExactly("a1", "b1", "a3");
    assertThat(texts(store.eventsTagged("blue", 2, END))).containsExactly("b1");
    assertThat(texts(store.eventsTagged("red", 1, 3))).containsExactly("b1");
    assertThat(texts(store.eventsTagged("green", 0, END))).isEmpty();
  }

  @Test
  void neverUsesAnOffsetOrASequenceNumberTwice() {
    done(store.append("ada", events("ada", 1, 5)));
    done(store.deleteTo("ada", END));
    reopen();

    assertThat(store.lastOffset()).isEqualTo(5);
    assertThat(store.highestSequenceNumber("ada")).isEqualTo(5);
    assertThatThrownBy(() -> done(store.append("ada", events("ada", 5, 5))))
        .isInstanceOf(JournalException.Conflict.class);
    done(store.append("ada", List.of(event(6, "six", "red"))));

    assertThat(Stores.all(store.eventsTagged("red", 0, END)))
        .singleElement()
        .returns(6L, StoredEvent::offset)
        .returns(6L, StoredEvent::sequenceNumber);
  }

  @Test
  void storesNothingOfARefusedWrite() {
    done(store.append("ada", events("ada", 1, 2)));

    assertThatThrownBy(
            () -> done(store.append("ada", List.of(event(3, "three"), event(3, "again")))))
        .isInstanceOf(JournalException.Conflict.class);

    assertThat(texts(store.eventsOf("ada", 1, END))).containsExactly("ada 1", "ada 2");
    assertThat(store.lastOffset()).isEqualTo(2);
  }

  @Test
  void deletesManyEventsInSlicesWhileOthersWrite() {
    for (int i = 0; i < 20; i++) {
      done(store.append("ada", events("ada", i * 100 + 1, i * 100 + 100)));
    }

    var deletion = store.deleteTo("ada", 1_990);
    done(store.append("bob", events("bob", 1, 1)));
    done(deletion);

    assertThat(texts(store.eventsOf("ada", 1, END))).hasSize(10).startsWith("ada 1991");
    assertThat(texts(store.eventsOf("bob", 1, END))).containsExactly("bob 1");
  }

  @Test
  void forgetsTheTagsOfDeletedEvents() {
    done(store.append("ada", List.of(event(1, "a1", "red"), event(2, "a2", "red"))));

    done(store.deleteTo("ada", 1));

    assertThat(texts(store.eventsTagged("red", 0, END))).containsExactly("a2");
  }

  @Test
  void acceptsGapsThatAnActorLeaves() {
    done(store.append("ada", List.of(event(1, "one"), event(4, "four"))));
    done(store.append("ada", List.of(event(9, "nine"))));

    assertThat(texts(store.eventsOf("ada", 1, END))).containsExactly("one", "four", "nine");
    assertThat(texts(store.eventsOf("ada", 5, 8))).isEmpty();
  }

  @Test
  void listsPersistenceIdsInTheOrderOfTheirFirstEvent() {
    for (var name : List.of("zoe", "ada", "bob")) {
      done(store.append(name, events(name, 1, 1)));
    }
    reopen();
    done(store.append("kim", events("kim", 1, 1)));

    assertThat(Stores.all(new PersistenceIdPages(store)))
        .containsExactly("zoe", "ada", "bob", "kim");
  }

  @Test
  void takesLongNamesAndRefusesLongerOnes() {
    var longest = "ñ".repeat(Names.NAME_BYTES_MAX / 2);
    done(store.append(longest, List.of(event(1, "one", longest))));

    assertThat(texts(store.eventsOf(longest, 1, END))).containsExactly("one");
    assertThat(texts(store.eventsTagged(longest, 0, END))).containsExactly("one");
    assertThatThrownBy(() -> store.append(longest + "x", events("x", 1, 1)))
        .isInstanceOf(JournalException.Refused.class)
        .hasMessageContaining("501 bytes, allowed are 1 to 500");
    assertThatThrownBy(() -> event(1, "one", "")).hasMessageContaining("tag \"\" has 0 bytes");
  }

  @Test
  void keepsLargeEventsWhole() {
    var large = "x".repeat(900_000);
    done(store.append("ada", List.of(event(1, large), event(2, "small"), event(3, large))));

    assertThat(texts(store.eventsOf("ada", 1, END))).containsExactly(large, "small", large);
  }

  @Test
  void findsItselfInOrder() {
    for (int i = 0; i < 5; i++) {
      long first = i * 9L + 1;
      done(
          store.append(
              "ada",
              LongStream.range(first, first + 9)
                  .mapToObj(n -> event(n, "ada " + n, n % 2 == 0 ? "even" : "odd"))
                  .toList()));
    }
    done(store.deleteTo("ada", 5));

    assertThat(JournalCheck.of(store)).isEqualTo(new JournalCheck(40, 40, 40));
  }

  @Test
  void refusesAWriteThatNeverFitsItsQueue() {
    var events = LongStream.range(1, 70).mapToObj(n -> event(n, "x".repeat(1_000_000))).toList();

    assertThatThrownBy(() -> done(store.append("ada", events)))
        .isInstanceOf(JournalException.Refused.class)
        .hasMessageContaining("test.store.queue.bytes-max allows 67108864");
  }

  @Test
  void refusesWorkOnceClosed() {
    store.close();

    assertThatThrownBy(() -> done(store.append("ada", events("ada", 1, 1))))
        .isInstanceOf(JournalException.Unusable.class)
        .hasMessageContaining("it is closed");
    assertThatThrownBy(() -> store.highestSequenceNumber("ada"))
        .isInstanceOf(JournalException.Unusable.class);
  }
}
