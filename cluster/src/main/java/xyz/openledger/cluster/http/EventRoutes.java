package xyz.openledger.cluster.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Event;
import xyz.openledger.protocol.json.Json;

/** Server-sent events: what changed, a few times a second. */
final class EventRoutes {
  private static final ContentType EVENT_STREAM = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);
  private static final Duration COALESCED = Duration.ofMillis(250);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final ByteString COMMENT = ByteString.fromString(": still here\n\n");

  private final EventFeed feed;
  private final Semaphore clients;
  private final HttpMetrics metrics;

  EventRoutes(EventFeed feed, int clientsMax, HttpMetrics metrics) {
    this.feed = feed;
    this.clients = new Semaphore(clientsMax);
    this.metrics = metrics;
  }

  List<Operation> operations() {
    return List.of(Operation.get("streamEvents", "/api/v1/events", Scope.JOBS_READ, this::stream));
  }

  private CompletionStage<HttpResponse> stream(Call call) {
    long from = call.header("Last-Event-ID").map(EventRoutes::sequence).orElse(feed.lastSequence());
    if (!clients.tryAcquire()) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS, "", "as many event streams as are allowed are open");
    }
    metrics.eventClients().increment();
    var events =
        news(call.principal(), from)
            .watchTermination(
                (done, end) -> {
                  end.whenComplete((_, _) -> leave());
                  return done;
                });
    return CompletableFuture.completedFuture(
        HttpResponse.create()
            .addHeader(RawHeader.create("Cache-Control", "no-store"))
            .withEntity(HttpEntities.createChunked(EVENT_STREAM, events)));
  }

  private void leave() {
    clients.release();
    metrics.eventClients().decrement();
  }

  /** A slow reader slows its own ticks; what it misses meanwhile is coalesced. */
  private Source<ByteString, ?> news(Principal caller, long from) {
    var last = new AtomicLong(from);
    boolean nodes = caller.allows(Scope.NODES_READ);
    return Source.tick(Duration.ZERO, COALESCED, "")
        .mapConcat(
            _ -> {
              EventFeed.News news = feed.after(last.get(), caller, nodes);
              last.set(news.lastSequence());
              return news.missed()
                  ? List.of(reset(news.lastSequence()))
                  : news.events().stream().map(EventRoutes::frame).toList();
            })
        .prepend(Source.single(COMMENT))
        .keepAlive(HEARTBEAT, () -> COMMENT);
  }

  private static ByteString reset(long sequence) {
    return frame(new Event(sequence, Event.Kind.RESET, "", "missed", 0));
  }

  private static ByteString frame(Event event) {
    return ByteString.fromString(
        "id: %d\nevent: %s\ndata: %s\n\n"
            .formatted(
                event.sequence(),
                event.kind().name().toLowerCase(Locale.ROOT),
                new String(Json.write(event), StandardCharsets.UTF_8)));
  }

  private static long sequence(String text) {
    try {
      return Check.range("Last-Event-ID", Long.parseLong(text), 0, Long.MAX_VALUE);
    } catch (NumberFormatException _) {
      throw Check.refusal("Last-Event-ID", "must be the id of an event");
    }
  }
}
