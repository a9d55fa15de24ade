package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.Event;
import xyz.openledger.protocol.api.JobState;

class EventRoutesTest {
  private RunningServer member;

  @BeforeEach
  void start() {
    member = new RunningServer(Map.of("event-clients-max", 2));
  }

  @AfterEach
  void stop() {
    member.close();
  }

  /** Follows the events on a thread of its own; closing ends it. */
  private final class Follower implements AutoCloseable {
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final Stream<String> stream;

    Follower(String token, String lastEventId) {
      var request = member.request("/api/v1/events", token);
      if (!lastEventId.isEmpty()) {
        request.header("Last-Event-ID", lastEventId);
      }
      try {
        var answer = member.client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
            .startsWith("text/event-stream");
        stream = answer.body();
      } catch (IOException | InterruptedException failed) {
        throw new IllegalStateException(failed);
      }
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  stream.forEach(lines::add);
                } catch (UncheckedIOException _) {
                  // Closed, as asked.
                }
              });
    }

    String all() {
      return String.join("\n", lines);
    }

    @Override
    public void close() {
      stream.close();
    }
  }

  @Test
  void aChangeIsTold() {
    try (var follower = new Follower(member.token, "")) {
      await().until(() -> follower.lines.contains(": still here"));
      JobId job = member.submitted("one");

      await().until(() -> follower.all().contains("\"id\":\"" + job + "\""));
      assertThat(follower.lines).contains("event: job");
      assertThat(follower.lines).anyMatch(line -> line.matches("id: [0-9]+"));
    }
  }

  @Test
  void aTenantSeesItsOwnJobsAlone() {
    try (var other = new Follower(member.otherToken, "")) {
      JobId job = member.submitted("secret");
      member.member.feed.publish(Event.Kind.POOL, null, FakeMember.POOL.value(), "changed", 1);

      await().until(() -> other.all().contains(FakeMember.POOL.value()));
      assertThat(other.all()).doesNotContain(job.value());
    }
  }

  @Test
  void nodesAndPoolsNeedTheirScope() throws IOException {
    String jobsOnly = member.issue("jobs", RunningServer.DEMO, EnumSet.of(Scope.JOBS_READ));
    try (var follower = new Follower(jobsOnly, "")) {
      member.member.feed.publish(Event.Kind.NODE, null, FakeMember.NODE.value(), "ready", 1);
      JobId job = member.submitted("after");

      await().until(() -> follower.all().contains(job.value()));
      assertThat(follower.all()).doesNotContain(FakeMember.NODE.value());
    }
  }

  @Test
  void aStreamGoesOnWhereItEnded() {
    JobId before = member.submitted("before");
    long last = member.member.feed.lastSequence();
    JobId missed = member.submitted("missed");

    try (var follower = new Follower(member.token, Long.toString(last))) {
      await().until(() -> follower.all().contains(missed.value()));
      assertThat(follower.all()).doesNotContain(before.value());
    }
  }

  @Test
  void whoIsTooFarBehindIsToldToReadAgain() {
    try (var follower = new Follower(member.token, "1")) {
      await().until(() -> follower.lines.contains("event: reset"));
    }
  }

  @Test
  void moreStreamsThanAllowedAreRefusedAndAClosedOneMakesRoom() {
    try (var one = new Follower(member.token, "");
        var two = new Follower(member.token, "")) {
      await().until(() -> one.lines.size() + two.lines.size() >= 2);
      assertThat(member.get("/api/v1/events").status()).isEqualTo(429);
    }
    // That a reader is gone shows when it is next written to.
    await()
        .until(
            () -> {
              member.member.feed.publish(Event.Kind.POOL, null, "pool-1", "changed", 1);
              return member.get("/metrics").text().contains("openledger_http_event_clients 0");
            });
    try (var three = new Follower(member.token, "")) {
      await().until(() -> three.lines.contains(": still here"));
    }
  }

  @Test
  void manyChangesOfOneThingAreToldAsTheLast() {
    JobId job = member.submitted("busy");
    long from = member.member.feed.lastSequence();
    for (int i = 0; i < 1_000; i++) {
      member.member.become(job, i % 2 == 0 ? JobState.RUNNING : JobState.VERIFYING);
    }
    member.member.become(job, JobState.SETTLED);

    var news = member.member.feed.after(from, principal(), false);

    assertThat(news.events()).hasSize(1);
    assertThat(news.events().getFirst().state()).isEqualTo("settled");
  }

  @Test
  void theFeedForgetsTheOldestAndSaysSo() {
    var feed = new EventFeed(1);
    long start = feed.lastSequence();
    for (int i = 0; i <= EventFeed.EVENTS_MAX; i++) {
      feed.publish(Event.Kind.JOB, RunningServer.DEMO, "job-" + i, "queued", i);
    }

    assertThat(feed.after(start, principal(), false).missed()).isTrue();
    assertThat(feed.after(start + 1, principal(), false).events()).hasSize(EventFeed.EVENTS_MAX);
  }

  private static Principal principal() {
    return new Principal("demo", RunningServer.DEMO, EnumSet.of(Scope.JOBS_READ));
  }
}
