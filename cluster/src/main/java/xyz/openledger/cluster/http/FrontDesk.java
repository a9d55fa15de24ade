package xyz.openledger.cluster.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * Takes every request: finds the operation, lets the caller in, bounds how much is in work and for
 * how long, and turns whatever fails into an answer.
 */
final class FrontDesk {
  /** Of the body of a refused request; a longer one costs less as a broken connection. */
  private static final long DROPPED_BYTES_MAX = 65_536;

  private final Materializer materializer;
  private final HttpSettings settings;
  private final Router router;
  private final Access access;
  private final HttpMetrics metrics;
  private final Room room;

  FrontDesk(
      ActorSystem<?> system,
      HttpSettings settings,
      Router router,
      Access access,
      HttpMetrics metrics) {
    this.materializer = Materializer.createMaterializer(system);
    this.settings = settings;
    this.router = router;
    this.access = access;
    this.metrics = metrics;
    this.room = Room.shared(settings.requestsMax());
  }

  CompletionStage<HttpResponse> answer(HttpRequest request) {
    long startNanos = System.nanoTime();
    metrics.inWork().increment();
    Router.Match match = router.match(request.method().name(), request.getUri().path());
    String operation = match instanceof Router.Match.Found found ? found.operation().id() : "none";
    Turn turn = turn(request, match);
    return turn.answer()
        .exceptionally(failure -> refused(request, failure))
        .thenCompose(
            response -> {
              metrics.inWork().decrement();
              metrics.answered(
                  operation, response.status().intValue(), System.nanoTime() - startNanos);
              return response.status().isFailure()
                  ? (turn.handed() ? abandon(request, response) : hearOut(request, response))
                  : CompletableFuture.completedFuture(response);
            });
  }

  /**
   * What became of a request.
   *
   * @param handed whether a handler has it, which may have read some of its body
   */
  private record Turn(CompletionStage<HttpResponse> answer, boolean handed) {
    static Turn refused(HttpResponse refusal) {
      return new Turn(CompletableFuture.completedFuture(refusal), false);
    }
  }

  private Turn turn(HttpRequest request, Router.Match match) {
    try {
      return switch (match) {
        case Router.Match.Found found -> new Turn(answer(request, found), true);
        case Router.Match.OtherMethods other ->
            Turn.refused(
                refusal(Problem.METHOD_NOT_ALLOWED, request)
                    .addHeader(RawHeader.create("Allow", String.join(", ", other.allowed()))));
        case Router.Match.Nothing _ -> Turn.refused(refusal(Problem.NOT_FOUND, request));
      };
    } catch (RuntimeException refused) {
      return new Turn(CompletableFuture.failedFuture(refused), false);
    }
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request, Router.Match.Found found) {
    Operation operation = found.operation();
    var principal = access.admit(request, operation);
    String payer = principal == null ? null : principal.payer();
    if (!room.enter(payer)) {
      throw new ProblemException(
          Problem.TOO_MANY_REQUESTS,
          "",
          "as many requests as are allowed, of all or of this tenant, are in work");
    }
    CompletableFuture<HttpResponse> answer;
    try {
      var call =
          new Call(
              request, operation, found.parts(), principal, materializer, settings.bodyTimeout());
      answer = operation.handler().answer(call).toCompletableFuture();
    } catch (RuntimeException refused) {
      answer = CompletableFuture.failedFuture(refused);
    }
    return (answer.isDone()
            ? answer
            : answer.copy().orTimeout(patience(operation).toMillis(), TimeUnit.MILLISECONDS))
        .whenComplete((_, _) -> room.leave(payer));
  }

  private Duration patience(Operation operation) {
    return switch (operation.pace()) {
      case ORDINARY -> settings.requestTimeout();
      case WAITING -> settings.requestTimeout().plus(JobWait.LONGEST);
      case UPLOAD -> settings.uploadTimeout();
    };
  }

  private static HttpResponse refusal(Problem problem, HttpRequest request) {
    return refused(
        request,
        new ProblemException(problem, "", request.method().name() + " " + request.getUri().path()));
  }

  /** Clients of another API hear of a failure in its form. */
  private static HttpResponse refused(HttpRequest request, Throwable failure) {
    return request.getUri().path().startsWith(OpenAiRoutes.PREFIX)
        ? OpenAiRoutes.refusal(OpenAiRefusals.of(failure))
        : Replies.problem(Refusals.of(failure));
  }

  /**
   * What a request that no handler had still sends is read and dropped if it is short, so that its
   * sender hears the refusal and keeps the connection.
   */
  private CompletionStage<HttpResponse> hearOut(HttpRequest request, HttpResponse response) {
    var entity = request.entity();
    if (entity.isStrict()
        || entity.getContentLengthOption().orElse(Long.MAX_VALUE) > DROPPED_BYTES_MAX) {
      return abandon(request, response);
    }
    return entity
        .getDataBytes()
        .completionTimeout(settings.bodyTimeout())
        .runWith(Sink.ignore(), materializer)
        .handle((_, _) -> response);
  }

  /** What a refused request still sends is not read: the connection ends instead. */
  private CompletionStage<HttpResponse> abandon(HttpRequest request, HttpResponse response) {
    var entity = request.entity();
    if (entity.isStrict()) {
      return CompletableFuture.completedFuture(response);
    }
    entity.getDataBytes().runWith(Sink.cancelled(), materializer);
    return CompletableFuture.completedFuture(response.addHeader(Connection.create("close")));
  }
}
