package xyz.openledger.models.tokens;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import xyz.openledger.models.files.Refused;
import xyz.openledger.protocol.ProblemException;

/**
 * The steps of a tokenizer before and behind its vocabulary, as far as models of the served
 * families have them: each type with all its fields, and what these may hold.
 */
final class TokenizerParts {
  private static final Predicate<JsonNode> FLAG = JsonNode::isBoolean;
  private static final Predicate<JsonNode> TEXT = TokenizerParts::isText;
  private static final Predicate<JsonNode> CHARACTER = TokenizerParts::isCharacter;

  /** The field with the steps of a sequence, by the section. */
  private static final Map<String, String> LISTS =
      Map.of(
          "normalizer", "normalizers",
          "pre_tokenizer", "pretokenizers",
          "post_processor", "processors",
          "decoder", "decoders");

  private static final Map<String, Predicate<JsonNode>> BYTE_LEVEL =
      Map.of("add_prefix_space", FLAG, "trim_offsets", FLAG, "use_regex", FLAG);
  private static final Map<String, Predicate<JsonNode>> METASPACE =
      Map.of(
          "replacement", CHARACTER,
          "add_prefix_space", FLAG,
          "prepend_scheme", oneOf("first", "never", "always"),
          "split", FLAG);
  private static final Map<String, Predicate<JsonNode>> REPLACE =
      Map.of("pattern", TokenizerParts::isPattern, "content", TEXT);

  private static final Map<String, Map<String, Map<String, Predicate<JsonNode>>>> SERVED =
      Map.of(
          "normalizer",
          Map.of(
              "NFC", Map.of(),
              // With nothing to prepend the library ends the process, too.
              "Prepend", Map.of("prepend", value -> TEXT.test(value) && !value.asText().isEmpty()),
              "Replace", REPLACE),
          "pre_tokenizer",
          Map.of(
              "ByteLevel",
              BYTE_LEVEL,
              "Digits",
              Map.of("individual_digits", FLAG),
              "Metaspace",
              METASPACE,
              "Split",
              Map.of(
                  "pattern",
                  TokenizerParts::isPattern,
                  "behavior",
                  oneOf(
                      "Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"),
                  "invert",
                  FLAG)),
          "post_processor",
          Map.of("ByteLevel", BYTE_LEVEL),
          "decoder",
          Map.ofEntries(
              entry("ByteLevel", BYTE_LEVEL),
              entry("Metaspace", METASPACE),
              entry("Replace", REPLACE),
              entry("ByteFallback", Map.of()),
              entry("Fuse", Map.of()),
              // At the begin alone: the library ends the process where a token is shorter.
              entry(
                  "Strip",
                  Map.of(
                      "content", CHARACTER,
                      "start", value -> value.isIntegralNumber() && value.longValue() >> 1 == 0,
                      "stop", value -> value.isIntegralNumber() && value.longValue() == 0))));

  private TokenizerParts() {}

  /**
   * Checks a part.
   *
   * @param section where it stands, such as {@code decoder}
   * @throws xyz.openledger.protocol.ProblemException with what is not served
   */
  static void requireServed(String section, JsonNode part, int vocabularySize) {
    if (part.isNull()) {
      return;
    }
    String type = part.path("type").asText("");
    if (type.equals("Sequence")) {
      JsonNode list = part.path(list(section));
      require(section, list.isArray() && part.size() == 2, "has a sequence that is none");
      list.forEach(one -> requireInSequence(section, one, vocabularySize));
    } else if (section.equals("post_processor") && type.equals("TemplateProcessing")) {
      TokenTemplate.requireServed(part, vocabularySize);
    } else {
      requireFields(section, type, part);
    }
  }

  /** The field with the steps of a sequence. */
  static String list(String section) {
    return LISTS.getOrDefault(section, "");
  }

  private static void requireInSequence(String section, JsonNode part, int vocabularySize) {
    require(section, part.isObject(), "has a sequence of what is no part");
    requireServed(section, part, vocabularySize);
  }

  private static void requireFields(String section, String type, JsonNode part) {
    Map<String, Predicate<JsonNode>> fields = SERVED.getOrDefault(section, Map.of()).get(type);
    if (fields == null) {
      throw refused(section, "is of the type '%s', which is not served".formatted(brief(type)));
    }
    for (String name : (Iterable<String>) part::fieldNames) {
      require(
          section,
          name.equals("type") || fields.containsKey(name),
          "%s holds '%s', which is not known".formatted(type, brief(name)));
    }
    fields.forEach(
        (name, holds) ->
            require(
                section,
                !part.has(name) || holds.test(part.path(name)),
                "%s.%s is not served: %s"
                    .formatted(type, name, brief(part.path(name).toString()))));
    require(
        section,
        !type.equals("Replace") || replacesShortly(part),
        "Replace.content is longer than its pattern");
  }

  private static boolean isText(JsonNode value) {
    return value.isTextual() && value.asText().length() <= 64;
  }

  private static boolean isCharacter(JsonNode value) {
    return value.isTextual() && value.asText().codePoints().count() == 1;
  }

  private static boolean isPattern(JsonNode pattern) {
    return pattern.size() == 1
        && ((TEXT.test(pattern.path("String")) && !pattern.path("String").asText().isEmpty())
            || KnownRegexes.has(pattern.path("Regex").asText("")));
  }

  /** A character for each at the most, or what stands there again and again would grow. */
  private static boolean replacesShortly(JsonNode part) {
    return points(part.path("content").asText(""))
        <= Math.max(1, points(part.path("pattern").path("String").asText("")));
  }

  private static int points(String text) {
    return text.codePointCount(0, text.length());
  }

  private static Predicate<JsonNode> oneOf(String... texts) {
    Set<String> known = Set.of(texts);
    return value -> value.isTextual() && known.contains(value.asText());
  }

  static void require(String section, boolean holds, String why) {
    if (!holds) {
      throw refused(section, why);
    }
  }

  private static ProblemException refused(String section, String why) {
    return Refused.because(TokenizerFile.NAME, section + " " + why);
  }

  private static String brief(String text) {
    return TokenizerFile.brief(text);
  }
}
