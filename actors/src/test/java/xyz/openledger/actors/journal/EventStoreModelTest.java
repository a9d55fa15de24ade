package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.journal.Stores.all;
import static xyz.openledger.actors.journal.Stores.done;
import static xyz.openledger.actors.journal.Stores.event;
import static xyz.openledger.actors.journal.Stores.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does the same to the store and to a few maps, drawn from a seed, and compares what they answer.
 * Run one case again with {@code -Dseed=…}.
 */
class EventStoreModelTest {
  private record Kept(long offset, String persistenceId, long number, String text) {}

  @TempDir private Path directory;

  private final TreeMap<Long, Kept> byOffset = new TreeMap<>();
  private final Map<Long, List<String>> tags = new HashMap<>();
  private final Map<String, Long> highest = new HashMap<>();
  private long offset;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("xyz.openledger.actors.journal.EventRecordTest#seeds")
  void answersLikeItsModel(long seed) {
    var random = new SplittableRandom(seed);
    var store = EventStore.open(settings(directory));
    try {
      for (int step = 0; step < 200; step++) {
        int choice = random.nextInt(100);
        if (choice < 60) {
          append(store, random);
        } else if (choice < 70) {
          delete(store, random);
        } else if (choice < 98) {
          compare(store, random);
        } else {
          store.close();
          store = EventStore.open(settings(directory));
        }
      }
      compare(store, random);
    } finally {
      store.close();
    }
  }

  private static String actor(SplittableRandom random) {
    return "actor-" + random.nextInt(6);
  }

  private void append(EventStore store, SplittableRandom random) {
    var actor = actor(random);
    var added = new ArrayList<NewEvent>();
    long number = highest.getOrDefault(actor, 0L);
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      number += random.nextInt(10) == 0 ? 3 : 1;
      var text = actor + "@" + number + "x".repeat(random.nextInt(700));
      var tagged = Stream.of("red", "blue", "green").filter(_ -> random.nextInt(3) == 0).toList();
      added.add(event(number, text, tagged.toArray(String[]::new)));
      offset++;
      byOffset.put(offset, new Kept(offset, actor, number, text));
      tags.put(offset, tagged);
    }
    highest.put(actor, number);
    done(store.append(actor, added));
  }

  private void delete(EventStore store, SplittableRandom random) {
    var actor = actor(random);
    long to = random.nextLong(0, highest.getOrDefault(actor, 0L) + 5);
    byOffset.values().removeIf(kept -> kept.persistenceId().equals(actor) && kept.number() <= to);
    done(store.deleteTo(actor, to));
  }

  private void compare(EventStore store, SplittableRandom random) {
    var actor = actor(random);
    long from = random.nextLong(0, 60);
    long to = from + random.nextLong(0, 60);
    assertThat(kept(store.eventsOf(actor, from, to)))
        .isEqualTo(
            byOffset.values().stream()
                .filter(kept -> kept.persistenceId().equals(actor))
                .filter(kept -> from <= kept.number() && kept.number() <= to)
                .toList());
    var tag = List.of("red", "blue", "green", "none").get(random.nextInt(4));
    long after = random.nextLong(0, offset + 2);
    long upTo = after + random.nextLong(0, offset + 2);
    assertThat(kept(store.eventsTagged(tag, after, upTo)))
        .isEqualTo(
            byOffset.subMap(after, false, upTo, true).values().stream()
                .filter(kept -> tags.getOrDefault(kept.offset(), List.of()).contains(tag))
                .toList());
    assertThat(store.highestSequenceNumber(actor)).isEqualTo(highest.getOrDefault(actor, 0L));
    assertThat(store.lastOffset()).isEqualTo(offset);
  }

  private static List<Kept> kept(EventPages pages) {
    return all(pages).stream()
        .map(
            event ->
                new Kept(
                    event.offset(),
                    event.persistenceId(),
                    event.sequenceNumber(),
                    Stores.text(event)))
        .toList();
  }
}
