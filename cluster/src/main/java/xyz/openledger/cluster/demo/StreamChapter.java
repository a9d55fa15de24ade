package xyz.openledger.cluster.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.receipts.TrustedStart;
import xyz.openledger.cluster.evidence.CheckableProof;
import xyz.openledger.cluster.evidence.ReceiptChecks;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.api.ReceiptView;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

/**
 * The part of the story in which words are shown while one machine makes them, and verified by
 * another one then; and in which that machine is the one that rounds.
 */
final class StreamChapter {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final OpenLedgerClient client;
  private final URI chat;
  private final String token;
  private final Story story;

  StreamChapter(OpenLedgerClient client, URI member, String token, Story story) {
    this.client = client;
    this.chat = member.resolve("/v1/chat/completions");
    this.token = token;
    this.story = story;
  }

  /** What a stream brought, and when its first word came; clocks are those of this one machine. */
  private record Heard(JobId job, String text, long firstAtMillis) {}

  /**
   * Tells it.
   *
   * @param honest what the honest machines answer
   * @param reputation of the machine that rounds, as it is by now
   */
  void tell(String question, String honest, IntSupplier reputation) {
    story.chapter("Words are shown while one machine makes them, and verified by another one then");
    Heard first = ask(question, "reliability");
    JobDetail ended = ended(first.job());
    story.line(
        "%s  %s", first.text().strip().replace('\n', '/'), String.valueOf(ended.job().detail()));
    JobDetail.FirstAnswer given = ended.firstAnswer();
    story.check(
        "streamed-then-verified",
        first.firstAtMillis() < ended.job().changedAtMillis()
            && first.text().strip().equals(honest)
            && given != null
            && Boolean.TRUE.equals(given.confirmed()),
        "its words came before it was verified; leaf %s of the log stands for the answer, leaf %s"
            + " for its verification",
        given == null ? "?" : String.valueOf(given.receiptIndex()),
        String.valueOf(ended.job().receiptIndex()));
    bothLeaves(first.job().value());
    Heard cheap = ask(question, "cost");
    JobDetail refuted = ended(cheap.job());
    story.line(
        "%s  %s", cheap.text().strip().replace('\n', '/'), String.valueOf(refuted.job().detail()));
    given = refuted.firstAnswer();
    JobDetail.ReplicaView giver = refuted.tasks().getFirst().replicas().getFirst();
    story.check(
        "streamed-then-refuted",
        given != null
            && Boolean.FALSE.equals(given.confirmed())
            && giver.state() == JobDetail.ReplicaState.REJECTED
            && giver.paidNanoOpen() == 0,
        "the cheapest machine was zed; its words were shown, found wrong and not paid; its"
            + " reputation is %d of 10000",
        reputation.getAsInt());
  }

  /** What was answered and what verified it: two receipts, and each holds by itself. */
  private void bothLeaves(String job) {
    ReceiptView last = client.receipts().show(job);
    ReceiptView answered = client.receipts().showFirst(job);
    var key = LogKey.parse(client.receipts().log().key());
    var start = new TrustedStart(Optional.of(key), Optional.empty(), List.of());
    boolean hold =
        Stream.<Supplier<ReceiptProof>>of(
                () -> client.receipts().prove(job), () -> client.receipts().proveFirst(job))
            .map(StreamChapter::covered)
            .allMatch(proof -> holds(proof, start));
    story.check(
        "both-leaves-hold",
        hold
            && Objects.equals(last.firstIndex(), answered.index())
            && answered.index() < last.index()
            && Json.read(answered.document(), Receipt.class).kind() == Receipt.Kind.RESULT,
        "receipt show names both leaves, and receipt verify finds %s and %s sound",
        answered.index(),
        last.index());
  }

  private static boolean holds(ReceiptProof proof, TrustedStart start) {
    try {
      return ReceiptChecks.verify(Json.write(CheckableProof.of(proof)), start).verified();
    } catch (IOException noChainIsAsked) {
      throw new UncheckedIOException(noChainIsAsked);
    }
  }

  /** A proof, once a checkpoint covers its leaf. */
  private static ReceiptProof covered(Supplier<ReceiptProof> proof) {
    for (long began = System.nanoTime(); ; ) {
      try {
        return proof.get();
      } catch (MemberRefusal early) {
        if (!early.is(Problem.WRONG_STATE) || System.nanoTime() - began > PATIENCE.toNanos()) {
          throw early;
        }
        LockSupport.parkNanos(200_000_000);
      }
    }
  }

  private static String policy(String preferred) {
    return """
    {"objective": {"weights": {"%s": 100}},
     "limits": {"priceMax": "1 OPEN", "deadline": "PT3M"},
     "verification": {"method": "adaptive", "answersFirst": true,
                      "parameters": {"agreement": 2, "replicasMax": 5}}}
    """
        .formatted(preferred);
  }

  private Heard ask(String question, String preferred) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("model", "tiny")
            .put("max_tokens", 32)
            .put("temperature", 0)
            .put("seed", 1)
            .put("stream", true);
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    byte[] policy = policy(preferred).getBytes(StandardCharsets.UTF_8);
    body.putObject("openledger").set("policy", Json.tree(policy));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> response =
          http.send(
              HttpRequest.newBuilder(chat)
                  .timeout(PATIENCE)
                  .header("Authorization", "Bearer " + token)
                  .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                  .build(),
              HttpResponse.BodyHandlers.ofLines());
      return heard(response);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  private Heard heard(HttpResponse<Stream<String>> response) {
    JobId job =
        JobId.parse(response.headers().firstValue("X-OpenLedger-Job").orElse("(no job was begun)"));
    var text = new StringBuilder();
    long[] firstAtMillis = {Long.MAX_VALUE};
    response
        .body()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> Json.tree(line.substring(6).getBytes(StandardCharsets.UTF_8)))
        .map(StreamChapter::content)
        .filter(words -> !words.isEmpty())
        .forEach(
            words -> {
              firstAtMillis[0] = Math.min(firstAtMillis[0], System.currentTimeMillis());
              text.append(words);
            });
    return new Heard(job, text.toString(), firstAtMillis[0]);
  }

  private static String content(JsonNode chunk) {
    return chunk.at("/choices/0/delta/content").asText("");
  }

  private JobDetail ended(JobId job) {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      JobDetail detail = client.jobs().show(job.value());
      // The receipt comes a moment after the end.
      if (detail.job().state().isFinal()
          && (detail.job().receiptIndex() != null || detail.job().state() != JobState.SETTLED)) {
        return detail;
      }
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new IllegalStateException(job + " is still " + detail.job().state().word());
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(stopped);
      }
    }
  }
}
