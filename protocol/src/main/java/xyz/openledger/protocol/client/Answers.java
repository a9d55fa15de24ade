package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Page;
import xyz.openledger.protocol.api.ProblemDetail;
import xyz.openledger.protocol.json.Json;

/** Reads what a member answers, and makes sure that nothing is absent that must be there. */
final class Answers {
  private static final int EXCERPT_CHARACTERS = 120;

  private Answers() {}

  static <T> T read(byte[] json, Class<T> type) {
    try {
      return complete(Json.read(json, type), type.getSimpleName());
    } catch (ProblemException refused) {
      throw malformed(type, refused);
    }
  }

  static <T> Page<T> page(byte[] json, Class<T> type) {
    try {
      JsonNode tree = Json.tree(json);
      List<T> items = new ArrayList<>();
      for (JsonNode item : tree.path("items")) {
        items.add(complete(Json.read(item, type), type.getSimpleName()));
      }
      return new Page<>(items, tree.path("cursor").asText(""));
    } catch (ProblemException refused) {
      throw malformed(type, refused);
    }
  }

  /** The problem in the body of a refusal; one that quotes the body if it is not one of ours. */
  static ProblemDetail problem(int status, byte[] body) {
    try {
      return complete(Json.read(body, ProblemDetail.class), "problem");
    } catch (ProblemException | MalformedAnswer foreign) {
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

  /** Answers {@code value} if no component is null that is not declared to be. */
  private static <T> T complete(T value, String path) {
    if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        complete(component, part(component, value), path + "." + component.getName());
      }
    }
    return value;
  }

  private static void complete(RecordComponent component, @Nullable Object part, String path) {
    switch (part) {
      case null -> {
        if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          throw new MalformedAnswer("the answer lacks " + path, null);
        }
      }
      case Collection<?> parts -> parts.forEach(each -> complete(each, path + "[]"));
      default -> complete(part, path);
    }
  }

  private static @Nullable Object part(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("the records of the interface are public", impossible);
    }
  }
}
