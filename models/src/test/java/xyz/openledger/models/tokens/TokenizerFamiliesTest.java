package xyz.openledger.models.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.ProblemException;

/** The parts that published tokenizers of the served families have, over a vocabulary of a few. */
class TokenizerFamiliesTest {
  private static final int VOCABULARY = 8;

  private static final String LLAMA_2 =
      """
      "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"\u2581"},
        {"type":"Replace","pattern":{"String":" "},"content":"\u2581"}]},
      "pre_tokenizer":null,
      "post_processor":{"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
        "pair":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
          {"SpecialToken":{"id":"<s>","type_id":1}},{"Sequence":{"id":"B","type_id":1}}],
        "special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}},
      "decoder":{"type":"Sequence","decoders":[
        {"type":"Replace","pattern":{"String":"\u2581"},"content":" "},{"type":"ByteFallback"},
        {"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
      "model":{"type":"BPE","dropout":null,"unk_token":"<s>","continuing_subword_prefix":null,
        "end_of_word_suffix":null,"fuse_unk":true,"byte_fallback":true,"ignore_merges":false,
        "vocab":{"<s>":0,"\u2581":1,"a":2,"b":3,"ab":4,"\u2581ab":5},
        "merges":["a b","\u2581 ab"]}\
      """;
  private static final String LLAMA_3 =
      """
      "normalizer":null,
      "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"},
        "behavior":"Isolated","invert":false},
        {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]},
      "post_processor":{"type":"Sequence","processors":[
        {"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true},
        {"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
        "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
        "special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}}]},
      "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
      "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
        "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":true,
        "vocab":{"<s>":0,"\u0120":1,"a":2,"b":3,"ab":4,"\u0120ab":5},
        "merges":["a b","\u0120 ab"]}\
      """;
  private static final String QWEN =
      """
      "normalizer":{"type":"NFC"},
      "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"},
        "behavior":"Isolated","invert":false},
        {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}]},
      "post_processor":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,
        "use_regex":false},
      "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,
        "use_regex":false},
      "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":"",
        "end_of_word_suffix":"","fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
        "vocab":{"<s>":0,"\u0120":1,"a":2,"b":3,"ab":4,"\u0120ab":5},
        "merges":[["a","b"],["\u0120","ab"]]}\
      """;
  private static final String MISTRAL =
      """
      "normalizer":null,
      "pre_tokenizer":{"type":"Metaspace","replacement":"\u2581","prepend_scheme":"first",
        "split":false},
      "post_processor":{"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
        "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
        "special_tokens":{"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]}}},
      "decoder":{"type":"Sequence","decoders":[
        {"type":"Replace","pattern":{"String":"\u2581"},"content":" "},{"type":"ByteFallback"},
        {"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
      "model":{"type":"BPE","dropout":null,"unk_token":"<s>","continuing_subword_prefix":null,
        "end_of_word_suffix":null,"fuse_unk":true,"byte_fallback":true,"ignore_merges":false,
        "vocab":{"<s>":0,"\u2581":1,"a":2,"b":3,"ab":4,"\u2581ab":5},
        "merges":["a b","\u2581 ab"]}\
      """;

  private static String file(String family) {
    return """
    {"version":"1.0","truncation":null,"padding":null,
     "added_tokens":[{"id":0,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,
       "normalized":false,"special":true}],
    """
        + switch (family) {
          case "llama-2" -> LLAMA_2;
          case "llama-3" -> LLAMA_3;
          case "qwen" -> QWEN;
          default -> MISTRAL;
        }
        + "}";
  }

  @ParameterizedTest
  @CsvSource({
    "llama-2, 0 5 5",
    "llama-3, 0 4 5",
    "qwen, 4 5",
    "mistral, 0 5 5",
  })
  void aPublishedLayoutIsReadAndWritesWhatItRead(String family, String tokens, @TempDir Path folder)
      throws IOException {
    try (var tokenizer = ModelTokenizer.read(written(folder, file(family)), VOCABULARY)) {
      int[] read = tokenizer.encode("ab ab");

      assertThat(read)
          .containsExactly(Arrays.stream(tokens.split(" ")).mapToInt(Integer::parseInt).toArray());
      assertThat(tokenizer.decode(read)).isEqualTo("ab ab");
    }
  }

  @Test
  void chanceAndOtherKindsOfVocabulariesAreRefused(@TempDir Path folder) throws IOException {
    String file = file("qwen");

    assertRefused(folder, file.replace("\"dropout\":null", "\"dropout\":0.1"), "dropout");
    assertRefused(folder, file.replace("\"BPE\"", "\"Unigram\""), "model.type");
    assertRefused(folder, file.replace("\"NFC\"", "\"Precompiled\""), "Precompiled");
    assertRefused(folder, file.replace("\"type\":\"NFC\"", "\"form\":\"NFC\""), "normalizer");
    assertRefused(
        folder, file("llama-2").replace("\"stop\":0", "\"stop\":1"), "Strip.stop is not served");
    assertRefused(
        folder, file("llama-2").replace("\"ids\":[0]", "\"ids\":[8]"), "names the token 8");
  }

  @Test
  void stepsThatTogetherWouldMakeALetterAsLongAsAnyMemoryAreRefused(@TempDir Path folder)
      throws IOException {
    String file = file("llama-2");
    String blank = "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}";
    String prepend = "{\"type\":\"Prepend\",\"prepend\":\"\u2581\"}";

    assertRefused(
        folder,
        file.replace(blank, blank.replace("\"\u2581\"", "\"\u2581\u2581\"")),
        "Replace.content is longer than its pattern");
    assertRefused(
        folder,
        file.replace(prepend, prepend + "," + prepend),
        "normalizer has Prepend more than once");
    assertRefused(
        folder,
        file.replace(blank, String.join(",", Collections.nCopies(9, blank))),
        "normalizer has more than 8 steps");
    assertRefused(
        folder,
        file("qwen")
            .replace("{\"type\":\"NFC\"}", "{\"type\":\"Sequence\",\"normalizers\":[%s,%s]}")
            .formatted("{\"type\":\"NFC\"}", "{\"type\":\"NFC\"}"),
        "normalizer has NFC more than once");
    // Makes eighteen letters of one.
    assertRefused(folder, file("qwen").replace("\"NFC\"", "\"NFKC\""), "NFKC");
    assertRefused(
        folder,
        file.replace("\"\u2581ab\":5", "\"%s\":5".formatted("a".repeat(1_025))),
        "more than 1024 characters");
  }

  @Test
  void marksThatANormalizerWouldMakeOfWhatAUserWritesAreRefused(@TempDir Path folder)
      throws IOException {
    String early = "\"normalized\":false";
    String late = "\"normalized\":true";
    String why = "added_tokens must not be normalized";
    // As Llama 2 was published: its blanks are in no mark.
    ModelTokenizer.read(written(folder, file("llama-2").replace(early, late)), VOCABULARY).close();

    assertRefused(folder, file("qwen").replace(early, late), why);
    assertRefused(
        folder,
        file("llama-2").replace("\"content\":\"\u2581\"", "\"content\":\"s\"").replace(early, late),
        why);
    assertRefused(
        folder,
        file("llama-2").replace("\"content\":\"\u2581\"", "\"content\":\"\"").replace(early, late),
        why);
  }

  private static void assertRefused(Path folder, String file, String why) {
    assertThatThrownBy(() -> ModelTokenizer.read(written(folder, file), VOCABULARY).close())
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(why);
  }

  private static Path written(Path folder, String file) throws IOException {
    return Files.writeString(folder.resolve("tokenizer.json"), file);
  }
}
