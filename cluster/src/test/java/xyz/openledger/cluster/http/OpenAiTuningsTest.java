package xyz.openledger.cluster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningRequest;

/** Fine-tuning jobs of the OpenAI API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiTuningsTest {
  private static final String JOBS = "/v1/fine_tuning/jobs";
  private static final String SAMPLE = "{\"prompt\":\"a\",\"completion\":\"b\"}\n";

  private RunningServer member;

  @BeforeAll
  void start() {
    member = new RunningServer();
    file(FakeFiles.SAMPLES, SAMPLE.repeat(20));
  }

  @AfterAll
  void stop() {
    member.close();
  }

  private void file(String id, String content) {
    var blob = member.blobs.put(content.getBytes(UTF_8));
    member.files.samples(id, blob.digest(), blob.bytes());
  }

  private Answer begin(String more) {
    return member.send(
        RunningServer.post(
            member.request(JOBS),
            "{\"model\":\"tiny\",\"training_file\":\"%s\"%s}".formatted(FakeFiles.SAMPLES, more)));
  }

  private JsonNode begun(String more) {
    Answer answer = begin(more);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private TuningRequest asked(JsonNode job) {
    return Objects.requireNonNull(
            member
                .tunings
                .show(null, TuningId.parse(job.path("id").asText()))
                .toCompletableFuture()
                .join())
        .request();
  }

  @Test
  void whatIsLeftOutIsAsUsual() {
    JsonNode job = begun("");
    TuningRequest asked = asked(job);

    assertThat(job.path("status").asText()).isEqualTo("running");
    assertThat(job.path("training_file").asText()).isEqualTo(FakeFiles.SAMPLES);
    assertThat(job.at("/hyperparameters/n_epochs").asText()).isEqualTo("auto");
    assertThat(job.at("/method/supervised/hyperparameters/batch_size").asInt()).isEqualTo(8);
    assertThat(job.has("fine_tuned_model") && job.path("fine_tuned_model").isNull()).isTrue();
    // 20 samples: five times make the hundred that is learnt from at least.
    assertThat(asked.recipe().steps()).isEqualTo(13);
    assertThat(asked.pieceSteps()).isEqualTo(10);
    assertThat(asked.checks()).isEqualTo(1);
    assertThat(asked.adapter()).startsWith("ft-");
    assertThat(asked.policy().verification().method()).isEqualTo(Policy.Method.TRUSTED);
    assertThat(member.blobs.read(asked.data()))
        .hasValueSatisfying(data -> assertThat(data).isEqualTo(SAMPLE.repeat(20).getBytes(UTF_8)));
  }

  @Test
  void whatIsSaidIsTrained() {
    JsonNode job =
        begun(
            ",\"suffix\":\"mate-2\",\"seed\":42,\"metadata\":{\"who\":\"ada\"},\"unknown\":1,"
                + "\"method\":{\"type\":\"supervised\",\"supervised\":{\"hyperparameters\":"
                + "{\"n_epochs\":4,\"batch_size\":2,\"learning_rate_multiplier\":0.5}}},"
                + "\"openledger\":{\"policy\":\"adaptive\",\"pieceSteps\":20,\"rank\":4}");
    TuningRequest asked = asked(job);

    assertThat(job.at("/hyperparameters").toString())
        .isEqualTo("{\"n_epochs\":4,\"batch_size\":2,\"learning_rate_multiplier\":0.5}");
    assertThat(job.at("/metadata/who").asText()).isEqualTo("ada");
    assertThat(job.path("seed").asLong()).isEqualTo(42);
    assertThat(asked.adapter()).isEqualTo("mate-2");
    assertThat(asked.recipe().steps()).isEqualTo(40);
    assertThat(asked.recipe().rate()).isEqualTo("0.0025");
    assertThat(asked.recipe().rank()).isEqualTo(4);
    assertThat(asked.pieces()).isEqualTo(2);
    assertThat(asked.checks()).isZero();
    assertThat(asked.policy().verification().method()).isEqualTo(Policy.Method.ADAPTIVE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`,\"hyperparameters\":{\"n_epochs\":0}` | 400 invalid_value hyperparameters.n_epochs",
        "`,\"hyperparameters\":{\"batch_size\":257}` | 400 invalid_value"
            + " hyperparameters.batch_size",
        "`,\"hyperparameters\":{\"learning_rate_multiplier\":0}` | 400 invalid_value"
            + " hyperparameters.learning_rate_multiplier",
        "`,\"hyperparameters\":{\"learning_rate_multiplier\":1e99}` | 400 invalid_value"
            + " hyperparameters.learning_rate_multiplier",
        "`,\"suffix\":\"A b\"` | 400 invalid_value suffix",
        "`,\"suffix\":\"a:b\"` | 400 invalid_value suffix",
        "`,\"validation_file\":\"file-1\"` | 404 not_found id",
        "`,\"validation_file\":7` | 400 invalid_value validation_file",
        "`,\"validation_file\":\"file-1\",\"openledger\":{\"holdBack\":true}` | 400 invalid_value"
            + " openledger.holdBack",
        "`,\"integrations\":[{\"type\":\"wandb\"}]` | 400 unsupported_parameter integrations",
        "`,\"method\":{\"type\":\"dpo\"}` | 400 unsupported_parameter method.type",
        "`,\"openledger\":{\"policy\":\"nonesuch\"}` | 400 invalid_value openledger.policy",
        "`,\"openledger\":{\"rank\":999}` | 400 invalid_value openledger.rank",
        "`,\"openledger\":{\"checks\":99}` | 400 invalid_value openledger.checks",
        "`,\"training_file\":\"file-9\"` | 404 not_found id",
      })
  void whatCannotBeTrainedIsRefusedByName(String more, String refusal) {
    Answer answer =
        more.contains("training_file")
            ? member.send(
                RunningServer.post(member.request(JOBS), "{\"model\":\"tiny\"" + more + "}"))
            : begin(more);
    JsonNode error = answer.json().path("error");

    assertThat(
            "%d %s %s"
                .formatted(
                    answer.status(), error.path("code").asText(), error.path("param").asText()))
        .as(answer.text())
        .isEqualTo(refusal);
  }

  @Test
  void aFileThatCannotBeLearntFromIsRefusedWithItsLine() {
    file("file-wrong", SAMPLE + "{\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}\n");
    Answer answer =
        member.send(
            RunningServer.post(
                member.request(JOBS), "{\"model\":\"tiny\",\"training_file\":\"file-wrong\"}"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/error/code").asText()).isEqualTo("invalid_training_file");
    assertThat(answer.json().at("/error/message").asText())
        .contains("line 2, messages[0].role is not one of");
  }

  @Test
  void whatAValidationFileHoldsIsMarkedBehindWhatIsLearnt() {
    file("file-validation", "\n" + SAMPLE.repeat(3));
    JsonNode job = begun(",\"validation_file\":\"file-validation\"");
    TuningRequest asked = asked(job);
    String held = SAMPLE.replace("}", ",\"heldBack\":true}");

    assertThat(job.path("validation_file").asText()).isEqualTo("file-validation");
    assertThat(asked.recipe().steps()).as("of 20 samples, not of 23").isEqualTo(13);
    assertThat(new String(member.blobs.read(asked.data()).orElseThrow(), UTF_8))
        .isEqualTo(SAMPLE.repeat(20) + "\n" + held.repeat(3));
    assertThat(begun("").path("validation_file").isNull()).isTrue();
  }

  @Test
  void aValidationFileThatCannotBeReadIsRefusedUnderItsOwnName() {
    file("file-no-json", SAMPLE + "{\n");
    JsonNode error = begin(",\"validation_file\":\"file-no-json\"").json().path("error");

    assertThat(error.path("code").asText()).isEqualTo("invalid_validation_file");
    assertThat(error.path("param").asText()).isEqualTo("validation_file");
    assertThat(error.path("message").asText()).contains("The validation file", "line 2");
  }

  @Test
  void aTokenThatMayServeNoModelsTrainsNone() throws IOException {
    String weak = member.issue("weak", RunningServer.DEMO, EnumSet.of(Scope.JOBS_WRITE));
    Answer answer = member.send(RunningServer.post(member.request(JOBS, weak), "{}"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).contains("models:write");
  }

  @Test
  void aRepeatUnderItsKeyIsTheSameJob() {
    var once = member.request(JOBS).header("Idempotency-Key", "one-training").copy();
    String body =
        "{\"model\":\"tiny@most-reliable\",\"training_file\":\"%s\"}".formatted(FakeFiles.SAMPLES);
    JsonNode first = member.send(RunningServer.post(once.copy(), body)).json();

    assertThat(member.send(RunningServer.post(once.copy(), body)).json().path("id"))
        .isEqualTo(first.path("id"));
    assertThat(asked(first).adapter())
        .isEqualTo(
            "ft-" + first.path("id").asText().substring(first.path("id").asText().length() - 12));
    assertThat(asked(first).policy().verification().method()).isNotEqualTo(Policy.Method.TRUSTED);
  }

  @Test
  void jobsAreListedPageByPageAndBelongToTheirTenant() {
    begun("");
    JsonNode page = member.get(JOBS + "?limit=1").json();
    assertThat(page.path("data")).hasSize(1);
    assertThat(page.path("has_more").asBoolean()).isTrue();
    JsonNode next = member.get(JOBS + "?limit=1&after=" + page.path("last_id").asText()).json();
    assertThat(next.path("data").path(0).path("id")).isNotEqualTo(page.path("first_id"));

    assertThat(member.get(JOBS + "/" + FakeTunings.FIRST).json().path("training_file").asText())
        .as("one that was begun without a file")
        .startsWith("sha256:");
    assertThat(
            member.send(member.request(JOBS + "/" + FakeTunings.FIRST, member.otherToken)).status())
        .isEqualTo(404);
    assertThat(member.get(JOBS + "/ftjob-abc").json().at("/error/code").asText())
        .isEqualTo("not_found");
  }

  @Test
  void eachStepIsAMetricAndEachPieceACheckpoint() {
    JsonNode events = member.get(JOBS + "/" + FakeTunings.FIRST + "/events?limit=2").json();

    assertThat(events.at("/data/0/type").asText()).isEqualTo("message");
    JsonNode metrics = events.at("/data/1");
    assertThat(metrics.path("type").asText()).isEqualTo("metrics");
    assertThat(metrics.path("data").toString()).isEqualTo("{\"step\":20,\"train_loss\":2.5}");
    JsonNode earlier =
        member
            .get(
                "%s/%s/events?after=%s"
                    .formatted(JOBS, FakeTunings.FIRST, events.path("last_id").asText()))
            .json();
    assertThat(earlier.path("data")).hasSize(1);
    assertThat(earlier.at("/data/0/data/step").asInt()).isEqualTo(19);

    JsonNode checkpoint =
        member.get(JOBS + "/" + FakeTunings.FIRST + "/checkpoints").json().at("/data/0");
    assertThat(checkpoint.path("step_number").asInt()).isEqualTo(20);
    assertThat(checkpoint.path("created_at").asLong()).isEqualTo(8);
    assertThat(checkpoint.at("/metrics/train_loss").asDouble()).isEqualTo(2.5);
  }

  @Test
  void aJobIsCancelled() {
    String id = begun("").path("id").asText();
    JsonNode cancelled =
        member.send(RunningServer.post(member.request(JOBS + "/" + id + "/cancel"), "")).json();

    assertThat(cancelled.path("status").asText()).isEqualTo("cancelled");
    assertThat(cancelled.path("finished_at").asLong()).isPositive();
    assertThat(cancelled.path("error").isNull()).isTrue();
  }
}
