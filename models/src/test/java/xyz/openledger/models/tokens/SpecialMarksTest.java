package xyz.openledger.models.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.ProblemException;

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
  void noMarkIsEverLeftWhateverMarksThereAre() {
    var random = new SplittableRandom(41);
    for (int i = 0; i < 20_000; i++) {
      List<String> marks = Stream.generate(() -> drawn(random, 4)).limit(5).toList();
      String said = drawn(random, 24);

      String harmless = SpecialMarks.of(marks).harmless(said);

      marks.stream()
          .filter(mark -> mark.codePointCount(0, mark.length()) > 1)
          .filter(mark -> !mark.isBlank() && !mark.matches("[a ]*"))
          .forEach(mark -> assertThat(harmless).as("%s in %s", marks, said).doesNotContain(mark));
      if (marks.stream().noneMatch(said::contains)) {
        assertThat(harmless).isEqualTo(said);
      }
    }
  }

  private static String drawn(SplittableRandom random, int most) {
    int[] letters = {'<', '>', ' ', 'a', 0x1f600};
    return random
        .ints(random.nextInt(1, most + 1), 0, letters.length)
        .map(letter -> letters[letter])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void marksThatAreTooLongOrTooManyAreRefused() {
    assertThatThrownBy(() -> read(List.of("<" + "a".repeat(SpecialMarks.LENGTH_MAX))))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("added_tokens");
    assertThatThrownBy(
            () ->
                read(
                    IntStream.range(0, SpecialMarks.POINTS_MAX / 8)
                        .mapToObj("<%08d"::formatted)
                        .toList()))
        .isInstanceOf(ProblemException.class);
  }

  private static void read(List<String> marks) throws IOException {
    String tokens =
        marks.stream().map("{\"content\":\"%s\"}"::formatted).collect(Collectors.joining(","));
    try (var json = TokenizerFile.JSON.createParser("{\"added_tokens\":[" + tokens + "]}")) {
      SpecialMarks.read(json);
    }
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
    assertThat(marks.harmless("<unk>[INST]</w>")).isEqualTo("<unk >[INST ]</w>");
  }
}
