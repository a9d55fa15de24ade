package xyz.openledger.protocol.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import xyz.openledger.protocol.api.Event;

/** What changes at a member, as it changes. */
public final class EventClient {
  /** A member sends at least a comment every 15 seconds. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(45);

  private static final int LINE_CHARACTERS_MAX = 1 << 16;

  private final Exchange exchange;

  EventClient(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Follows the events on the calling thread. A broken stream is taken up again after the last
   * event heard; what was missed for too long is announced by an event of kind {@code reset}.
   *
   * @param after the sequence number of the last event known; 0 for from now on
   * @param wanted hears each event; false ends it
   * @throws ClientException if the stream cannot be opened, or taken up again
   */
  public void follow(long after, Predicate<Event> wanted) {
    long last = after;
    int failures = 0;
    while (true) {
      var stream = new Reading(last, wanted);
      if (stream.readToEnd()) {
        return;
      }
      failures = stream.last > last ? 1 : failures + 1;
      last = stream.last;
      if (failures >= exchange.settings().attemptsMax()) {
        throw new MemberUnreachable(
            exchange.settings().url(), "the event stream broke " + failures + " times", null);
      }
      pause(failures);
    }
  }

  private void pause(int failures) {
    double chance = ThreadLocalRandom.current().nextDouble();
    try {
      Thread.sleep(exchange.settings().backoff().delayMillis(failures, 0, chance));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new MemberUnreachable(exchange.settings().url(), "interrupted", stop);
    }
  }

  /** One stream from its opening to its end. */
  private final class Reading {
    private final Predicate<Event> wanted;
    private long last;
    private volatile long heardNanos = System.nanoTime();

    Reading(long last, Predicate<Event> wanted) {
      this.last = last;
      this.wanted = wanted;
    }

    /** True if the listener had enough, false if the stream broke. */
    boolean readToEnd() {
      var request = exchange.request(Call.BASE + "/events").header("Accept", "text/event-stream");
      if (last > 0) {
        request.header("Last-Event-ID", Long.toString(last));
      }
      try (InputStream in = exchange.send(request.build(), BodyHandlers.ofInputStream()).body()) {
        Thread watchdog = Thread.ofVirtual().start(() -> closeWhenSilent(in));
        try {
          return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } finally {
          watchdog.interrupt();
        }
      } catch (IOException broken) {
        return false;
      }
    }

    private boolean read(BufferedReader lines) throws IOException {
      var data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heardNanos = System.nanoTime();
        if (line.startsWith("data:")) {
          append(data, line.substring("data:".length()));
        } else if (line.isEmpty() && !data.isEmpty()) {
          byte[] json = data.toString().getBytes(StandardCharsets.UTF_8);
          data.setLength(0);
          Event event = Answers.read(json, Event.class);
          last = event.sequence();
          if (!wanted.test(event)) {
            return true;
          }
        }
      }
      return false;
    }

    private static void append(StringBuilder data, String line) {
      if (data.length() + line.length() > LINE_CHARACTERS_MAX) {
        throw new MalformedAnswer("an event is longer than 64 KiB", null);
      }
      data.append(line.strip());
    }

    /** Reading has no timeout of its own, so that a link that died in silence is closed here. */
    private void closeWhenSilent(InputStream in) {
      try {
        while (System.nanoTime() - heardNanos < SILENCE_MAX.toNanos()) {
          Thread.sleep(1_000);
        }
        in.close();
      } catch (InterruptedException | IOException over) {
        // The stream has ended by itself.
      }
    }
  }
}
