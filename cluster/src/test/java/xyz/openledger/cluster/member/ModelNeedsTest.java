package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.blob.BlobSettings;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.inference.ModelManifest;

/** What no node could answer is refused before money is held for it. */
class ModelNeedsTest {
  private static final Path EXAMPLES = Path.of("../examples");
  private static final String TEMPLATE = "{\"chat_template\":\"{{ bos }}<|turn|>\"}";

  @TempDir private Path folder;
  private BlobStore blobs;
  private LanguageModelGate gate;

  @BeforeEach
  void openStore() throws IOException {
    blobs = BlobStore.open(folder, new BlobSettings(16 << 20, 64 << 20, 0));
    gate = new LanguageModelGate(blobs);
  }

  @Test
  void aConversationIsRefusedWhereTheTemplateIsNotKnownAndAWholePromptIsNot() throws IOException {
    Digest known = model("models/tiny", ModelManifest.Kind.BASE, null, null);
    Digest unknown = model("models/tiny", ModelManifest.Kind.BASE, null, TEMPLATE);
    var chat = List.of(new InferenceQuestion.Message("user", "Ahoy"));
    var asked = new InferenceQuestion(chat, null, 5, 0, 1_000, 0, 0, List.of());
    var prompt = InferenceQuestion.greedy("Ahoy", 5);

    assertThat(admitted(known, 65_536, asked)).isEqualTo(known);
    assertThat(admitted(unknown, 65_536, prompt)).isEqualTo(unknown);
    assertThatThrownBy(() -> admitted(unknown, 65_536, asked))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("tasks[0].input")
        .hasMessageContaining("/v1/completions");
    assertThatThrownBy(() -> model("models/tiny", ModelManifest.Kind.BASE, null, "{"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("tokenizer_config.json is no JSON");
  }

  @Test
  void aJobIsRefusedWhoseMemoryHasNoRoomForItsAdapter() throws IOException {
    Digest base = model("models/tiny", ModelManifest.Kind.BASE, null, null);
    Digest small = model("models/adapters/pirate", ModelManifest.Kind.ADAPTER, base, null);
    Digest large = largeAdapter(base, 1_000_000, 16);
    // Of halves that may become whole numbers, and a quarter of a slot is for adapters.
    long needed = 4 * 2 * 1_000_000;
    long rounded = (needed + 65_535) / 65_536 * 65_536;
    var prompt = InferenceQuestion.greedy("Ahoy", 5);

    assertThat(gate.needs("model", base).memoryBytes()).isZero();
    assertThat(gate.needs("model", small).memoryBytes()).as("every node has room").isZero();
    assertThat(gate.needs("model", large).memoryBytes()).isEqualTo(needed);
    assertThat(gate.needs("model", largeAdapter(base, 1_000_000, 1)).memoryBytes())
        .as("ranks are rounded up to 8")
        .isEqualTo(8 * needed);
    assertThat(admitted(base, 65_536, prompt, small.toString())).isEqualTo(base);
    assertThat(admitted(base, rounded, prompt, large.toString())).isEqualTo(base);
    assertThatThrownBy(() -> admitted(base, rounded - 65_536, prompt, large.toString()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("workload.memoryMaxBytes")
        .hasMessageContaining(Long.toString(needed));
  }

  private Digest largeAdapter(Digest base, int weightBytes, int rank) {
    byte[] config =
        "{\"peft_type\":\"LORA\",\"r\":%d,\"lora_alpha\":8}"
            .formatted(rank)
            .getBytes(StandardCharsets.UTF_8);
    byte[] weights = new byte[weightBytes];
    blobs.put(config);
    blobs.put(weights);
    var files =
        List.of(
            new ModelManifest.File("adapter_config.json", Digest.of(config), config.length),
            new ModelManifest.File(
                ModelManifest.ADAPTER_WEIGHTS, Digest.of(weights), weights.length));
    return served(new ModelManifest(ModelManifest.FORMAT, ModelManifest.Kind.ADAPTER, base, files));
  }

  private Digest admitted(
      Digest base, long memory, InferenceQuestion question, String... arguments) {
    byte[] input = question.canonical();
    blobs.put(input);
    var workload = new Workload.Inference(base, 1_000_000, memory, 4_096);
    return gate.admit(workload, List.of(new JobSpec.Task(List.of(arguments), Digest.of(input))));
  }

  /** A model's folder, stored; with another configuration of its tokenizer, if that is said. */
  private Digest model(String path, ModelManifest.Kind kind, Digest base, String tokenizerConfig)
      throws IOException {
    var files = new ArrayList<ModelManifest.File>();
    try (Stream<Path> all = Files.list(EXAMPLES.resolve(path))) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        boolean other = tokenizerConfig != null && name.equals("tokenizer_config.json");
        byte[] content =
            other ? tokenizerConfig.getBytes(StandardCharsets.UTF_8) : Files.readAllBytes(file);
        blobs.put(content);
        files.add(new ModelManifest.File(name, Digest.of(content), content.length));
      }
    }
    return served(new ModelManifest(ModelManifest.FORMAT, kind, base, files));
  }

  private Digest served(ModelManifest manifest) {
    blobs.put(manifest.canonical());
    gate.figures("model", manifest.digest());
    return manifest.digest();
  }
}
