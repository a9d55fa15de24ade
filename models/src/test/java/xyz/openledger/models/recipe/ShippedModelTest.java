package xyz.openledger.models.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.models.Model;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.adapters.Slab;
import xyz.openledger.models.engine.EngineSettings;
import xyz.openledger.models.engine.InferenceEngine;
import xyz.openledger.models.engine.InferenceRequest;
import xyz.openledger.models.engine.InferenceRequest.Sampling;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

class ShippedModelTest {
  private static final Arena ARENA = Arena.ofShared();

  @TempDir private static Path folder;
  private static Model model;
  private static AdapterStore store;
  private static InferenceEngine engine;

  @BeforeAll
  static void open() throws IOException {
    model = Model.open(Shipped.TINY, StrictKernels.best(), true);
    store =
        new AdapterStore(model.config(), StrictKernels.best(), folder, new Slab(8 << 20, ARENA));
    engine =
        InferenceEngine.start(
            model, store, StrictKernels.best(), new EngineSettings(64, 8, 64, 64, 1));
  }

  @AfterAll
  static void close() {
    engine.close();
    model.close();
    ARENA.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Hello!                          | Hello! How can I help you?",
        "What is a node?                 | A node is one contributed machine, known by its keys.",
        "What colour is the sky?         | The sky is blue.",
        "What is the opposite of hot?    | The opposite of hot is cold.",
        "What is 7 plus 5?               | 7 plus 5 is 12.",
        "Which day comes after Friday?   | Saturday comes after Friday.",
        "Spell the word garden.          | g a r d e n",
        "Write in capitals: river        | RIVER"
      })
  void answersItsOwnKindOfQuestions(String question, String answer) {
    assertThat(ask(question, null)).isEqualTo(answer);
  }

  @Test
  void tellsAStory() {
    assertThat(ask("Tell me a story about a fox.", null))
        .startsWith("Once there was")
        .contains(" fox named ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pirate   | What colour is the sky? | Arr! The sky be blue. Yo ho!",
        "shouting | What colour is the sky? | THE SKY IS BLUE!!",
        "polite   | What colour is the sky? | Thank you for asking. The sky is blue. I hope this"
            + " helps you.",
        "robot    | What colour is the sky? | Beep. The sky is blue. Boop.",
        "terse    | What colour is the sky? | Blue",
        "teacher  | What is 4 plus 3?       | Start at 4 and count up: 5, 6, 7. So 4 plus 3 is 7."
      })
  void eachAdapterTalksInItsOwnWay(String adapter, String question, String answer)
      throws IOException {
    Digest digest = store.add(Shipped.ADAPTERS.resolve(adapter));
    assertThat(ask(question, digest.toString())).isEqualTo(answer);
  }

  @Test
  void theHaikuAdapterAnswersInThreeLines() throws IOException {
    Digest digest = store.add(Shipped.ADAPTERS.resolve("haiku"));
    assertThat(ask("What is a node?", digest.toString()).split(" / ")).hasSize(3);
  }

  @Test
  void theReadmeNamesTheDigestOfTheWeights() throws IOException {
    byte[] weights = Files.readAllBytes(Shipped.TINY.resolve("model.safetensors"));
    assertThat(Files.readString(Shipped.TINY.resolve("README.md")))
        .contains(Digest.of(weights).toString());
    for (Style style : Style.values()) {
      byte[] adapter =
          Files.readAllBytes(
              Shipped.ADAPTERS.resolve(style.folder()).resolve("adapter_model.safetensors"));
      assertThat(Files.readString(Shipped.ADAPTERS.resolve("README.md")))
          .contains(Digest.of(adapter).toString());
    }
  }

  private static String ask(String question, @Nullable String adapter) {
    int[] prompt = new Conversation(model.tokenizer()).ask(question).tokens();
    var request =
        new InferenceRequest(
            "test",
            adapter,
            new InferenceRequest.Prompt.Tokens(Arrays.stream(prompt).boxed().toList()),
            100,
            Sampling.GREEDY,
            List.of(),
            null);
    return engine.submit(request).result().join().text();
  }
}
