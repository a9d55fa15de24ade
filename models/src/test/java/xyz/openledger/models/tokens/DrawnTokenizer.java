package xyz.openledger.models.tokens;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Tokenizers of all the parts that are served, and of some that are not. */
final class DrawnTokenizer {
  private static final String ADDED =
      """
      {"id":4,"content":"<e>","single_word":false,"lstrip":true,"rstrip":false,"normalized":true,\
      "special":true}\
      """;
  private static final String BYTES =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true}";
  private static final String BLANKS =
      """
      {"type":"Metaspace","replacement":"_","add_prefix_space":true,"prepend_scheme":"first",\
      "split":true}\
      """;

  private static final List<String> NORMALIZERS =
      List.of(
          "null",
          "{\"type\":\"NFC\"}",
          """
          {"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"_"},{"type":"Replace",\
          "pattern":{"String":" "},"content":"_"}]}\
          """,
          "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}");
  private static final List<String> SPLITS =
      List.of(
          "null",
          BYTES,
          BLANKS,
          "{\"type\":\"Digits\",\"individual_digits\":true}",
          """
          {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\\\s+"},\
          "behavior":"Removed","invert":false},{"type":"Digits","individual_digits":false}]}\
          """,
          """
          {"type":"Split","pattern":{"String":"a"},"behavior":"MergedWithNext","invert":true}\
          """,
          "{\"type\":\"UnicodeScripts\"}");
  private static final List<String> ENDS =
      List.of(
          "null",
          BYTES,
          """
          {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<e>","type_id":0}},\
          {"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},\
          {"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"<e>":{"id":"<e>","ids":[4],\
          "tokens":["<e>"]}}}\
          """,
          "{\"type\":\"BertProcessing\",\"sep\":[\"<e>\",4],\"cls\":[\"a\",0]}");
  private static final List<String> DECODERS =
      List.of(
          "null",
          BYTES,
          BLANKS,
          """
          {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"_"},"content":" "},\
          {"type":"ByteFallback"},{"type":"Fuse"},\
          {"type":"Strip","content":" ","start":1,"stop":0}]}\
          """,
          "{\"type\":\"Strip\",\"content\":\"a\",\"start\":3,\"stop\":2}");
  private static final List<String> MODELS =
      List.of(
          """
          {"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,\
          "end_of_word_suffix":"","fuse_unk":false,"byte_fallback":true,"ignore_merges":true,\
          "vocab":{"a":0,"b":1,"c":2,"ab":3,"<e>":4,"abc":5,"<0x41>":6},"merges":["a b","ab c"]}\
          """,
          """
          {"type":"BPE","dropout":null,"unk_token":"c","fuse_unk":true,\
          "vocab":{"a":0,"b":1,"c":2,"_":7,"aa":3,"aaaa":4},"merges":[["a","a"],["aa","aa"]]}\
          """,
          "{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"a\"}");
  private static final List<String> CUTS =
      List.of(
          "null",
          "{\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\",\"stride\":3}");
  private static final List<String> FILLS =
      List.of(
          "null",
          """
          {"strategy":{"Fixed":12},"direction":"Right","pad_to_multiple_of":8,"pad_id":0,\
          "pad_type_id":0,"pad_token":"a"}\
          """);

  private static final String REPEATED_A =
      "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"%s\"}";

  /** Of which each makes a text longer where another one stood before it. */
  private static final List<String> STEPS_BEFORE =
      List.of(
          "{\"type\":\"NFC\"}",
          "{\"type\":\"Prepend\",\"prepend\":\"_\"}",
          REPEATED_A.formatted("a"),
          REPEATED_A.formatted("\ufdfa"),
          REPEATED_A.formatted("aa"));

  private static final List<String> STEPS_BEHIND =
      List.of(
          BYTES,
          "{\"type\":\"Fuse\"}",
          "{\"type\":\"ByteFallback\"}",
          REPEATED_A.formatted("b"),
          REPEATED_A.formatted("a".repeat(64)));

  private DrawnTokenizer() {}

  /** Now and then many steps, one behind another. */
  private static String steps(
      SplittableRandom random, String list, List<String> one, List<String> steps) {
    if (random.nextInt(4) > 0) {
      return one(random, one);
    }
    String drawn =
        random
            .ints(1 + random.nextInt(random.nextBoolean() ? 4 : 24), 0, steps.size())
            .mapToObj(steps::get)
            .collect(Collectors.joining(","));
    return "{\"type\":\"Sequence\",\"%s\":[%s]}".formatted(list, drawn);
  }

  static String draw(SplittableRandom random) {
    return """
    {"version":"1.0","truncation":%s,"padding":%s,"added_tokens":[%s],"normalizer":%s,\
    "pre_tokenizer":%s,"post_processor":%s,"decoder":%s,"model":%s}\
    """
        .formatted(
            one(random, CUTS),
            one(random, FILLS),
            random.nextBoolean() ? "" : ADDED,
            steps(random, "normalizers", NORMALIZERS, STEPS_BEFORE),
            steps(random, "pretokenizers", SPLITS, List.of(BYTES, BLANKS)),
            one(random, ENDS),
            steps(random, "decoders", DECODERS, STEPS_BEHIND),
            one(random, MODELS));
  }

  /** The last, which is not served, only now and then. */
  private static String one(SplittableRandom random, List<String> parts) {
    boolean all = parts.size() < 3 || random.nextInt(20) == 0;
    return parts.get(random.nextInt(all ? parts.size() : parts.size() - 1));
  }
}
