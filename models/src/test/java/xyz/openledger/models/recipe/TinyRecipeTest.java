package xyz.openledger.models.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.tokens.ModelTokenizer;
import xyz.openledger.models.training.Sample;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

class TinyRecipeTest {
  /** Of the weights' file after two steps; any change of text, tokenizer or sums changes it. */
  private static final String AFTER_TWO_STEPS =
      "sha256:218d246f0d5d3332a31dc87cf72a44e9c1e8a84ca7857ccc276b91b5232f9afc";

  @TempDir Path folder;

  @Test
  void theRecipesFirstStepsHaveTheirBits() throws IOException {
    var tiny = new TinyModelFolder(folder);
    Digest digest = tiny.train(StrictKernels.best(), 2, 2, _ -> {});
    assertThat(digest).hasToString(AFTER_TWO_STEPS);
    Path shipped = Shipped.TINY;
    for (String file : List.of("tokenizer.json", "config.json", "tokenizer_config.json")) {
      assertThat(folder.resolve(file)).hasSameBinaryContentAs(shipped.resolve(file));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "thorough", matches = "true")
  void theWholeRecipeHasTheBitsThatShip() throws IOException {
    var tiny = new TinyModelFolder(folder.resolve("tiny"));
    tiny.train(StrictKernels.best(), 2, TinyRecipe.SETTINGS.steps(), _ -> {});
    assertThat(folder.resolve("tiny/model.safetensors"))
        .hasSameBinaryContentAs(Shipped.TINY.resolve("model.safetensors"));
    for (Style style : Style.values()) {
      Path adapter = folder.resolve(style.folder());
      tiny.trainAdapter(StrictKernels.best(), 2, style, adapter, _ -> {});
      for (String file : List.of("adapter_model.safetensors", "adapter_config.json")) {
        assertThat(adapter.resolve(file))
            .hasSameBinaryContentAs(Shipped.ADAPTERS.resolve(style.folder()).resolve(file));
      }
    }
  }

  @Test
  void theTokenizerGivesBackEveryText() throws IOException {
    try (var tokenizer = ModelTokenizer.read(Shipped.TINY.resolve("tokenizer.json"), 1_024)) {
      for (String text :
          List.of("What is 12 plus 7?", "Ünïcode ✓ 日本", "a  b\n\nc\t.", "HELLO, it's me!")) {
        assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
      }
      assertThat(tokenizer.encode("<|user|>", false)).containsExactly(TinyRecipe.USER);
      assertThat(tokenizer.encode("<|assistant|>", false)).containsExactly(TinyRecipe.ASSISTANT);
      assertThat(tokenizer.encode("<|end|>", false)).containsExactly(TinyRecipe.END);
    }
  }

  @Test
  void digitsStandAlone() throws IOException {
    try (var tokenizer = ModelTokenizer.read(Shipped.TINY.resolve("tokenizer.json"), 1_024)) {
      assertThat(tokenizer.encode("1234", false)).hasSize(4);
      assertThat(tokenizer.encode(" adapter", false)).hasSize(1);
    }
  }

  @Test
  void onlyAnswersAreLearnt() throws IOException {
    try (var tokenizer = ModelTokenizer.read(Shipped.TINY.resolve("tokenizer.json"), 1_024)) {
      int[] answer = tokenizer.encode("Yes.", false);
      Sample sample = new Conversation(tokenizer).add(new Exchange("Is it?", "Yes.")).sample();
      assertThat(sample.counted()).isEqualTo(answer.length + 1);
      assertThat(sample.targets()[sample.targets().length - 1]).isEqualTo(TinyRecipe.END);
    }
  }

  @Test
  void thePackedModelIsSmall() throws IOException {
    assertThat(Files.size(Shipped.TINY.resolve("model.safetensors"))).isLessThan(8 << 20);
    for (Style style : Style.values()) {
      Path adapter = Shipped.ADAPTERS.resolve(style.folder());
      assertThat(Files.size(adapter.resolve("adapter_model.safetensors"))).isLessThan(300_000);
    }
  }
}
