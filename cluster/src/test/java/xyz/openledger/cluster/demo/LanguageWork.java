package xyz.openledger.cluster.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.errors.OpenAIException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.json.Json;

/**
 * A training and a batch of questions, begun by OpenAI's own Java client on a real member, whatever
 * happens to that member meanwhile.
 */
final class LanguageWork implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled");
  private static final int LINES = 20;

  /** So that no line runs out of time because of kills. */
  private static final String POLICY =
      "\"openledger\":{\"policy\":{\"limits\":{\"priceMax\":\"1 OPEN\",\"deadline\":\"PT20M\"},"
          + "\"verification\":{\"method\":\"trusted\"}}},";

  private static final int EPOCHS = 5;
  private static final int SAMPLES = 40;
  private static final int PIECES = 10;

  private final OpenAIClient client;
  private final String training;
  private final String batch;

  private LanguageWork(OpenAIClient client, String training, String batch) {
    this.client = client;
    this.training = training;
    this.batch = batch;
  }

  /** Publishes the base that ships, and begins both. */
  static LanguageWork begin(LocalNetwork network) throws IOException {
    Path examples = Demo.home().resolve("examples");
    ModelFolder base = ModelFolder.read(examples.resolve("models/tiny"), null);
    base.upload(network.client().blobs(), _ -> {});
    network.client().models().publish("tiny", base.manifest().digest());
    Path token = network.data().resolve("keys/development-token");
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(network.memberFile().url().resolve("/v1").toString())
            .apiKey(Files.readString(token, UTF_8).strip())
            .timeout(Duration.ofSeconds(30))
            .build();
    String samples =
        Files.readString(examples.resolve("fine-tuning/pirate.jsonl"), UTF_8)
            .lines()
            .limit(SAMPLES)
            .collect(Collectors.joining("\n"));
    var training =
        client
            .fineTuning()
            .jobs()
            .create(
                JobCreateParams.builder()
                    .model("tiny")
                    .trainingFile(upload(client, samples, FilePurpose.FINE_TUNE))
                    .suffix("kept")
                    .putAdditionalBodyProperty(
                        "hyperparameters",
                        JsonValue.from(Map.of("n_epochs", EPOCHS, "batch_size", 4)))
                    .putAdditionalBodyProperty(
                        "openledger", JsonValue.from(Map.of("pieceSteps", 5, "checks", 1)))
                    .build());
    String lines =
        IntStream.range(0, LINES)
            .mapToObj(
                line ->
                    ("{\"custom_id\":\"line-%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\","
                         + "\"body\":{\"model\":\"tiny\",\"max_tokens\":16,"
                            + POLICY
                            + "\"messages\":[{\"role\":\"user\",\"content\":\"What"
                            + " is %d?\"}]}}")
                        .formatted(line, line))
            .collect(Collectors.joining("\n"));
    Batch batch =
        client
            .batches()
            .create(
                BatchCreateParams.builder()
                    .inputFileId(upload(client, lines, FilePurpose.BATCH))
                    .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                    .completionWindow(BatchCreateParams.CompletionWindow._24H)
                    .build());
    return new LanguageWork(client, training.id(), batch.id());
  }

  private static String upload(OpenAIClient client, String content, FilePurpose purpose) {
    FileObject file =
        client
            .files()
            .create(
                FileCreateParams.builder()
                    .file(
                        MultipartField.<InputStream>builder()
                            .value(new ByteArrayInputStream(content.getBytes(UTF_8)))
                            .filename("work.jsonl")
                            .build())
                    .purpose(purpose)
                    .build());
    return file.id();
  }

  /** Waits until both are over, and looks at what they came to. */
  void awaitEnd() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(OpenAIException.class)
        .until(() -> FINAL.contains(training().status().asString()));
    FineTuningJob trained = training();
    assertThat(trained.status()).as(trained.toString()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
    assertThat(client.fineTuning().jobs().checkpoints().list(training).autoPager())
        .as("each piece is made once")
        .hasSize(PIECES);
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(OpenAIException.class)
        .until(() -> client.batches().retrieve(batch).completedAt().isPresent());
    Batch answered = client.batches().retrieve(batch);
    assertThat(answered.requestCounts().orElseThrow().completed())
        .as(answered.toString())
        .isEqualTo(LINES);
    assertThat(customIds(answered)).hasSize(LINES);

    var answer =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model(trained.fineTunedModel().orElseThrow())
                    .addUserMessage("What is a node?")
                    .maxCompletionTokens(16)
                    .build());
    assertThat(answer.choices().getFirst().message().content().orElse("")).isNotBlank();
  }

  private FineTuningJob training() {
    return client.fineTuning().jobs().retrieve(training);
  }

  private Set<String> customIds(Batch answered) {
    try (var content = client.files().content(answered.outputFileId().orElseThrow())) {
      List<String> lines = new String(content.body().readAllBytes(), UTF_8).lines().toList();
      var ids = new HashSet<String>();
      for (String line : lines) {
        String id = Json.tree(line.getBytes(UTF_8)).path("custom_id").asText();
        assertThat(ids.add(id)).as(id + " is answered once").isTrue();
      }
      return ids;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
