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
    Path pirate = EXAMPLES.resolve("models/adapters/pirate");
    Digest adapter = model("models/adapters/pirate", ModelManifest.Kind.ADAPTER, base, null);
    long file = Files.size(pirate.resolve(ModelManifest.ADAPTER_WEIGHTS));
    long needed = gate.needs("model", adapter).memoryBytes();
    long rounded = (needed + 65_535) / 65_536 * 65_536;
    var prompt = InferenceQuestion.greedy("Ahoy", 5);

    assertThat(gate.needs("model", base).memoryBytes()).isZero();
    // Of rank 8 or more nothing is rounded up by more than half of it.
    assertThat(needed).isBetween(4 * file, 4 * 2 * 2 * file);
    assertThat(admitted(base, rounded, prompt, adapter.toString())).isEqualTo(base);
    assertThatThrownBy(() -> admitted(base, rounded - 65_536, prompt, adapter.toString()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("workload.memoryMaxBytes")
        .hasMessageContaining(Long.toString(needed));
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
    byte[] manifest = new ModelManifest(ModelManifest.FORMAT, kind, base, files).canonical();
    blobs.put(manifest);
    Digest digest = Digest.of(manifest);
    gate.figures("model", digest);
    return digest;
  }
}
