package xyz.openledger.actors.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Settings, events and answers for tests of the stores. */
final class Stores {
  private static final UUID WRITER = new UUID(7, 7);

  private Stores() {}

  static StoreSettings settings(Path directory) {
    return settings(directory, 64 << 20);
  }

  static StoreSettings settings(Path directory, long bytesMax) {
    return new StoreSettings(
        "test.store", directory, bytesMax, 1 << 20, 1000, 64 << 20, 100, 1 << 20, 7, 4096);
  }

  static NewEvent event(long sequenceNumber, String text, String... tags) {
    return new NewEvent(
        sequenceNumber,
        1_795_000_000_000L + sequenceNumber,
        "",
        WRITER.toString(),
        List.of(tags),
        new Serialized(1, "text", text.getBytes(UTF_8)),
        null);
  }

  /** Events that say who wrote them: {@code ada 3}. */
  static List<NewEvent> events(String persistenceId, long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(number -> event(number, persistenceId + " " + number))
        .toList();
  }

  static String text(StoredEvent event) {
    return new String(event.event().bytes(), UTF_8);
  }

  static <T> List<T> all(Pages<T> pages) {
    var found = new ArrayList<T>();
    for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
      found.addAll(page);
    }
    return found;
  }

  static List<String> texts(EventPages pages) {
    return all(pages).stream().map(Stores::text).toList();
  }

  /** Waits for a write, and throws what it failed with. */
  static void done(CompletableFuture<@Nullable Void> write) {
    try {
      write.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof JournalException journal) {
        throw journal;
      }
      throw failure;
    }
  }

  static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "actor-" + i).toList();
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
