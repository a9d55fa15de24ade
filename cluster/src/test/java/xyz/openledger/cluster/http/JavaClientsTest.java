package xyz.openledger.cluster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.models.Model;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.Problem;

/**
 * The Java client of OpenAI and LangChain4j, as their makers publish them, against a member's HTTP.
 * LangChain4j's HTTP client asks for an upgrade to HTTP/2 with each first request, a POST.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaClientsTest {
  private static final String QUESTION = "What is a pool?";
  private static final String TEXT = "Machines that work together.";

  private RunningServer member;
  private OpenAIClient openAi;

  @BeforeAll
  void start() {
    member = new RunningServer();
    openAi = client(member.token);
  }

  @AfterEach
  void payAgain() {
    member.member.unpaid = null;
  }

  @AfterAll
  void stop() {
    openAi.close();
    member.close();
  }

  private String url() {
    return member.uri("/v1").toString();
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder().baseUrl(url()).apiKey(key).maxRetries(0).build();
  }

  private static ChatCompletionCreateParams.Builder question(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage(QUESTION);
  }

  private OpenAiChatModel langChain(String model, String key) {
    return OpenAiChatModel.builder()
        .baseUrl(url())
        .apiKey(key)
        .modelName(model)
        .maxRetries(0)
        .build();
  }

  @Test
  void openAiHoldsAConversationUnderAPolicyThatItKnowsNothingOf() {
    var answer =
        openAi
            .chat()
            .completions()
            .create(
                question("tiny:pirate@most-reliable")
                    .maxCompletionTokens(20)
                    .putAdditionalBodyProperty(
                        "openledger", JsonValue.from(java.util.Map.of("policy", "lowest-latency")))
                    .build())
            .validate();

    assertThat(answer.choices().getFirst().message().content()).contains(TEXT);
    assertThat(answer.usage()).isPresent();
  }

  @Test
  void openAiPutsAStreamTogetherWithItsUsage() {
    var whole = ChatCompletionAccumulator.create();
    try (var stream =
        openAi
            .chat()
            .completions()
            .createStreaming(
                question("tiny")
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      stream.stream().forEach(chunk -> whole.accumulate(chunk.validate()));
    }

    var answer = whole.chatCompletion();
    assertThat(answer.choices().getFirst().message().content()).contains(TEXT);
    assertThat(answer.usage().orElseThrow().totalTokens()).isPositive();
  }

  @Test
  void openAiReadsEmbeddingsAndModels() {
    var embeddings =
        openAi
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("tiny")
                    .inputOfArrayOfStrings(List.of("a", "b"))
                    .build())
            .validate();
    assertThat(embeddings.data()).hasSize(2);
    assertThat(embeddings.data().getLast().embedding().getFirst()).isCloseTo(0.6f, within(1e-6f));

    assertThat(openAi.models().list().autoPager().stream().map(Model::id))
        .contains("tiny", "tiny:pirate");
    assertThat(openAi.models().retrieve("tiny").validate().id()).isEqualTo("tiny");
  }

  @Test
  void openAiTrainsFromAFileAndFollowsIt() {
    byte[] samples =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}\n"
            .getBytes(UTF_8);
    var file =
        openAi
            .files()
            .create(
                FileCreateParams.builder()
                    .file(
                        MultipartField.<InputStream>builder()
                            .value(new ByteArrayInputStream(samples))
                            .filename("samples.jsonl")
                            .build())
                    .purpose(FilePurpose.FINE_TUNE)
                    .build());
    assertThat(file.validate().bytes()).isEqualTo(samples.length);
    FineTuningJob job =
        openAi
            .fineTuning()
            .jobs()
            .create(
                JobCreateParams.builder()
                    .model("tiny")
                    .trainingFile(file.id())
                    .validationFile(file.id())
                    .suffix("java")
                    .seed(7)
                    .build())
            .validate();

    assertThat(job.status()).isEqualTo(FineTuningJob.Status.RUNNING);
    assertThat(job.fineTunedModel()).isEmpty();
    assertThat(job.validationFile()).contains(file.id());
    var jobs = openAi.fineTuning().jobs();
    assertThat(jobs.list().autoPager().stream().map(FineTuningJob::id)).contains(job.id());
    assertThat(jobs.listEvents(job.id()).data())
        .extracting(event -> event.type().orElseThrow())
        .contains(FineTuningJobEvent.Type.METRICS, FineTuningJobEvent.Type.MESSAGE);
    assertThat(jobs.checkpoints().list(job.id()).data())
        .singleElement()
        .satisfies(
            checkpoint -> {
              checkpoint.validate();
              assertThat(checkpoint.metrics().trainLoss()).contains(2.5);
              assertThat(checkpoint.metrics().validLoss()).contains(2.75);
              assertThat(checkpoint.metrics().fullValidLoss()).contains(2.75);
            });
    assertThat(jobs.cancel(job.id()).validate().status()).isEqualTo(FineTuningJob.Status.CANCELLED);
    assertThat(openAi.files().delete(file.id()).deleted()).isTrue();
  }

  @Test
  void openAiKnowsWhatWentWrong() {
    var completions = openAi.chat().completions();
    assertThatThrownBy(() -> completions.create(question("gpt-9").build()))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            absent -> assertThat(absent.code()).contains("model_not_found"));
    assertThatThrownBy(() -> completions.create(question("tiny").n(2).build()))
        .isInstanceOfSatisfying(
            BadRequestException.class, wrong -> assertThat(wrong.param()).contains("n"));
    member.member.unpaid = new SubmitAnswer.Refused(Problem.TOO_MANY_REQUESTS, "", "sign first");
    assertThatThrownBy(() -> completions.create(question("tiny").build()))
        .isInstanceOf(RateLimitException.class);
    OpenAIClient stranger = client("olt1-nobody");
    assertThatThrownBy(() -> stranger.models().list()).isInstanceOf(UnauthorizedException.class);
    stranger.close();
  }

  @Test
  void langChainHoldsAConversationAndStreamsOne() throws Exception {
    ChatResponse answer = langChain("tiny", member.token).chat(List.of(UserMessage.from(QUESTION)));
    assertThat(answer.aiMessage().text()).isEqualTo(TEXT);
    assertThat(answer.tokenUsage().totalTokenCount()).isPositive();

    var ended = new CompletableFuture<ChatResponse>();
    var heard = new StringBuilder();
    OpenAiStreamingChatModel.builder()
        .baseUrl(url())
        .apiKey(member.token)
        .modelName("tiny")
        .build()
        .chat(
            QUESTION,
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String part) {
                heard.append(part);
              }

              @Override
              public void onCompleteResponse(ChatResponse whole) {
                ended.complete(whole);
              }

              @Override
              public void onError(Throwable failure) {
                ended.completeExceptionally(failure);
              }
            });
    ChatResponse whole = ended.get(30, TimeUnit.SECONDS);
    assertThat(whole.aiMessage().text()).isEqualTo(TEXT).isEqualTo(heard.toString());
    assertThat(whole.tokenUsage().totalTokenCount()).isPositive();
  }

  @Test
  void langChainReadsEmbeddings() {
    var model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(url())
            .apiKey(member.token)
            .modelName("tiny")
            .maxRetries(0)
            .build();

    assertThat(model.embed("a").content().vector()[0]).isCloseTo(0.6f, within(1e-6f));
  }

  @Test
  void langChainKnowsWhatWentWrong() {
    assertThatThrownBy(() -> langChain("gpt-9", member.token).chat(QUESTION))
        .isInstanceOf(ModelNotFoundException.class);
    assertThatThrownBy(() -> langChain("tiny", "olt1-nobody").chat(QUESTION))
        .isInstanceOf(AuthenticationException.class);
    member.member.unpaid = new SubmitAnswer.Refused(Problem.TOO_MANY_REQUESTS, "", "sign first");
    assertThatThrownBy(() -> langChain("tiny", member.token).chat(QUESTION))
        .isInstanceOf(dev.langchain4j.exception.RateLimitException.class);
  }
}
