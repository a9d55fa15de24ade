package xyz.openledger.models.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.ProblemException;

class KnownRegexesTest {
  private static final int TEXT_LENGTH = Boolean.getBoolean("thorough") ? 1 << 20 : 1 << 16;
  private static final String EVIL = "(a|a|aa)+$";

  /** What any of the expressions could be made to try again and again. */
  private static final List<String> PIECES =
      List.of("a", "A", "\u4e2d", "1", " ", "\n", "'", " \n", "!", "! ", "'s", "aA", "\u0301", "/");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`pre_tokenizer`:{`type`:`Split`,`pattern`:{`Regex`:`%s`},`behavior`:`Isolated`}",
        "{`pre_tokenizer`:{`type`:`Sequence`,`pretokenizers`:[{`type`:`Split`,`pattern`:{`Regex`:`%s`}}]}",
        "{`normalizer`:{`type`:`Replace`,`pattern`:{`Regex`:`%s`},`content`:``}",
        "{`decoder`:{`type`:`Replace`,`pattern`:{`\\u0052egex`:`%s`},`content`:``}",
      })
  void anExpressionOfAStrangerIsRefusedWhereverItStands(String file) throws IOException {
    String regex = file.replace('`', '"') + ",\"model\":{\"type\":\"BPE\"}}";

    assertThatThrownBy(() -> look(regex.formatted(EVIL)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(EVIL);
    look(regex.formatted("\\\\s+"));
  }

  private static void look(String file) throws IOException {
    try (JsonParser json = TokenizerFile.JSON.createParser(file)) {
      TokenizerFile.requireServed(json, 8);
    }
  }

  /** In a process of its own: one that takes too long would end it. */
  @Test
  void everyKnownExpressionCutsALongTextOfAnything(@TempDir Path folder) throws Exception {
    assertThat(cutsAll(folder, KnownRegexes.all().toArray(String[]::new))).isZero();
  }

  @Test
  void theLibraryEndsItsProcessByOneThatIsNotKnown(@TempDir Path folder) throws Exception {
    assertThat(cutsAll(folder, EVIL)).isEqualTo(ChildProcess.ABORTED);
  }

  private static int cutsAll(Path folder, String... regexes) throws Exception {
    for (int i = 0; i < regexes.length; i++) {
      Files.writeString(folder.resolve(i + ".json"), tokenizer(regexes[i]));
    }
    return ChildProcess.run(folder, Cutting.class, folder.toString());
  }

  private static String tokenizer(String regex) throws IOException {
    return """
    {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
     "pre_tokenizer":{"type":"Split","pattern":{"Regex":%s},"behavior":"Isolated","invert":false},
     "post_processor":null,"decoder":null,
     "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
       "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,
       "vocab":{"a":0,"b":1},"merges":[]}}\
    """
        .formatted(new ObjectMapper().writeValueAsString(regex));
  }

  /** Reads tokenizers past our own check, and has them cut what is hard to cut. */
  static final class Cutting {
    private Cutting() {}

    public static void main(String[] folder) throws IOException {
      try (var files = Files.newDirectoryStream(Path.of(folder[0]), "*.json")) {
        for (Path file : files) {
          try (var cutter = ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(file)) {
            for (String piece : PIECES) {
              String text = piece.repeat(TEXT_LENGTH / piece.length());
              for (String end : List.of("", "b", "\u0000")) {
                cutter.encode(text + end, false, false);
              }
            }
          }
        }
      }
    }
  }
}
