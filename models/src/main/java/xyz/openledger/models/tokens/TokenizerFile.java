package xyz.openledger.models.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.models.files.Refused;

/**
 * Looks a {@code tokenizer.json} over before the library sees it, keeping nothing. The library
 * takes much that no model of the served families has, and ends the whole process at some of it: so
 * only what those have is let through, and every number that names a token must be in the
 * vocabulary. The file of a stranger is read by every node that serves it.
 */
final class TokenizerFile {
  static final String NAME = "tokenizer.json";

  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(40).build())
          .build();

  /** Values in one part that is not a vocabulary. */
  private static final int VALUES_MAX = 4_096;

  private static final int ADDED_MAX = 100_000;

  /** The longest token; an answer of many such is held in memory. */
  private static final int TOKEN_LENGTH_MAX = 1_024;

  private static final Set<String> FLAGS =
      Set.of("single_word", "lstrip", "rstrip", "normalized", "special");

  private final JsonParser json;
  private final int vocabularySize;
  private final Set<String> normalizedMarks = new HashSet<>();
  private List<JsonNode> normalizer = List.of();
  private int values;

  private TokenizerFile(JsonParser json, int vocabularySize) {
    this.json = json;
    this.vocabularySize = vocabularySize;
  }

  /**
   * Checks a file.
   *
   * @param vocabularySize how many tokens the model knows
   * @throws xyz.openledger.protocol.ProblemException with the part that is not served
   */
  static void requireServed(JsonParser json, int vocabularySize) throws IOException {
    try {
      new TokenizerFile(json, vocabularySize).requireServed();
    } catch (JsonProcessingException malformed) {
      throw Refused.because(NAME, "is no JSON: " + malformed.getOriginalMessage());
    }
  }

  private void requireServed() throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "is no object");
    var sections = new HashSet<String>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      require(sections.add(name), "has '%s' twice".formatted(brief(name)));
      switch (name) {
        case "version" -> require(value.isScalarValue(), "version is no text");
        // What is asked for at reading goes before these.
        case "truncation", "padding" -> tree();
        case "added_tokens" -> addedTokens(value);
        case "normalizer", "pre_tokenizer", "post_processor", "decoder" -> steps(name, tree());
        case "model" -> model(value);
        default -> throw refused("holds '%s', which is not known".formatted(brief(name)));
      }
    }
    require(json.currentToken() == JsonToken.END_OBJECT, "does not end");
    require(json.nextToken() == null, "goes on behind its end");
    require(sections.contains("model"), "has no model");
    TokenizerSteps.requireNoMarkMade(normalizer, normalizedMarks);
  }

  private void steps(String section, JsonNode part) {
    TokenizerParts.requireServed(section, part, vocabularySize);
    List<JsonNode> steps = TokenizerSteps.of(section, part);
    TokenizerSteps.requireBounded(section, steps);
    if (section.equals("normalizer")) {
      normalizer = steps;
    }
  }

  private void addedTokens(JsonToken list) throws IOException {
    require(list == JsonToken.START_ARRAY, "added_tokens is no list");
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(++count <= ADDED_MAX, "has more than " + ADDED_MAX + " added_tokens");
      values = 0;
      JsonNode token = tree();
      require(token.isObject() && token.path("content").isTextual(), "added_tokens: no content");
      String content = token.path("content").asText();
      requireToken(content, token.path("id"));
      for (String flag : FLAGS) {
        require(token.path(flag).isBoolean(), "added_tokens: %s is no flag".formatted(flag));
      }
      require(token.size() == FLAGS.size() + 2, "added_tokens: more fields than are known");
      if (token.path("normalized").booleanValue() && SpecialMarks.isMark(content)) {
        normalizedMarks.add(content);
      }
    }
  }

  private void model(JsonToken begin) throws IOException {
    require(begin == JsonToken.START_OBJECT, "model is no object");
    boolean pairs = false;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "type" -> {
          pairs = "BPE".equals(json.getText());
          require(pairs, "model.type is not BPE, the one that is served");
        }
        // Chance would have every machine read another text.
        case "dropout" -> require(value == JsonToken.VALUE_NULL, "model.dropout is not served");
        case "continuing_subword_prefix", "end_of_word_suffix" ->
            require(
                value == JsonToken.VALUE_NULL
                    || (value == JsonToken.VALUE_STRING && json.getText().isEmpty()),
                name + " is not served");
        case "unk_token" ->
            require(
                value == JsonToken.VALUE_NULL || value == JsonToken.VALUE_STRING,
                "model.unk_token is no text");
        case "fuse_unk", "byte_fallback", "ignore_merges" ->
            require(value.isBoolean(), "model.%s is no flag".formatted(name));
        case "vocab" -> vocabulary(value);
        case "merges" -> merges(value);
        default -> throw refused("model holds '%s', which is not known".formatted(brief(name)));
      }
    }
    require(pairs, "model.type is missing");
  }

  private void vocabulary(JsonToken begin) throws IOException {
    require(begin == JsonToken.START_OBJECT, "model.vocab is no object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String token = whole(json.currentName());
      require(json.nextToken() == JsonToken.VALUE_NUMBER_INT, "model.vocab holds no numbers");
      requireToken(token, JsonNodeFactory.instance.numberNode(number()));
    }
  }

  private void merges(JsonToken begin) throws IOException {
    require(begin == JsonToken.START_ARRAY, "model.merges is no list");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.START_ARRAY) {
        require(json.nextToken() == JsonToken.VALUE_STRING, "model.merges holds no pairs");
        whole(json.getText());
        require(json.nextToken() == JsonToken.VALUE_STRING, "model.merges holds no pairs");
        whole(json.getText());
        require(json.nextToken() == JsonToken.END_ARRAY, "model.merges holds no pairs");
      } else {
        require(json.currentToken() == JsonToken.VALUE_STRING, "model.merges holds no texts");
        whole(json.getText());
      }
    }
  }

  private long number() throws IOException {
    // A number of 40 digits is in no vocabulary.
    return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : json.getLongValue();
  }

  private void requireToken(String token, JsonNode number) {
    require(
        token.length() <= TOKEN_LENGTH_MAX,
        "has a token with more than %d characters".formatted(TOKEN_LENGTH_MAX));
    require(
        number.canConvertToLong()
            && number.isIntegralNumber()
            && number.longValue() >= 0
            && number.longValue() < vocabularySize,
        "gives '%s' the number %s, and the model knows %d tokens"
            .formatted(brief(token), brief(number.asText()), vocabularySize));
  }

  /** The value here, if it is not too large. */
  private JsonNode tree() throws IOException {
    require(++values <= VALUES_MAX, "has a part with more than " + VALUES_MAX + " values");
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (json.currentToken()) {
      case START_OBJECT -> {
        ObjectNode object = nodes.objectNode();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = whole(json.currentName());
          json.nextToken();
          object.set(name, tree());
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode list = nodes.arrayNode();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(tree());
        }
        yield list;
      }
      case VALUE_STRING -> nodes.textNode(whole(json.getText()));
      case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(json.getBooleanValue());
      case VALUE_NUMBER_INT -> nodes.numberNode(number());
      case VALUE_NULL -> nodes.nullNode();
      default -> throw refused("holds a value that no part has");
    };
  }

  /** Half a character is no text: the library ends the process where it meets one. */
  private String whole(String text) {
    boolean halved =
        text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE);
    require(!halved, "holds a text with half a character");
    return text;
  }

  private void require(boolean holds, String why) {
    if (!holds) {
      throw refused(why);
    }
  }

  private RuntimeException refused(String why) {
    return Refused.at(NAME, json.currentLocation().getByteOffset(), why);
  }

  static String brief(String text) {
    return text.substring(0, Math.min(text.length(), 40));
  }
}
