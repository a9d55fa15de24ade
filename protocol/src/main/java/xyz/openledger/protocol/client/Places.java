package xyz.openledger.protocol.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import xyz.openledger.protocol.ProblemException;

/**
 * Where the fields of a file stand, so that a refusal that names a field points at it too. A field
 * that is not in the file, such as one that is missing, has no place.
 */
final class Places {
  private Places() {}

  /**
   * What {@code reading} gives; if it refuses a field, with its line and column.
   *
   * @param name whether it is YAML, see {@link PolicyFile#isYaml}
   * @param prefix where in the file what is read stands: {@code policy.} or nothing
   */
  static <T> T named(String name, byte[] file, String prefix, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ProblemException refusal) {
      String text = new String(file, StandardCharsets.UTF_8);
      String place = place(name, text, prefix + refusal.field()).orElse("");
      if (place.isEmpty() || refusal.detail().contains("at line ")) {
        throw refusal;
      }
      throw new ProblemException(refusal.problem(), refusal.field(), refusal.detail() + place);
    }
  }

  private static Optional<String> place(String name, String text, String path) {
    try {
      return PolicyFile.isYaml(name) ? YamlText.place(text, path) : inJson(text, path);
    } catch (IOException | ProblemException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> inJson(String text, String path) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        boolean named = token == JsonToken.FIELD_NAME;
        boolean element = parser.getParsingContext().inArray() && !token.isStructEnd();
        if ((named || element) && path(parser.getParsingContext()).equals(path)) {
          var at = parser.currentTokenLocation();
          return Optional.of(words(at.getLineNr(), at.getColumnNr()));
        }
      }
    }
    return Optional.empty();
  }

  private static String path(JsonStreamContext context) {
    JsonStreamContext parent = context.getParent();
    String outer = parent == null ? "" : path(parent);
    if (context.inArray()) {
      return outer + "[" + Math.max(0, context.getCurrentIndex()) + "]";
    }
    String name = context.getCurrentName();
    return name == null ? outer : outer.isEmpty() ? name : outer + "." + name;
  }

  /** {@code , at line 3, column 5}, both from 1. */
  static String words(int line, int column) {
    return ", at line %d, column %d".formatted(line, column);
  }
}
