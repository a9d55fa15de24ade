package xyz.openledger.protocol.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One question and its answer, tried again where that may help: on a broken link, 429 and 503.
 * Every question of the client may be asked twice, since those that change something carry an
 * Idempotency-Key or name their content.
 */
final class Exchange {
  /** The largest JSON answer: a page of 200 jobs is a few hundred KiB. */
  static final int ANSWER_BYTES_MAX = 32 << 20;

  private static final int PROBLEM_BYTES_MAX = 1 << 20;

  private final ClientSettings settings;
  private final String prefix;
  private final HttpClient http;

  Exchange(ClientSettings settings) {
    this.settings = settings;
    this.prefix = settings.url().toString().replaceAll("/+$", "");
    this.http =
        HttpClient.newBuilder()
            // No upgrade to HTTP/2 on the way: it costs a header and gains nothing on loopback.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .build();
  }

  ClientSettings settings() {
    return settings;
  }

  /** A request for {@code path}, which starts with a slash, with token and timeout. */
  HttpRequest.Builder request(String path) {
    return request(path, Duration.ZERO);
  }

  /** The same, for a call that the member may hold for {@code wait} before it answers. */
  HttpRequest.Builder request(String path, Duration wait) {
    var request =
        HttpRequest.newBuilder(URI.create(prefix + path))
            .timeout(settings.requestTimeout().plus(wait));
    String token = settings.token();
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  /**
   * Asks, up to the settings' number of attempts.
   *
   * @throws MemberRefusal if the last answer was not 2xx
   * @throws MemberUnreachable if the last attempt brought no answer
   */
  <T> Reply<T> send(HttpRequest request, BodyHandler<T> content) {
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt >= settings.attemptsMax();
      try {
        HttpResponse<Body<T>> response = http.send(request, split(content));
        switch (response.body()) {
          case Content<T>(T value) -> {
            return new Reply<>(response.statusCode(), response.headers(), value);
          }
          case Refused<T>(byte[] body) -> {
            int status = response.statusCode();
            if (last || (status != 429 && status != 503)) {
              throw new MemberRefusal(Answers.problem(status, body));
            }
            pause(attempt, retryAfterSeconds(response));
          }
        }
      } catch (IOException broken) {
        if (last) {
          throw unreachable(broken);
        }
        pause(attempt, 0);
      } catch (InterruptedException stop) {
        throw interrupted(stop);
      }
    }
  }

  /** Asks once, for bytes, whatever the status. */
  HttpResponse<byte[]> sendOnce(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), 1 << 20));
    } catch (IOException broken) {
      throw unreachable(broken);
    } catch (InterruptedException stop) {
      throw interrupted(stop);
    }
  }

  /** Asks for JSON. */
  byte[] json(HttpRequest request) {
    return send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX))
        .body();
  }

  private void pause(int attempt, long askedSeconds) {
    double chance = ThreadLocalRandom.current().nextDouble();
    try {
      Thread.sleep(settings.backoff().delayMillis(attempt, askedSeconds, chance));
    } catch (InterruptedException stop) {
      throw interrupted(stop);
    }
  }

  private MemberUnreachable unreachable(IOException broken) {
    String reason =
        switch (broken) {
          case HttpConnectTimeoutException _ -> "the connection could not be opened in time";
          case HttpTimeoutException _ -> "it took longer than " + settings.requestTimeout();
          case ConnectException _ -> "nothing listens there";
          default -> String.valueOf(broken.getMessage());
        };
    return new MemberUnreachable(settings.url(), reason, broken);
  }

  private MemberUnreachable interrupted(InterruptedException stop) {
    Thread.currentThread().interrupt();
    return new MemberUnreachable(settings.url(), "interrupted", stop);
  }

  private static long retryAfterSeconds(HttpResponse<?> response) {
    try {
      return response.headers().firstValueAsLong("Retry-After").orElse(0);
    } catch (NumberFormatException date) {
      // The form with a date: our members never send it.
      return 0;
    }
  }

  /** An answer of 2xx. */
  record Reply<T>(int status, HttpHeaders headers, T body) {}

  /** What came, by its status. */
  private sealed interface Body<T> {}

  private record Content<T>(T value) implements Body<T> {}

  @SuppressWarnings("ArrayRecordComponent") // carried from one method to the next, never compared
  private record Refused<T>(byte[] body) implements Body<T> {}

  private static <T> BodyHandler<Body<T>> split(BodyHandler<T> content) {
    return info ->
        info.statusCode() / 100 == 2
            ? BodySubscribers.mapping(content.apply(info), Content::new)
            : BodySubscribers.mapping(
                BodySubscribers.limiting(BodySubscribers.ofByteArray(), PROBLEM_BYTES_MAX),
                Refused::new);
  }
}
