package xyz.openledger.cluster.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import xyz.openledger.protocol.Problem;

/** Answers what is not even HTTP: headers that are too long, addresses that cannot be read. */
public final class ParsingRefusals extends ParsingErrorHandler {
  /** Made by name, from the server's settings. */
  public ParsingRefusals() {}

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    return Replies.problem(Refusals.document(Problem.INVALID_REQUEST, "", error.summary(), null))
        .withStatus(status.intValue());
  }
}
