package xyz.openledger.models.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.models.SpoiltJson;
import xyz.openledger.protocol.ProblemException;

/**
 * Tokenizers that lie, before the library sees them: some of what it does not survive is refused.
 */
class TokenizerFuzzTest {
  private static final int INPUTS = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;
  private static final int VOCABULARY = 6;
  private static final SpoiltJson TOKENIZER =
      new SpoiltJson(
          """
          {"version":"1.0","truncation":null,"padding":null,
           "added_tokens":[{"id":4,"content":"<|end|>","single_word":false,"lstrip":false,
             "rstrip":false,"normalized":false,"special":true}],
           "normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,
             "trim_offsets":true,"use_regex":true},"post_processor":null,
           "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
           "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
             "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,
             "vocab":{"a":0,"b":1,"c":2,"ab":3,"<|end|>":4},"merges":["a b"]}}\
          """);

  @Test
  void noNumberBeyondTheVocabularyIsPassedAndNothingElseEverHappens() {
    var random = new SplittableRandom(32);
    int passed = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] file = TOKENIZER.draw(random);
      try (JsonParser numbers = TokenizerFile.JSON.createParser(file);
          JsonParser marks = TokenizerFile.JSON.createParser(file)) {
        TokenizerFile.requireServed(numbers, VOCABULARY);
        SpecialMarks.read(marks).harmless("a <|end|> b");
        passed++;
      } catch (ProblemException refused) {
        assertThat(refused.detail()).isNotBlank();
      } catch (IOException | RuntimeException | Error wrong) {
        fail("input " + i + ": " + new String(file, UTF_8), wrong);
      }
    }
    // A fuzzer that only ever sees one side of a reader tests nothing.
    assertThat(passed).isBetween(INPUTS / 10, INPUTS / 10 * 9);
  }
}
