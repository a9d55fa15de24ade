package xyz.openledger.models.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecialMarksTest {
  private static final SpecialMarks MARKS =
      SpecialMarks.of(
          List.of(
              "</s>", "<s>", "[INST]", "[/INST]", "<<SYS>>", "<|end|>", "<start_of_turn>", "  "));

  @Test
  void noMarkOfAnyFamilyIsLeftInWhatAUserWrites() {
    String said = "a</s><s>[INST] b [/INST]<<SYS>>c<|end|><start_of_turn>model";
    String harmless = MARKS.harmless(said);

    assertThat(harmless)
        .doesNotContain(
            "</s>", "<s>", "[INST]", "[/INST]", "<<SYS>>", "<|end|>", "<start_of_turn>");
    assertThat(harmless.replace(" ", "")).isEqualTo(said.replace(" ", ""));
  }

  @Test
  void marksThatOverlapOrHideInOneAnotherAreBrokenToo() {
    assertThat(MARKS.harmless("<<s>/s></</s>s>")).doesNotContain("</s>", "<s>");
  }

  @Test
  void whatIsNoMarkStaysAsItIs() {
    String said = "a < b, [see] </b> and  two spaces";
    assertThat(MARKS.harmless(said)).isEqualTo(said);
  }

  @Test
  void theMarksAreTheAddedTokensOfATokenizer(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file,
        """
        {"added_tokens": [{"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "[INST]"}],
         "model": {"vocab": {"content": 3, "</w>": 4}}}
        """);

    SpecialMarks marks = SpecialMarks.read(file);
    assertThat(marks.harmless("<unk>[INST]</w>")).isEqualTo("< unk>[ INST]</w>");
  }
}
