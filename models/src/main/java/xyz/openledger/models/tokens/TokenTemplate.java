package xyz.openledger.models.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/** What is put around a text's tokens, such as the token that begins every text. */
final class TokenTemplate {
  private static final String SECTION = "post_processor";

  private TokenTemplate() {}

  static void requireServed(JsonNode part, int vocabularySize) {
    JsonNode tokens = part.path("special_tokens");
    require(tokens.isObject() && part.size() == 4, "has a template without its tokens");
    Set<String> known = new HashSet<>();
    tokens.fieldNames().forEachRemaining(known::add);
    for (JsonNode token : tokens) {
      require(token.path("id").isTextual(), "has a token without a name");
      require(
          !token.path("ids").isEmpty() && token.path("ids").size() == token.path("tokens").size(),
          "has a token without its numbers and texts");
      token
          .path("ids")
          .forEach(
              id ->
                  require(
                      id.isIntegralNumber()
                          && id.canConvertToInt()
                          && id.intValue() >= 0
                          && id.intValue() < vocabularySize,
                      "names the token %s, and the model knows %d tokens"
                          .formatted(TokenizerFile.brief(id.toString()), vocabularySize)));
      token.path("tokens").forEach(text -> require(text.isTextual(), "has a token without a text"));
    }
    requirePieces(part.path("single"), known, Set.of("A"));
    requirePieces(part.path("pair"), known, Set.of("A", "B"));
  }

  private static void requirePieces(JsonNode pieces, Set<String> known, Set<String> sequences) {
    require(pieces.isArray(), "has a template that is no list");
    var texts = new HashSet<String>();
    int said = 0;
    for (JsonNode piece : pieces) {
      boolean special = piece.has("SpecialToken");
      JsonNode stands = special ? piece.path("SpecialToken") : piece.path("Sequence");
      String name = stands.path("id").asText("");
      require(
          piece.size() == 1 && (special ? known : sequences).contains(name),
          "has a template with '%s', which is not there".formatted(TokenizerFile.brief(name)));
      JsonNode kind = stands.path("type_id");
      require(
          kind.isIntegralNumber() && kind.longValue() >> 1 == 0,
          "has a template without a type_id");
      texts.add(special ? "" : name);
      said += special ? 0 : 1;
    }
    require(texts.containsAll(sequences), "has a template without the text");
    require(said == sequences.size(), "has a template with a text twice");
  }

  private static void require(boolean holds, String why) {
    TokenizerParts.require(SECTION, holds, why);
  }
}
