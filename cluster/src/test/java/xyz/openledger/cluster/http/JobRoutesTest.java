package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.cluster.http.RunningServer.SPEC;
import static xyz.openledger.cluster.http.RunningServer.post;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;

class JobRoutesTest {
  private RunningServer member;

  @BeforeEach
  void start() {
    member = new RunningServer();
  }

  @AfterEach
  void stop() {
    member.close();
  }

  private Answer submit(String key, String spec) {
    return member.send(post(member.request("/api/v1/jobs").header("Idempotency-Key", key), spec));
  }

  @Test
  void aRepeatIsTheSameJobAndAnotherBodyIsAConflict() {
    Answer first = submit("k", SPEC);
    Answer again = submit("k", SPEC);
    Answer other = submit("k", SPEC.replace("words", "letters"));

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.header("Location"))
        .isEqualTo("/api/v1/jobs/" + first.json().get("job").textValue());
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("job")).isEqualTo(first.json().get("job"));
    assertThat(again.json().get("repeated").booleanValue()).isTrue();
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.refusal()).isEqualTo("idempotency-conflict Idempotency-Key");
    assertThat(member.member.jobs).hasSize(1);
  }

  @Test
  void aClientThatOffersHttp2IsAnsweredWithItsBodyRead() throws Exception {
    // The JDK's client sends Upgrade: h2c with its first request.
    try (var fresh = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var request = post(member.request("/api/v1/jobs").header("Idempotency-Key", "h2c"), SPEC);
      var answer = fresh.send(request.build(), HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(member.member.jobs).containsKey(JobId.of(RunningServer.DEMO, "h2c"));
    }
  }

  @Test
  void aBatchHasOneAnswerForEachItem() {
    String rich = SPEC.replace("\"500000000\"", "\"5000000000000\"");
    String batch =
        "[{\"idempotencyKey\":\"a\",\"spec\":%s},{\"idempotencyKey\":\"b\",\"spec\":%s}]"
            .formatted(SPEC, rich);

    Answer answer = member.send(post(member.request("/api/v1/jobs:batch"), batch));

    var items = answer.json().get("items");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(items.get(0).get("submitted").get("job").textValue())
        .isEqualTo(JobId.of(RunningServer.DEMO, "a").value());
    assertThat(items.get(0).has("problem")).isFalse();
    assertThat(items.get(1).get("problem").get("status").intValue()).isEqualTo(402);
    assertThat(items.get(1).get("problem").get("field").textValue())
        .isEqualTo("policy.limits.priceMaxNanoOpen");
  }

  @Test
  void pagesShowEveryJobOnce() {
    IntStream.range(0, 7).forEach(i -> member.submitted("page-" + i));
    var seen = new HashSet<String>();
    String cursor = "";
    int pages = 0;
    do {
      var page = member.get("/api/v1/jobs?limit=3&cursor=" + cursor).json();
      StreamSupport.stream(page.get("items").spliterator(), false)
          .forEach(job -> assertThat(seen.add(job.get("id").textValue())).isTrue());
      cursor = page.get("cursor").textValue();
      pages++;
    } while (!cursor.isEmpty());

    assertThat(seen).hasSize(7);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void aListCanBeNarrowedByStateAndLabel() {
    member.member.become(member.submitted("one"), JobState.SETTLED);
    member.submitted("two");

    assertThat(member.get("/api/v1/jobs?state=settled").json().get("items")).hasSize(1);
    assertThat(member.get("/api/v1/jobs?label=example:words").json().get("items")).hasSize(2);
    assertThat(member.get("/api/v1/jobs?label=example%3Dwords&label=a:b").json().get("items"))
        .isEmpty();
  }

  @Test
  void aUniquePrefixIsEnoughAndAnAmbiguousOneListsWhatItFits() {
    JobId job = member.submitted("prefix");
    String prefix = job.value().substring(0, 10);

    assertThat(member.get("/api/v1/jobs/" + prefix).json().at("/job/id").textValue())
        .isEqualTo(job.value());

    var twin =
        new JobId(prefix + (job.value().charAt(10) == 'a' ? 'b' : 'a') + job.value().substring(11));
    var known = Objects.requireNonNull(member.member.jobs.get(job));
    member.member.put(twinOf(known, twin));
    Answer ambiguous = member.get("/api/v1/jobs/" + prefix);

    assertThat(ambiguous.status()).isEqualTo(409);
    assertThat(ambiguous.refusal()).isEqualTo("ambiguous-id id");
    assertThat(ambiguous.json().get("candidates")).hasSize(2);
  }

  private static JobSummary twinOf(JobSummary job, JobId id) {
    return new JobSummary(
        id,
        job.tenant(),
        job.name(),
        job.labels(),
        job.state(),
        null,
        null,
        job.spec(),
        job.objective(),
        job.verification(),
        1,
        job.pools(),
        job.nodes(),
        0,
        null,
        0,
        0);
  }

  @Test
  void eachTenantSeesItsOwnJobsAloneAndTheAdministratorAll() {
    JobId job = member.submitted("mine");
    member.member.become(job, JobState.SETTLED);

    for (String path :
        new String[] {
          "/api/v1/jobs/" + job,
          "/api/v1/jobs/" + job.value().substring(0, 12),
          "/api/v1/jobs/" + job + "/output",
          "/api/v1/jobs/" + job + "/explain",
          "/api/v1/receipts/" + job,
          "/api/v1/receipts/" + job + "/proof",
          "/api/v1/accounts/demo",
          "/api/v1/accounts/demo/deposit"
        }) {
      Answer foreign = member.send(member.request(path, member.otherToken));
      assertThat(foreign.status()).as(path).isEqualTo(404);
      assertThat(foreign.text()).doesNotContain("words");
      assertThat(member.send(member.request(path, member.adminToken)).status())
          .as(path)
          .isEqualTo(200);
    }
    Answer absent =
        member.send(
            member.request("/api/v1/jobs/job-u5xqnzl2fq7mhk3wodct6yrb4e", member.otherToken));
    Answer foreign = member.send(member.request("/api/v1/jobs/" + job, member.otherToken));
    assertThat(foreign.text().replace(job.value(), "X"))
        .as("a foreign job looks like none at all")
        .isEqualTo(absent.text().replace("job-u5xqnzl2fq7mhk3wodct6yrb4e", "X"));
    assertThat(
            member
                .send(
                    post(member.request("/api/v1/jobs/" + job + ":cancel", member.otherToken), ""))
                .status())
        .isEqualTo(404);
    assertThat(member.send(member.request("/api/v1/jobs", member.otherToken)).json().get("items"))
        .isEmpty();
  }

  @Test
  void aLongPollAnswersWhenTheJobIsFinal() {
    JobId job = member.submitted("wait");
    var answer =
        CompletableFuture.supplyAsync(() -> member.get("/api/v1/jobs/" + job + "?wait=30s"));
    Awaitility.await().until(() -> member.get("/metrics").text().contains("in_work 2"));
    assertThat(answer).isNotDone();

    member.member.become(job, JobState.RUNNING);
    member.member.become(job, JobState.SETTLED);

    assertThat(answer.join().json().at("/job/state").textValue()).isEqualTo("settled");
  }

  @Test
  void aLongPollAnswersAtTheLatestAfterTheWait() {
    JobId job = member.submitted("wait");

    Answer answer = member.get("/api/v1/jobs/" + job + "?wait=50ms");

    assertThat(answer.json().at("/job/state").textValue()).isEqualTo("queued");
  }

  @Test
  void theOutputIsThereOnceTheJobIsSettled() {
    JobId job = member.submitted("output");
    assertThat(member.get("/api/v1/jobs/" + job + "/output").refusal()).isEqualTo("wrong-state id");

    member.member.become(job, JobState.SETTLED);

    assertThat(member.get("/api/v1/jobs/" + job + "/output").text()).isEqualTo("words 42\n");
    assertThat(
            member
                .send(
                    member
                        .request("/api/v1/jobs/" + job + "/output?task=0")
                        .header("Range", "bytes=6-7"))
                .text())
        .isEqualTo("42");
    assertThat(member.get("/api/v1/jobs/" + job + "/output?task=1").status()).isEqualTo(404);
  }

  @Test
  void aJobIsCancelledByItsOwner() {
    JobId job = member.submitted("cancel");

    Answer answer = member.send(post(member.request("/api/v1/jobs/" + job + ":cancel"), ""));

    assertThat(answer.json().at("/job/state").textValue()).isEqualTo("cancelled");
  }

  @Test
  void moreAtOnceThanAllowedIsToldToComeBack() {
    try (var small = new RunningServer(Map.of("requests-max", 1))) {
      small.member.stall = new CompletableFuture<>();
      var first = CompletableFuture.supplyAsync(() -> small.get("/api/v1/jobs"));
      Awaitility.await().until(() -> small.get("/api/v1/jobs").status() == 429);

      assertThat(small.get("/api/v1/jobs").header("Retry-After")).isNotEmpty();
      small.member.stall.complete(null);
      assertThat(first.join().status()).isEqualTo(200);
      small.member.stall = null;
      assertThat(small.get("/api/v1/jobs").status()).isEqualTo(200);
    }
  }

  @Test
  void anAnswerThatDoesNotComeIsGivenUp() {
    try (var hasty = new RunningServer(Map.of("request-timeout", "200ms"))) {
      hasty.member.stall = new CompletableFuture<>();

      Answer answer = hasty.get("/api/v1/jobs");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.refusal()).isEqualTo("unavailable");
      assertThat(answer.header("Retry-After")).isNotEmpty();
    }
  }

  @Test
  void whatFailsUnexpectedlyTellsNothingOfItself() {
    member.member.stall = CompletableFuture.failedFuture(new IllegalStateException("secret path"));

    Answer answer = member.get("/api/v1/jobs");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).doesNotContain("secret").contains("the log has the cause");
  }
}
