package xyz.openledger.cluster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.api.JobState;

/** Ten thousand questions at once; a thousand unless {@code -Dthorough=true}. */
class CrowdTest {
  private static final int ASKED = Boolean.getBoolean("thorough") ? 10_000 : 1_000;
  private static final int ROOM = 64;
  private static final int OF_ONE_TENANT = ROOM - ROOM / 8;
  private static final int CONNECTIONS = 256;
  private static final long HEAP_MORE_MAX = 64 << 20;

  @Test
  void oneTenantsCrowdIsToldWhenToComeBackAndAnotherTenantIsServedMeanwhile() throws Exception {
    var settings =
        Map.of("requests-max", ROOM, "waiters-max", ROOM, "connections-max", CONNECTIONS);
    try (var member = new RunningServer(settings);
        var crowd = new Crowd(member.server.address(), question(member.token))) {
      member.member.chatsWait = true;
      long heapBefore = heap();
      var over = new AtomicBoolean();
      var other = CompletableFuture.supplyAsync(() -> statuses(member, over));
      crowd.come(ASKED);
      crowd.until(ASKED - OF_ONE_TENANT, System.nanoTime() + TimeUnit.MINUTES.toNanos(6));
      long heapWithCrowd = heap();

      List<String> refused = crowd.heads();
      assertThat(refused)
          .hasSize(ASKED - OF_ONE_TENANT)
          .allMatch(head -> head.startsWith("HTTP/1.1 429 "))
          .allMatch(head -> head.matches("(?s).*\\r\\nRetry-After: [1-9][0-9]*\\r\\n.*"));
      assertThat(refused.getFirst()).contains("rate_limit_exceeded", "of this tenant");
      assertThat(heapWithCrowd - heapBefore).isLessThan(HEAP_MORE_MAX);
      assertThat(member.member.jobs).hasSize(OF_ONE_TENANT);

      List.copyOf(member.member.jobs.keySet())
          .forEach(job -> member.member.become(job, JobState.SETTLED));
      crowd.until(ASKED, System.nanoTime() + TimeUnit.MINUTES.toNanos(3));
      assertThat(crowd.heads())
          .filteredOn(head -> head.startsWith("HTTP/1.1 200 "))
          .hasSize(OF_ONE_TENANT);
      over.set(true);
      assertThat(other.join()).hasSizeGreaterThan(1).containsOnly(200);
    }
  }

  /** What another tenant is answered who asks one thing after another. */
  private static List<Integer> statuses(RunningServer member, AtomicBoolean over) {
    var statuses = new ArrayList<Integer>();
    while (!over.get()) {
      var request = member.request("/v1/models", member.otherToken).timeout(Duration.ofMinutes(2));
      statuses.add(member.send(request).status());
    }
    return statuses;
  }

  private static byte[] question(String token) {
    String body =
        "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"What is a pool?\"}]}";
    return """
    POST /v1/chat/completions HTTP/1.1\r
    Host: localhost\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Content-Length: %d\r
    Connection: close\r
    \r
    %s\
    """
        .formatted(token, body.length(), body)
        .getBytes(UTF_8);
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
