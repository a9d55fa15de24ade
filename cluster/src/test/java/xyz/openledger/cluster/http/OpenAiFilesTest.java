package xyz.openledger.cluster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.cluster.blob.BlobSettings;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.json.Json;

/** Files, batches, embeddings and adapters of the OpenAI API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiFilesTest {
  private static final String LINE =
      "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"What"
          + " is a pool?\"}]}}\n";

  private RunningServer member;

  @BeforeAll
  void start() {
    member = new RunningServer(Map.of("uploads-max", 4));
  }

  @AfterAll
  void stop() {
    member.close();
  }

  private Answer upload(String purpose, String content) {
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n%s\r\n--b\r\n"
                .formatted(purpose)
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a/../q.jsonl\"\r\n"
            + "Content-Type: application/jsonl\r\n\r\n%s\r\n--b--\r\n".formatted(content);
    return member.send(
        RunningServer.post(
            member
                .request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=b")
                // Who is refused by the length alone is told before sending it all.
                .expectContinue(true),
            form));
  }

  private Answer post(String path, String body) {
    return member.send(RunningServer.post(member.request(path), body));
  }

  private static String code(Answer answer) {
    return answer.status() + " " + answer.json().at("/error/code").asText();
  }

  private JsonNode ended(String batch) {
    await()
        .until(
            () ->
                !member.get("/v1/batches/" + batch).json().path("completed_at").isNull()
                    || !member.get("/v1/batches/" + batch).json().path("cancelled_at").isNull());
    return member.get("/v1/batches/" + batch).json();
  }

  private String begin(String file) {
    Answer answer =
        post(
            "/v1/batches",
            "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",".formatted(file)
                + "\"completion_window\":\"24h\",\"metadata\":{\"who\":\"ada\"}}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("id").asText();
  }

  @Test
  void aFileIsKeptForItsTenantAlone() {
    String id = upload("batch", "{}").json().path("id").asText();

    assertThat(member.get("/v1/files/" + id).json().path("filename").asText()).isEqualTo("q.jsonl");
    assertThat(member.get("/v1/files/" + id + "/content").text()).isEqualTo("{}");
    assertThat(member.get("/v1/files?purpose=batch").json().path("data").findValuesAsText("id"))
        .contains(id);
    assertThat(member.get("/v1/files?purpose=other").json().path("data")).isEmpty();
    Answer stranger = member.send(member.request("/v1/files/" + id, member.otherToken));
    assertThat(code(stranger)).isEqualTo("404 not_found");
    Answer deleted = member.send(member.request("/v1/files/" + id).DELETE());
    assertThat(deleted.json().path("deleted").asBoolean()).isTrue();
    assertThat(code(member.get("/v1/files/" + id))).isEqualTo("404 not_found");
  }

  @Test
  void whatIsNoFileIsRefusedInTheFormOfTheApi() {
    assertThat(code(upload("Not A Word", "{}"))).isEqualTo("400 invalid_value");
    assertThat(code(upload("batch", ""))).isEqualTo("400 invalid_value");
    assertThat(code(post("/v1/files", "{}"))).isEqualTo("400 invalid_value");
    assertThat(code(upload("batch", "x".repeat(OpenAiFiles.FILE_BYTES_MAX + (65 << 10)))))
        .startsWith("413");
    // Refusals give back what they took: more uploads than there is room for at once.
    assertThat(upload("batch", "{}").status()).isEqualTo(200);
  }

  @Test
  void eachLineOfABatchIsAJobAndItsAnswerALine() {
    String file =
        upload("batch", LINE.formatted("a", "tiny") + LINE.formatted("b", "gpt-9"))
            .json()
            .path("id")
            .asText();
    String batch = begin(file);
    JsonNode end = ended(batch);

    assertThat(end.path("status").asText()).isEqualTo("completed");
    assertThat(end.path("request_counts").toString())
        .isEqualTo("{\"total\":2,\"completed\":1,\"failed\":1}");
    assertThat(end.at("/metadata/who").asText()).isEqualTo("ada");
    String output = member.get(content(end, "output_file_id")).text();
    assertThat(output).contains("\"custom_id\":\"a\"", "Machines that work together.");
    String errors = member.get(content(end, "error_file_id")).text();
    assertThat(errors).contains("\"custom_id\":\"b\"", "model_not_found");
    assertThat(member.member.jobs).containsKey(JobId.of(RunningServer.DEMO, batch + "-0"));
  }

  private static String content(JsonNode batch, String field) {
    return "/v1/files/" + batch.path(field).asText() + "/content";
  }

  @Test
  void aBatchThatCannotBeReadSaysWhichLine() {
    String file =
        upload("batch", LINE.formatted("a", "tiny") + "nonsense").json().path("id").asText();
    JsonNode end = ended(begin(file));

    assertThat(end.path("status").asText()).isEqualTo("failed");
    assertThat(end.at("/errors/data/0/message").asText()).contains("line 2");
  }

  @Test
  void aBatchWhoseAnswersCannotBeKeptEndsAndSaysSo() {
    String file = upload("batch", LINE.formatted("a", "tiny")).json().path("id").asText();
    member.files.full = true;
    JsonNode end = ended(begin(file));
    member.files.full = false;

    assertThat(end.path("status").asText()).isEqualTo("failed");
    assertThat(end.at("/errors/data/0/code").asText()).isEqualTo("output_not_kept");
    assertThat(end.at("/errors/data/0/message").asText()).contains("no room");
    assertThat(end.at("/request_counts/completed").asInt()).isEqualTo(1);
    assertThat(end.path("output_file_id").isNull()).isTrue();
  }

  @Test
  void aBatchWhoseAnswersAreLongerThanABlobEnds() {
    var lines = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      lines.append(LINE.formatted("line-" + i, "tiny"));
    }
    byte[] content = lines.toString().getBytes(UTF_8);
    var settings = new BlobSettings(content.length, 1 << 30, 0);
    try (var narrow = new RunningServer(Map.of(), settings)) {
      narrow.files.examples(narrow.blobs.put(content).digest(), content.length);
      await()
          .untilAsserted(
              () ->
                  assertThat(narrow.get("/v1/batches/" + FakeFiles.BATCH).text())
                      .contains(
                          "\"failed\"", "longer than the %d bytes".formatted(content.length)));
    }
  }

  @Test
  void aCancelledBatchStopsItsJobsAndAsksNoMore() {
    member.member.chatsWait = true;
    var lines = new StringBuilder();
    for (int i = 0; i < 3 * BatchRunner.AT_ONCE_MAX; i++) {
      lines.append(LINE.formatted("line-" + i, "tiny"));
    }
    String batch = begin(upload("batch", lines.toString()).json().path("id").asText());
    JobId first = JobId.of(RunningServer.DEMO, batch + "-0");
    await().until(() -> member.member.jobs.containsKey(first));
    JsonNode cancelled = post("/v1/batches/" + batch + "/cancel", "").json();
    assertThat(cancelled.path("status").asText()).isEqualTo("cancelling");
    JsonNode end = ended(batch);
    member.member.chatsWait = false;

    assertThat(end.path("status").asText()).isEqualTo("cancelled");
    assertThat(member.member.jobs.get(first).state()).isEqualTo(JobState.CANCELLED);
    assertThat(member.get(content(end, "error_file_id")).text()).contains("batch_cancelled");
    assertThat(member.member.jobs.keySet())
        .doesNotContain(
            JobId.of(RunningServer.DEMO, batch + "-" + (3 * BatchRunner.AT_ONCE_MAX - 1)));
  }

  @Test
  void batchesOfOneTenantWaitForTheirTurn() {
    member.member.chatsWait = true;
    String file = upload("batch", LINE.formatted("a", "tiny")).json().path("id").asText();
    List<JobId> jobs =
        Stream.generate(() -> begin(file))
            .limit(BatchRunner.BATCHES_OF_ONE_MAX + 1)
            .map(batch -> JobId.of(RunningServer.DEMO, batch + "-0"))
            .toList();
    List<JobId> first = jobs.subList(0, BatchRunner.BATCHES_OF_ONE_MAX);
    await().until(() -> member.member.jobs.keySet().containsAll(first));
    assertThat(member.member.jobs).doesNotContainKey(jobs.getLast());
    member.member.chatsWait = false;
    first.forEach(job -> member.member.become(job, JobState.SETTLED));

    await().until(() -> member.member.jobs.containsKey(jobs.getLast()));
  }

  @Test
  void batchesTakeNoWaitingPlaceOfTheHttpPort() {
    try (var small = new RunningServer(Map.of("waiters-max", 1))) {
      small.member.chatsWait = true;
      byte[] content = (LINE.formatted("a", "tiny") + LINE.formatted("b", "tiny")).getBytes(UTF_8);
      small.files.examples(small.blobs.put(content).digest(), content.length);
      await().until(() -> small.member.jobs.size() == 2);
      JobId first = JobId.of(RunningServer.DEMO, FakeFiles.BATCH + "-0");

      assertThat(small.get("/api/v1/jobs/" + first + "?wait=10ms").status()).isEqualTo(200);
      List.copyOf(small.member.jobs.keySet())
          .forEach(job -> small.member.become(job, JobState.SETTLED));
    }
  }

  @Test
  void aBatchThatWasBegunIsTakenUpByWhoeverHasItsFile() {
    // As after a crash: it is in the journal, and one of its jobs is there already.
    String line = LINE.formatted("a", "tiny") + LINE.formatted("b", "tiny");
    String file = upload("batch", line).json().path("id").asText();
    String first = begin(file);
    ended(first);
    int jobs = member.member.jobs.size();
    member.files.begin(
        new StoredBatch(
            "batch_resumed",
            RunningServer.DEMO,
            "/v1/chat/completions",
            file,
            Digest.of(line.getBytes(UTF_8)),
            Map.of(),
            1,
            0,
            null));

    assertThat(ended("batch_resumed").at("/request_counts/completed").asInt()).isEqualTo(2);
    assertThat(member.member.jobs).hasSize(jobs + 2);
  }

  @Test
  void aCancelledBatchKeepsTheAnswersThatThereAreWhoeverGoesOnWithIt() {
    // As after a restart: the first line was asked, the second was not.
    String lines = LINE.formatted("a", "tiny") + LINE.formatted("b", "tiny");
    String file = upload("batch", lines).json().path("id").asText();
    Answer asked =
        member.send(
            RunningServer.post(
                member
                    .request("/v1/chat/completions")
                    .header("Idempotency-Key", "batch_unwanted-0"),
                Json.tree(lines.lines().toList().getFirst().getBytes(UTF_8))
                    .path("body")
                    .toString()));
    assertThat(asked.status()).isEqualTo(200);
    member.files.begin(
        new StoredBatch(
            "batch_unwanted",
            RunningServer.DEMO,
            "/v1/chat/completions",
            file,
            Digest.of(lines.getBytes(UTF_8)),
            Map.of(),
            1,
            2,
            null));
    JsonNode end = ended("batch_unwanted");

    assertThat(end.path("status").asText()).isEqualTo("cancelled");
    assertThat(member.get(content(end, "output_file_id")).text()).contains("\"a\"", "Machines");
    assertThat(member.get(content(end, "error_file_id")).text())
        .contains("\"b\"", "batch_cancelled")
        .doesNotContain("\"a\"");
  }

  @Test
  void embeddingsAreNumbersOrBase64AndOneJobForAllTexts() {
    Answer numbers = post("/v1/embeddings", "{\"model\":\"tiny\",\"input\":[\"a\",\"b\"]}");
    JsonNode data = numbers.json().path("data");
    assertThat(data).hasSize(2);
    assertThat(data.path(1).path("embedding").path(0).floatValue()).isEqualTo(0.6f);
    assertThat(data.path(1).path("embedding").path(1).floatValue()).isEqualTo(0.8f);
    assertThat(data.path(1).path("index").asInt()).isEqualTo(1);
    assertThat(numbers.json().path("usage").path("prompt_tokens").asInt()).isEqualTo(8);
    var spec = member.member.submitted(JobId.parse(numbers.json().at("/openledger/job").asText()));
    assertThat(spec.tasks()).hasSize(2);

    Answer coded =
        post(
            "/v1/embeddings",
            "{\"model\":\"tiny\",\"input\":\"a\",\"encoding_format\":\"base64\"}");
    assertThat(coded.json().at("/data/0/embedding").asText()).isEqualTo("mpkZP83MTD8=");
    assertThat(
            code(post("/v1/embeddings", "{\"model\":\"tiny\",\"input\":\"a\",\"dimensions\":8}")))
        .isEqualTo("400 unsupported_parameter");
    assertThat(code(post("/v1/embeddings", "{\"model\":\"tiny\",\"input\":[[1,2]]}")))
        .isEqualTo("400 unsupported_parameter");
    assertThat(code(post("/v1/embeddings", "{\"model\":\"tiny\",\"input\":[]}")))
        .isEqualTo("400 invalid_value");
  }

  @Test
  void adaptersAreLoadedAndUnloadedAsVllmDoesIt() {
    String load =
        "{\"lora_name\":\"tiny:loaded\",\"lora_path\":\"%s\"}".formatted(FakeModels.PIRATE);
    assertThat(post("/v1/load_lora_adapter", load).text()).contains("added successfully");
    assertThat(member.get("/v1/models/tiny:loaded").status()).isEqualTo(200);
    assertThat(post("/v1/unload_lora_adapter", "{\"lora_name\":\"tiny:loaded\"}").text())
        .contains("removed successfully");
    assertThat(member.get("/v1/models/tiny:loaded").status()).isEqualTo(404);
    assertThat(code(post("/v1/unload_lora_adapter", "{\"lora_name\":\"tiny:loaded\"}")))
        .startsWith("404");
    assertThat(code(post("/v1/load_lora_adapter", "{\"lora_name\":\"x\",\"lora_path\":\"/etc\"}")))
        .isEqualTo("400 invalid_value");
  }
}
