package xyz.openledger.cluster.http;

import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import xyz.openledger.cluster.http.api.ProblemDocument;
import xyz.openledger.protocol.json.Json;

/** The answers' forms. */
final class Replies {
  private static final ContentType PROBLEM =
      ContentTypes.create(
          MediaTypes.customWithFixedCharset(
              "application", "problem+json", HttpCharsets.UTF_8, Map.of(), false));
  private static final List<HttpHeader> PRIVATE =
      List.of(
          RawHeader.create("Cache-Control", "no-store"),
          RawHeader.create("X-Content-Type-Options", "nosniff"));
  private static final int RETRY_AFTER_SECONDS = 2;

  private Replies() {}

  /** A record as JSON. */
  static HttpResponse json(int status, Object value) {
    return HttpResponse.create()
        .withStatus(status)
        .addHeaders(PRIVATE)
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON, ByteString.fromArrayUnsafe(Json.write(value))));
  }

  /** A record as JSON, with status 200. */
  static HttpResponse ok(Object value) {
    return json(200, value);
  }

  /** Something that now has an address of its own. */
  static HttpResponse created(String location, Object value) {
    return json(201, value).addHeader(RawHeader.create("Location", location));
  }

  /** Text of a given type. */
  static HttpResponse text(ContentType type, String text) {
    return HttpResponse.create()
        .addHeaders(PRIVATE)
        .withEntity(HttpEntities.create(type, ByteString.fromString(text)));
  }

  /** A refusal; those that pass by themselves say when to come back. */
  static HttpResponse problem(ProblemDocument problem) {
    HttpResponse response =
        HttpResponse.create()
            .withStatus(problem.status())
            .addHeaders(PRIVATE)
            .withEntity(
                HttpEntities.create(PROBLEM, ByteString.fromArrayUnsafe(Json.write(problem))));
    return switch (problem.status()) {
      case 429, 503 -> later(response);
      case 401 -> response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
      default -> response;
    };
  }

  static HttpResponse later(HttpResponse response) {
    return response.addHeader(
        RawHeader.create("Retry-After", Integer.toString(RETRY_AFTER_SECONDS)));
  }
}
