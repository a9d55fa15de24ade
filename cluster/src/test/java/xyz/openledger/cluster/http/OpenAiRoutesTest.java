package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.cluster.http.RunningServer.Answer;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.json.Json;

/** What clients of the OpenAI API send, and what they read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiRoutesTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"What is a pool?\"}]%s}";

  private RunningServer member;

  @BeforeAll
  void start() {
    member = new RunningServer();
  }

  @BeforeEach
  void answerAtOnce() {
    member.member.chatsWait = false;
  }

  @AfterAll
  void stop() {
    member.close();
  }

  private Answer ask(String model, String more) {
    return member.send(RunningServer.post(member.request(CHAT), ASK.formatted(model, more)));
  }

  private static JobId job(Answer answer) {
    return JobId.parse(answer.header("X-OpenLedger-Job"));
  }

  @Test
  void aQuestionIsAnsweredByAJobWhoseReceiptIsNamed() {
    Answer answer = ask("tiny", "");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode choice = answer.json().path("choices").path(0);
    assertThat(choice.path("message").path("content").asText())
        .isEqualTo("Machines that work together.");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.json().path("usage").toString())
        .isEqualTo("{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}");
    assertThat(answer.json().path("openledger").path("job").asText())
        .isEqualTo(job(answer).value());
  }

  @Test
  void theJobAsksForTheBaseAndGivesTheAdapterToItsTask() {
    var spec = member.member.submitted(job(ask("tiny:pirate", ",\"max_tokens\":20,\"seed\":11")));

    assertThat(spec.workload()).isInstanceOf(Workload.Inference.class);
    assertThat(spec.workload().program()).isEqualTo(FakeModels.TINY);
    assertThat(spec.tasks().getFirst().arguments()).containsExactly(FakeModels.PIRATE.toString());
    var question =
        Json.read(
            member.blobs.read(spec.tasks().getFirst().input()).orElseThrow(),
            InferenceQuestion.class);
    assertThat(question.tokensMax()).isEqualTo(20);
    assertThat(question.seed()).isEqualTo(11);
  }

  @Test
  void aPolicyRidesOnTheModelsNameOrInAHeaderOrInTheBody() {
    assertThat(member.member.submitted(job(ask("tiny@most-reliable", ""))).policy().verification())
        .extracting(Policy.Verification::method)
        .isEqualTo(Policy.Method.QUORUM);
    Answer byHeader =
        member.send(
            RunningServer.post(
                member.request(CHAT).header("X-OpenLedger-Policy", "lowest-latency"),
                ASK.formatted("tiny", "")));
    assertThat(member.member.submitted(job(byHeader)).policy().objective().weights().latency())
        .isEqualTo(100);
    String whole =
        ",\"openledger\":{\"policy\":{\"limits\":{\"priceMax\":\"0.2 OPEN\","
            + "\"deadline\":\"PT30S\"}}}";
    assertThat(
            member.member.submitted(job(ask("tiny", whole))).policy().limits().priceMaxNanoOpen())
        .isEqualTo(200_000_000);
  }

  @Test
  void anApiKeyBeyondItsCapIsRefusedWithTheCapInTheFormOfThisApi() {
    String cap = "the API key demo pays by vouchers: its session key may spend 25 OPEN";
    member.member.unpaid = new SubmitAnswer.Refused(Problem.INSUFFICIENT_BALANCE, "", cap);
    Answer over = ask("tiny", "");
    member.member.unpaid = new SubmitAnswer.Refused(Problem.TOO_MANY_REQUESTS, "", "sign first");
    Answer behind = ask("tiny", "");
    member.member.unpaid = null;

    assertThat(over.status()).isEqualTo(429);
    assertThat(over.json().at("/error/message").asText()).isEqualTo(cap);
    assertThat(over.json().at("/error/code").asText()).isEqualTo("insufficient_quota");
    assertThat(behind.status()).isEqualTo(429);
    assertThat(behind.header("Retry-After")).isNotEmpty();
    assertThat(behind.json().at("/error/message").asText()).isEqualTo("sign first");
  }

  @Test
  void theSameKeyAsksTheSameQuestion() {
    String first = keyed("ask-1").header("X-OpenLedger-Job");

    assertThat(keyed("ask-1").header("X-OpenLedger-Job")).isEqualTo(first);
    assertThat(keyed("ask-2").header("X-OpenLedger-Job")).isNotEqualTo(first);
  }

  private Answer keyed(String key) {
    return member.send(
        RunningServer.post(
            member.request(CHAT).header("Idempotency-Key", key), ASK.formatted("tiny", "")));
  }

  @Test
  void everyKeyGivesAQuestionThatCanBeReadAgain() {
    for (int i = 0; i < 20; i++) {
      var spec = member.member.submitted(job(keyed("seed-" + i)));
      byte[] input = member.blobs.read(spec.tasks().getFirst().input()).orElseThrow();

      assertThat(Json.read(input, InferenceQuestion.class).canonical()).isEqualTo(input);
    }
    var negative = member.member.submitted(job(ask("tiny", ",\"seed\":-5")));
    byte[] input = member.blobs.read(negative.tasks().getFirst().input()).orElseThrow();
    assertThat(Json.read(input, InferenceQuestion.class).seed()).isNotNegative();
  }

  @Test
  void aStreamHasARoleTextOneReasonUsageIfAskedAndAnEnd() {
    Answer answer = ask("tiny", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");

    assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
    List<String> frames = frames(answer.text());
    assertThat(frames.getLast()).isEqualTo("[DONE]");
    List<JsonNode> chunks =
        frames.subList(0, frames.size() - 1).stream()
            .map(frame -> Json.tree(frame.getBytes(StandardCharsets.UTF_8)))
            .toList();
    assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    var text = new StringBuilder();
    chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
    assertThat(text).hasToString("Machines that work together.");
    assertThat(chunks.getLast().path("choices")).isEmpty();
    assertThat(chunks.getLast().path("usage").path("total_tokens").asInt()).isEqualTo(12);
    List<JsonNode> withChoices = chunks.subList(0, chunks.size() - 1);
    assertThat(withChoices).allMatch(chunk -> chunk.path("choices").path(0).has("finish_reason"));
    assertThat(withChoices)
        .filteredOn(chunk -> !chunk.at("/choices/0/finish_reason").isNull())
        .singleElement()
        .isEqualTo(withChoices.getLast());
  }

  private static List<String> frames(String text) {
    var frames = new ArrayList<String>();
    text.lines()
        .filter(line -> line.startsWith("data: "))
        .forEach(line -> frames.add(line.substring(6)));
    return frames;
  }

  @Test
  void aClientThatGoesAwayCancelsItsJob() throws IOException, InterruptedException {
    member.member.chatsWait = true;
    JobId job;
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<InputStream> response =
          client.send(
              RunningServer.post(member.request(CHAT), ASK.formatted("tiny", ",\"stream\":true"))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      job = JobId.parse(response.headers().firstValue("X-OpenLedger-Job").orElseThrow());
      var lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      assertThat(lines.readLine()).startsWith("data: ");
      lines.close();
      client.shutdownNow();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(member.member.job(job).toCompletableFuture().join().job().state())
                    .isEqualTo(JobState.CANCELLED));
  }

  @Test
  void aJobThatFailedEndsTheStreamWithTheReason() {
    member.member.chatsWait = true;
    String key = "fails";
    Thread.ofVirtual()
        .start(
            () -> {
              JobId job = JobId.of(RunningServer.DEMO, key);
              await().until(() -> known(job));
              member.member.become(job, JobState.FAILED);
            });
    Answer answer =
        member.send(
            RunningServer.post(
                member.request(CHAT).header("Idempotency-Key", key),
                ASK.formatted("tiny", ",\"stream\":true")));

    assertThat(frames(answer.text())).anyMatch(frame -> frame.contains("\"job_failed\""));
    assertThat(frames(answer.text()).getLast()).isEqualTo("[DONE]");
  }

  /** Streams an answer whose job is held back until its first words were read. */
  private List<String> streamed(String key, String words, JobState end) {
    member.member.chatsWait = true;
    JobId job = JobId.of(RunningServer.DEMO, key);
    var frames = new ArrayList<String>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var response =
          client.send(
              RunningServer.post(
                      member.request(CHAT).header("Idempotency-Key", key),
                      ASK.formatted("tiny", ",\"stream\":true"))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.headers().firstValue("X-OpenLedger-Verification")).contains("after");
      await().until(() -> known(job) && member.models.isFollowed(job));
      member.models.say(job, 0, words);
      var lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          frames.add(line.substring(6));
        }
        if (line.contains(words)) {
          // Only now is there a result.
          member.member.become(job, end);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
    return frames;
  }

  private static String content(List<String> frames) {
    var text = new StringBuilder();
    frames.stream()
        .filter(frame -> frame.startsWith("{"))
        .map(frame -> Json.tree(frame.getBytes(StandardCharsets.UTF_8)))
        .forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
    return text.toString();
  }

  @Test
  void theWordsOfANodeAreStreamedBeforeThereIsAResultAndTheRestAfter() {
    List<String> frames = streamed("words-1", "Machines that ", JobState.SETTLED);

    assertThat(content(frames)).isEqualTo("Machines that work together.");
    assertThat(frames).filteredOn(frame -> frame.contains("\"stop\"")).hasSize(1);
    assertThat(frames.getLast()).isEqualTo("[DONE]");
    await().until(() -> !member.models.isFollowed(JobId.of(RunningServer.DEMO, "words-1")));
  }

  @Test
  void wordsThatAreNotTheAnswerEndTheStreamWithAnError() {
    List<String> frames = streamed("words-2", "Machines that play ", JobState.SETTLED);

    assertThat(frames).anyMatch(frame -> frame.contains("\"stream_refuted\""));
    assertThat(frames).noneMatch(frame -> frame.contains("\"finish_reason\":\"stop\""));
  }

  @Test
  void aStrictPolicyShowsNoWordBeforeItsVerdict() {
    Answer answer = ask("tiny@most-reliable", ",\"stream\":true");

    assertThat(answer.header("X-OpenLedger-Verification")).isEqualTo("before");
    assertThat(ask("tiny", "").header("X-OpenLedger-Verification")).isEqualTo("before");
    String trusted =
        ",\"openledger\":{\"policy\":{\"limits\":{\"priceMax\":\"0.2"
            + " OPEN\",\"deadline\":\"PT30S\"},\"verification\":{\"method\":\"trusted\"}}}";
    Answer unverified = ask("tiny", trusted);
    assertThat(unverified.header("X-OpenLedger-Verification")).isEqualTo("none");
    assertThat(unverified.text()).contains("\"verified\":null");
    assertThat(ask("tiny", "").text()).as("nobody else").contains("\"verified\":null");
    member.member.agreeing = 2;
    assertThat(ask("tiny", "").text()).contains("\"verified\":true", "\"agreeing\":2");
    assertThat(
            member.member.submitted(job(ask("tiny", ",\"stream\":true"))).policy().verification())
        .matches(Policy.Verification::givesFirstAnswer);
  }

  @Test
  void questionsThatFindNoRoomAreToldWhenToComeBackAndTheOthersAreAnswered() {
    int room = 4;
    int asked = Boolean.getBoolean("thorough") ? 1_000 : 256;
    try (var small = new RunningServer(Map.of("requests-max", room))) {
      small.member.chatsWait = true;
      var request =
          RunningServer.post(
                  small.request(CHAT).timeout(Duration.ofMinutes(3)), ASK.formatted("tiny", ""))
              .build();
      var answers =
          IntStream.range(0, asked)
              .mapToObj(
                  _ -> small.client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()))
              .toList();
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> answers.stream().filter(CompletableFuture::isDone).count() >= asked - room);
      List.copyOf(small.member.jobs.keySet())
          .forEach(job -> small.member.become(job, JobState.SETTLED));

      var refused =
          answers.stream()
              .map(answer -> new Answer(answer.join()))
              .filter(answer -> answer.status() != 200)
              .toList();
      assertThat(refused).hasSize(asked - room);
      assertThat(refused)
          .allMatch(answer -> refusal(answer).equals("429 rate_limit_exceeded null"))
          .allMatch(answer -> !answer.header("Retry-After").isEmpty());
    }
  }

  @Test
  void whoMayNotWaitLeavesNeitherAListenerNorAJobThatNobodyCanFind() {
    try (var small = new RunningServer(Map.of("waiters-max", 1))) {
      small.member.chatsWait = true;
      String held = "/api/v1/jobs/" + small.submitted("held");
      var waits =
          small.client.sendAsync(
              small.request(held + "?wait=30s").build(), HttpResponse.BodyHandlers.discarding());
      await().until(() -> small.get(held + "?wait=1ms").status() == 429);
      Answer stream =
          small.send(
              RunningServer.post(
                  small.request(CHAT), ASK.formatted("tiny@interactive", ",\"stream\":true")));
      Answer embed =
          small.send(
              RunningServer.post(
                  small.request("/v1/embeddings"), "{\"model\":\"tiny\",\"input\":\"a\"}"));
      assertThat(List.of(stream.status(), embed.status())).containsOnly(429);
      assertThat(waits).isNotDone();
      var inferences =
          small.member.jobs.values().stream()
              .filter(job -> !held.endsWith(job.id().value()))
              .toList();
      assertThat(inferences)
          .hasSize(2)
          .noneMatch(job -> small.models.isFollowed(job.id()))
          .allMatch(job -> job.state() == JobState.CANCELLED);
      small.member.become(JobId.parse(held.substring(held.lastIndexOf('/') + 1)), JobState.FAILED);
    }
  }

  private boolean known(JobId job) {
    return !member.member.job(job).toCompletableFuture().isCompletedExceptionally();
  }

  @Test
  void aPromptIsGoneOnFrom() {
    Answer answer =
        member.send(
            RunningServer.post(
                member.request("/v1/completions"),
                "{\"model\":\"tiny\",\"prompt\":\"A pool is\",\"max_tokens\":5}"));

    assertThat(answer.json().path("object").asText()).isEqualTo("text_completion");
    assertThat(answer.json().at("/choices/0/text").asText())
        .isEqualTo("Machines that work together.");
  }

  @Test
  void whatIsWrongIsSaidInTheFormOfTheOpenAiApi() {
    assertThat(refusal(ask("gpt-9", ""))).isEqualTo("404 model_not_found model");
    assertThat(refusal(ask("tiny@nonsense", ""))).isEqualTo("400 invalid_value model");
    assertThat(refusal(ask("tiny", ",\"tools\":[{\"type\":\"function\"}]")))
        .isEqualTo("400 unsupported_parameter tools");
    assertThat(refusal(ask("tiny", ",\"n\":2"))).isEqualTo("400 unsupported_parameter n");
    for (String field : List.of("temperature", "top_p", "frequency_penalty")) {
      assertThat(refusal(ask("tiny", ",\"%s\":1e400".formatted(field))))
          .isEqualTo("400 invalid_value " + field);
    }
    for (String stop : List.of("\"\"", "[\"\"]", "5", "{\"a\":\"b\"}")) {
      assertThat(refusal(ask("tiny", ",\"stop\":" + stop))).isEqualTo("400 invalid_value stop");
    }
    assertThat(refusal(ask("tiny", ",\"response_format\":\"json_object\"")))
        .isEqualTo("400 invalid_value response_format");
    assertThat(refusal(ask("tiny", ",\"tool_choice\":\"required\"")))
        .isEqualTo("400 unsupported_parameter tool_choice");
    assertThat(refusal(ask("tiny", ",\"top_logprobs\":3")))
        .isEqualTo("400 unsupported_parameter top_logprobs");
    assertThat(refusal(ask("tiny", ",\"openledger\":{\"polcy\":\"cheapest\"}")))
        .isEqualTo("400 invalid_value openledger.polcy");
    assertThat(refusal(ask("tiny", ",\"openledger\":5"))).isEqualTo("400 invalid_value openledger");
    assertThat(refusal(ask("tiny", ",\"temperature\":3")))
        .isEqualTo("400 invalid_value temperature");
    assertThat(refusal(ask("tiny", ",\"max_tokens\":" + FakeModels.CONTEXT_TOKENS)))
        .isEqualTo("400 context_length_exceeded max_tokens");
    assertThat(refusal(member.send(member.request(CHAT, "olt1-unknown").POST(nothing()))))
        .isEqualTo("401 invalid_api_key null");
    assertThat(refusal(member.get("/v1/nowhere"))).startsWith("404 not_found");
    assertThat(refusal(member.get(CHAT))).startsWith("405 method_not_allowed");
  }

  @Test
  void whatNoMachineCanAnswerIsTheClientsErrorAndNoFailureOfTheNetwork() {
    member.member.refusal = unanswered(InferenceAnswer.TOO_LONG + ": it has 900 tokens");
    assertThat(refusal(ask("tiny", ""))).isEqualTo("400 context_length_exceeded null");
    assertThat(ask("tiny", ",\"stream\":true").text())
        .contains("context_length_exceeded", "it has 900 tokens");
    member.member.refusal = unanswered("no logit is a number");
    assertThat(refusal(ask("tiny", ""))).isEqualTo("400 model_cannot_answer null");
    member.member.refusal = FakeMember.ANSWER;
    assertThat(refusal(ask("tiny", ""))).as("it failed otherwise").startsWith("502 job_failed");
    member.member.refusal = null;
    assertThat(ask("tiny", "").status()).isEqualTo(200);
  }

  @Test
  void aModelWhoseChatsNobodyReadsRefusesThemBeforeThereIsAJob() {
    int jobs = member.get("/api/v1/jobs").json().path("items").size();

    assertThat(refusal(ask("mute", ""))).isEqualTo("400 model_cannot_answer messages");

    assertThat(member.get("/api/v1/jobs").json().path("items").size()).isEqualTo(jobs);
  }

  private static InferenceAnswer unanswered(String why) {
    return new InferenceAnswer("", List.of(), null, 900, FakeMember.ANSWER.trace(), why);
  }

  private static java.net.http.HttpRequest.BodyPublisher nothing() {
    return java.net.http.HttpRequest.BodyPublishers.noBody();
  }

  private static String refusal(Answer answer) {
    JsonNode error = answer.json().path("error");
    assertThat(error.path("message").asText()).isNotBlank();
    return "%d %s %s"
        .formatted(
            answer.status(), error.path("code").asText(), error.path("param").asText("null"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"structured_outputs\":{\"json\":{}}",
        "\"guided_decoding_backend\":\"outlines\"",
        "\"min_tokens\":4",
        "\"stop_token_ids\":[2]",
        "\"ignore_eos\":true",
        "\"bad_words\":[\"sea\"]",
        "\"prompt_logprobs\":1",
      })
  void whatItsServersKnowAndIsNotOfferedIsRefusedByName(String field) {
    String name = field.substring(1, field.indexOf('"', 1));

    assertThat(refusal(ask("tiny", "," + field))).endsWith(" " + name);
    assertThat(refusal(ask("tiny", "," + field + ",\"tools\":[{}]")))
        .as("the first of several")
        .endsWith(" tools");
  }

  @Test
  void unknownFieldsArePassedOver() {
    assertThat(ask("tiny", ",\"store\":false,\"metadata\":{\"a\":\"b\"},\"tools\":[]").status())
        .isEqualTo(200);
    String usual =
        ",\"tool_choice\":\"auto\",\"modalities\":[\"text\"],\"min_p\":0,\"repetition_penalty\":1.0";
    assertThat(ask("tiny", usual).status()).isEqualTo(200);
  }

  @Test
  void modelsAreListedWithTheirManifests() {
    JsonNode list = member.get("/v1/models").json();

    assertThat(list.path("object").asText()).isEqualTo("list");
    assertThat(list.path("data").findValuesAsText("id")).contains("tiny");
    assertThat(list.path("data").path(0).at("/openledger/manifest").asText())
        .isEqualTo(FakeModels.TINY.toString());
    assertThat(member.get("/v1/models?limit=1").json().path("has_more").asBoolean()).isTrue();
  }
}
