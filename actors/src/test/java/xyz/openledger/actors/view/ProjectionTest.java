package xyz.openledger.actors.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.persistence.query.javadsl.EventsByTagQuery;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

class ProjectionTest {
  private static final String TAG = "job";

  @TempDir private Path folder;
  private final ActorTestKit kit = ActorTestKit.create();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  /** The events up to some offset; the rest follow when they are let go. */
  private record Held(int first, int all, CompletableFuture<NotUsed> letGo)
      implements EventsByTagQuery {
    @Override
    public Source<EventEnvelope, NotUsed> eventsByTag(String tag, Offset offset) {
      long after = offset instanceof Sequence sequence ? sequence.value() : 0;
      var later =
          Source.completionStage(letGo).mapConcat(_ -> envelopes(Math.max(after, first), all));
      return Source.from(envelopes(after, first)).concat(later).concat(Source.maybe());
    }

    private static List<EventEnvelope> envelopes(long after, long last) {
      var envelopes = new ArrayList<EventEnvelope>();
      for (long offset = after + 1; offset <= last; offset++) {
        envelopes.add(
            new EventEnvelope(
                Offset.sequence(offset), "p", offset, "e" + offset, 0, Option.empty()));
      }
      return envelopes;
    }
  }

  @Test
  void hasCaughtUpOnceAllIsKnownThatStoodInTheJournalAndNotBefore() throws Exception {
    var journal = new Held(2, 3, new CompletableFuture<>());
    try (var store = new ViewStore(folder)) {
      var second = new CompletableFuture<Void>();
      var running =
          new Projection(store, journal)
              .follow(
                  kit.system(),
                  TAG,
                  (_, _) -> {},
                  events -> {
                    if (events.contains("e2")) {
                      second.complete(null);
                    }
                  },
                  3);
      second.get(10, TimeUnit.SECONDS);
      assertThat(running.caughtUp().toCompletableFuture()).isNotDone();

      journal.letGo().complete(NotUsed.getInstance());
      running.caughtUp().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(new Projection(store, journal).position(TAG)).isEqualTo(3);
      running.stop().shutdown();
      running.done().toCompletableFuture().get(10, TimeUnit.SECONDS);

      var again =
          new Projection(store, journal).follow(kit.system(), TAG, (_, _) -> {}, _ -> {}, 3);
      assertThat(again.caughtUp().toCompletableFuture()).as("it knows all already").isCompleted();
      again.stop().shutdown();
      again.done().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void isNotWaitedForOnceItHasFailed() throws Exception {
    var journal = new Held(2, 3, new CompletableFuture<>());
    try (var store = new ViewStore(folder)) {
      var running =
          new Projection(store, journal)
              .follow(
                  kit.system(),
                  TAG,
                  (_, event) -> {
                    if (event.equals("e2")) {
                      throw new IllegalStateException("it cannot be read");
                    }
                  },
                  _ -> {},
                  3);

      assertThatThrownBy(() -> running.caughtUp().toCompletableFuture().get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("it cannot be read");
    }
  }
}
