package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Page;
import xyz.openledger.protocol.api.ProblemDetail;
import xyz.openledger.protocol.json.Json;

/** Reads what a member answers. */
final class Answers {
  private static final int EXCERPT_CHARACTERS = 120;

  private Answers() {}

  static <T> T read(byte[] json, Class<T> type) {
    try {
      return Json.read(json, type);
    } catch (ProblemException refused) {
      throw malformed(type, refused);
    }
  }

  static <T> Page<T> page(byte[] json, Class<T> type) {
    try {
      JsonNode tree = Json.tree(json);
      List<T> items = new ArrayList<>();
      for (JsonNode item : tree.path("items")) {
        items.add(Json.read(item, type));
      }
      return new Page<>(items, tree.path("cursor").asText(""));
    } catch (ProblemException refused) {
      throw malformed(type, refused);
    }
  }

  /** The problem in the body of a refusal; one that quotes the body if it is not one of ours. */
  static ProblemDetail problem(int status, byte[] body) {
    try {
      return Json.read(body, ProblemDetail.class);
    } catch (ProblemException foreign) {
      String text = new String(body, StandardCharsets.UTF_8).strip();
      String excerpt = text.substring(0, Math.min(EXCERPT_CHARACTERS, text.length()));
      return new ProblemDetail(
          "about:blank",
          "HTTP status " + status,
          status,
          "HTTP status " + status + " without a problem document: " + printable(excerpt),
          null,
          null,
          null);
    }
  }

  private static String printable(String text) {
    return text.isEmpty() ? "the body is empty" : text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static MalformedAnswer malformed(Class<?> type, ProblemException refused) {
    String field = refused.field().isEmpty() ? "" : " in " + refused.field();
    return new MalformedAnswer(
        "the answer is no %s%s: %s".formatted(type.getSimpleName(), field, refused.detail()),
        refused);
  }
}
